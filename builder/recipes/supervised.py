"""Supervised learning: targets, one-hot, class numbers or values."""

from collections.abc import Sequence
from typing import Any

from .corruption import NOISE
from .options import LOSSES, option
from .proposals import propose
from .record import Array, Learned, Proposal, Recipe, Shape, Written


def the_input_alone(x: Array, y: Array | None, dataset: Learned) -> tuple[Array, ...]:
    """One input, as the network takes it."""
    return (x,)


def the_target(x: Array, y: Array, dataset: Learned, proposal: Proposal) -> Array:
    """The dataset's target in the form that the loss compares with."""
    return targets(y, proposal.loss, len(dataset.classes), proposal.units)


def propose_target(
    dataset: Learned, input_shape: Shape, output_shape: Shape, activation: str, loss: str = "", metrics: Sequence[str] = ()
) -> Proposal:
    """Propose a loss and metrics from the dataset and the output layer; the input's shape plays no part."""
    return propose(dataset, output_shape, activation, loss, metrics)


def written_target(dataset: Learned, proposal: Proposal) -> Written:
    """The input as it is, and the target in the form that the loss compares with, as Python."""
    kind, classes = option(LOSSES, proposal.loss, "The loss").targets, len(dataset.classes)
    if kind == "index":
        return Written(("x",), "y")
    if kind == "one_hot" or (classes and proposal.units > 1):
        return Written(("x",), f'np.eye({classes}, dtype="float32")[y]')
    return Written(("x",), 'y.reshape(len(y), -1).astype("float32")')


SUPERVISED = Recipe(
    name="supervised",
    title="Supervised",
    summary="Learns to give each input its target: a class, or a number.",
    inputs=the_input_alone,
    target=the_target,
    propose=propose_target,
    corruption=NOISE,
    written=written_target,
)
RECIPES = (SUPERVISED,)


def targets(y: Any, loss: str, classes: int, units: int | None = None) -> Any:
    """Targets (one-hot, class numbers or values) in the form that a loss compares with.

    Args:
        y: class numbers (samples,) or, one for each step, (samples, steps); or values (samples, targets).
        loss: Keras's name.
        classes: how many classes there are; 0 for regression.
        units: outputs of the last layer; None: one per class, or one for two classes.

    Returns:
        int64 of y's shape for a sparse loss, else float32: one-hot (samples, classes), or values (samples, targets).
    """
    import numpy as np

    kind = option(LOSSES, loss, "The loss").targets
    y = np.asarray(y)
    if kind == "index":
        return _numbers(y)
    if units is None:
        units = 1 if classes == 2 else classes
    if kind == "one_hot" or (classes and units > 1):
        return np.eye(classes, dtype="float32")[_numbers(y)]
    return y.reshape(len(y), -1).astype("float32")


def _numbers(y: Array) -> Array:
    """Class numbers without an axis of length 1 at the end."""
    return (y[:, 0] if y.ndim > 1 and y.shape[1] == 1 else y).astype("int64")
