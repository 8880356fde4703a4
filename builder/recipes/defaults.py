"""Proposed hyperparameters: what a run of a network on a dataset trains with unless a person chooses otherwise."""

from builder import zoo
from builder.datasets import Dataset
from builder.network.records import Network
from builder.runs.record import Settings


def proposed(dataset: Dataset, network: Network) -> Settings:
    """The default settings of a run: the dataset's epochs, learning rate and batch size, or a zoo network's own where it has some."""
    own = zoo.entry_of(network.name)
    return Settings(
        dataset=dataset.name,
        recipe=network.recipe,
        epochs=(own and own.epochs) or dataset.epochs,
        learning_rate=(own and own.learning_rate) or dataset.learning_rate,
        batch_size=dataset.batch_size,
    )
