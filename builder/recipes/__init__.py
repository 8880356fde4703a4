"""How networks learn from datasets: RECIPES, what they propose for a network and a dataset, and their choices.

Keras is loaded only by the functions that train: `compile` and what it calls.
"""

from .autoencoders import AUTOENCODER, DENOISING, VARIATIONAL
from .options import LOSSES, METRICS, OPTIMIZERS, option
from .proposals import Learned, check_metrics, fitting_metrics, last_activation, propose, propose_for, propose_reconstruction
from .record import Option, Proposal, Recipe
from .sequence_to_sequence import RECIPE as SEQUENCE_TO_SEQUENCE
from .sequence_to_sequence import one_step_late
from .supervised import RECIPE as SUPERVISED
from .supervised import compile, targets

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (SUPERVISED, AUTOENCODER, DENOISING, VARIATIONAL, SEQUENCE_TO_SEQUENCE)}


def trained_to_give(recipe: str) -> str:
    """The training target of a recipe, by its name: the dataset's "target", the network's own "input"; "" where there is no such recipe."""
    return RECIPES[recipe].target if recipe in RECIPES else ""


def rates_classes(recipe: str, dataset: Learned) -> bool:
    """Whether a run is a classifier: what it learns to give is the target, and that is a class."""
    return trained_to_give(recipe) == "target" and dataset.task == "classification"


__all__ = [
    "LOSSES",
    "METRICS",
    "OPTIMIZERS",
    "RECIPES",
    "Option",
    "Proposal",
    "Recipe",
    "check_metrics",
    "compile",
    "fitting_metrics",
    "last_activation",
    "one_step_late",
    "option",
    "propose",
    "propose_for",
    "propose_reconstruction",
    "rates_classes",
    "targets",
    "trained_to_give",
]
