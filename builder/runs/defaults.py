"""Proposed hyperparameters: what a run of a network on a dataset trains with unless a person chooses otherwise."""

from collections.abc import Mapping
from typing import Any

from builder import zoo
from builder.datasets import DATASETS, Dataset, record
from builder.errors import BuilderError, Missing
from builder.network.records import Network
from builder.recipes.options import OPTIMIZERS, option

from .record import Settings

FIRST = "digits28"
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


def chosen(training: Mapping[str, Any], network: Network) -> Settings:
    """What the next run of a network trains with: a person's own choices (`training` of a project) over what is proposed for dataset and network."""
    kept = {key: value for key, value in training.items() if key in Settings.names()}
    if training.get("recipe_of") != network.name:
        kept.pop("recipe", None)  # it was chosen for another network
    dataset = known(str(kept.get("dataset") or "")) or record(suggested(network.name))  # none is chosen, or its table was deleted
    base = proposed(dataset, network)
    try:
        base = proposed(dataset, network, kept.get("optimizer") or base.optimizer)
        return Settings(**{**base.model_dump(), **kept, "dataset": dataset.name})
    except (BuilderError, ValueError):  # choices from another version
        return base


def suggested(network: str) -> str:
    """The dataset that a network of this name was made for, or the digits."""
    entry = zoo.entry_of(network)
    for name, dataset in DATASETS.items():
        if entry and dataset.network == entry.name and not dataset.download:
            return name
    return FIRST


def known(name: str) -> Dataset | None:
    """The dataset of this name; None for a table that was deleted since."""
    try:
        return record(name)
    except Missing:
        return None
