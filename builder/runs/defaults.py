"""Proposed hyperparameters: what a run of a network on a dataset trains with unless a person chooses otherwise."""

from builder import zoo
from builder.datasets import Dataset
from builder.network.records import Network
from builder.recipes.options import OPTIMIZERS, option

from .record import Settings

ADAM = "adam"  # the optimizer that the datasets' and the zoo's learning rates were found with


def proposed(dataset: Dataset, network: Network, optimizer: str = ADAM) -> Settings:
    """The default settings of a run: the dataset's epochs, learning rate and batch size, or a zoo network's own where it has some.

    Another optimizer than Adam brings Keras's own learning rate for it.
    """
    own = zoo.entry_of(network.name)
    rate = None if optimizer == ADAM else option(OPTIMIZERS, optimizer, "The optimizer").rate
    return Settings(
        dataset=dataset.name,
        recipe=network.recipe,
        optimizer=optimizer,
        epochs=(own and own.epochs) or dataset.epochs,
        learning_rate=rate or (own and own.learning_rate) or dataset.learning_rate,
        batch_size=dataset.batch_size,
    )
