"""Recipes: how networks learn from datasets, what is proposed for a network and a dataset, and the options of training.

`MODULES` hold the recipes; a new one stands in one of them, or in a file of its own that is named here. Keras is loaded only by the
functions that train: `compile` and what it calls.
"""

from . import autoencoders, sequence_to_sequence, supervised
from .compiling import adapts, call_of_loss, call_of_metric, call_of_optimizer, compile
from .corruption import Seeded, Stateless
from .options import LOSSES, METRICS, OPTIMIZERS, option
from .proposals import check_metrics, fitting_metrics, last_activation, propose, propose_for
from .record import NETWORK, Corruption, Draw, Learned, Option, Proposal, Recipe, Written
from .sequence_to_sequence import one_step_late
from .supervised import targets
from .training_options import TRAINING_OPTIONS, TrainingOption

MODULES = (supervised, autoencoders, sequence_to_sequence)
RECIPES: dict[str, Recipe] = {recipe.name: recipe for module in MODULES for recipe in module.RECIPES}


def trained_to_give(recipe: str) -> str:
    """The training target of a recipe, by its name: the dataset's "target", the network's own "input"; "" where there is no such recipe."""
    return RECIPES[recipe].learns if recipe in RECIPES else ""


def rates_classes(recipe: str, dataset: Learned) -> bool:
    """Whether a run is a classifier: what it learns to give is the target, and that is a class."""
    return trained_to_give(recipe) == "target" and dataset.task == "classification"


__all__ = [
    "LOSSES",
    "METRICS",
    "NETWORK",
    "OPTIMIZERS",
    "RECIPES",
    "TRAINING_OPTIONS",
    "Corruption",
    "Draw",
    "Learned",
    "Option",
    "Proposal",
    "Recipe",
    "Seeded",
    "Stateless",
    "TrainingOption",
    "Written",
    "adapts",
    "call_of_loss",
    "call_of_metric",
    "call_of_optimizer",
    "check_metrics",
    "compile",
    "fitting_metrics",
    "last_activation",
    "one_step_late",
    "option",
    "propose",
    "propose_for",
    "rates_classes",
    "targets",
    "trained_to_give",
]
