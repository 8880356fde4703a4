"""Parameters that several layers have, as plain constants, and short ways to write the others."""

from typing import Any

from .activations import ACTIVATIONS
from .param import REQUIRED, Param

WIDEST = 1_000_000
SEED_LIMIT = 2**31 - 1
SPACE = ("height", "width")


def integer(name: str, help: str, **fields: Any) -> Param:
    """A whole number, 1 or more unless `low` says otherwise."""
    return Param(name=name, kind="int", help=help, **{"low": 1, "high": WIDEST, **fields})


def real(name: str, help: str, **fields: Any) -> Param:
    """A real number."""
    return Param(name=name, kind="float", help=help, **fields)


def switch(name: str, help: str, default: bool, **fields: Any) -> Param:
    """On or off."""
    return Param(name=name, kind="bool", help=help, default=default, **fields)


def choice(name: str, help: str, choices: tuple[Any, ...], default: Any = REQUIRED, **fields: Any) -> Param:
    """One of a few words."""
    return Param(name=name, kind="choice", help=help, choices=choices, default=default, **fields)


def integers(name: str, help: str, **fields: Any) -> Param:
    """Several whole numbers, each 1 or more unless `low` says otherwise."""
    return Param(name=name, kind="ints", help=help, **{"low": 1, "high": WIDEST, **fields})


def plane(name: str, help: str, **fields: Any) -> Param:
    """Two whole numbers, height and width; one stands for both."""
    return integers(name, help, size=2, scalar=True, axes=SPACE, **fields)


def rate(name: str, help: str, default: Any = REQUIRED, **fields: Any) -> Param:
    """A share from 0 to 1."""
    return real(name, help, default=default, **{"low": 0, "high": 1, **fields})


ACTIVATION = choice(
    "activation", "The function each output passes through.", (None, *ACTIVATIONS), None, start="relu", shows="{}", optional=True
)
USE_BIAS = switch("use_bias", "Whether a learned number is added to each output.", True, more=True, shows="no bias")
SEED = integer("seed", "Makes the layer's random choices repeatable.", default=None, optional=True, low=0, high=SEED_LIMIT, more=True)
DATA_FORMAT = choice(
    "data_format",
    "Whether channels are the last axis, as usual, or the first.",
    ("channels_last", "channels_first"),
    None,
    optional=True,
    more=True,
    shows="{}",
)

INITIALIZERS = (
    "zeros",
    "ones",
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "random_uniform",
    "random_normal",
    "truncated_normal",
    "variance_scaling",
    "orthogonal",
    "identity",
)
INITIALIZER_CLASSES = (
    "Zeros",
    "Ones",
    "Constant",
    "GlorotUniform",
    "GlorotNormal",
    "HeUniform",
    "HeNormal",
    "LecunUniform",
    "LecunNormal",
    "RandomUniform",
    "RandomNormal",
    "TruncatedNormal",
    "VarianceScaling",
    "Orthogonal",
    "Identity",
)
REGULARIZERS = (
    "l1",
    "l2",
    {"class_name": "L1", "config": {"l1": 0.001}},
    {"class_name": "L2", "config": {"l2": 0.001}},
    {"class_name": "L2", "config": {"l2": 0.0001}},
    {"class_name": "L1L2", "config": {"l1": 0.001, "l2": 0.001}},
)
CONSTRAINTS = ("max_norm", "min_max_norm", "non_neg", "unit_norm")


def initializer(of: str, default: str) -> Param:
    """How a weight starts."""
    names = INITIALIZERS if default in INITIALIZERS else (default, *INITIALIZERS)
    return choice(f"{of}_initializer", f"How the {_said(of)} starts.", names, default, classes=INITIALIZER_CLASSES, more=True)


def regularizer(of: str) -> Param:
    """What a weight's or output's size costs in the loss."""
    help = f"Adds a cost for the size of the {_said(of)} to the loss: l1 drives it to zero, l2 keeps it small (factor 0.01)."
    return choice(f"{of}_regularizer", help, (None, *REGULARIZERS), None, classes=("L1", "L2", "L1L2"), optional=True, more=True)


def constraint(of: str) -> Param:
    """What a weight is held to after each step."""
    help = f"Holds the {_said(of)} within bounds after each training step."
    classes = ("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm")
    return choice(f"{of}_constraint", help, (None, *CONSTRAINTS), None, classes=classes, optional=True, more=True)


def weights(**initializers: str) -> tuple[Param, ...]:
    """Initializer, regularizer and constraint of each weight, and the regularizer of the layer's output."""
    return (
        *(initializer(of, default) for of, default in initializers.items()),
        *(regularizer(of) for of in initializers),
        regularizer("activity"),
        *(constraint(of) for of in initializers),
    )


def _said(of: str) -> str:
    return {"activity": "output"}.get(of, of.replace("_", " "))


DENSE_WEIGHTS = weights(kernel="glorot_uniform", bias="zeros")
