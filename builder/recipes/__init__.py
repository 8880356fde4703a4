"""How networks learn from datasets: RECIPES, what they propose for a network and a dataset, and their choices.

Keras is loaded only by the functions that train: `compile` and what it calls.
"""

from .autoencoders import AUTOENCODER, DENOISING, VARIATIONAL
from .options import LOSSES, METRICS, OPTIMIZERS, option
from .proposals import last_activation, propose, propose_for, propose_reconstruction
from .record import Option, Proposal, Recipe
from .sequence_to_sequence import RECIPE as SEQUENCE_TO_SEQUENCE
from .sequence_to_sequence import one_step_late
from .supervised import RECIPE as SUPERVISED
from .supervised import compile, targets

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (SUPERVISED, AUTOENCODER, DENOISING, VARIATIONAL, SEQUENCE_TO_SEQUENCE)}

__all__ = [
    "LOSSES",
    "METRICS",
    "OPTIMIZERS",
    "RECIPES",
    "Option",
    "Proposal",
    "Recipe",
    "compile",
    "last_activation",
    "one_step_late",
    "option",
    "propose",
    "propose_for",
    "propose_reconstruction",
    "targets",
]
