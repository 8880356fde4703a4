"""Supervised learning: targets (one-hot or class numbers), and the model compiled with optimizer, loss and metrics."""

from collections.abc import Sequence
from typing import Any

from .corruption import NOISE
from .options import LOSSES, METRICS, OPTIMIZERS, option
from .proposals import propose
from .record import Array, Learned, Proposal, Recipe, Shape
from .training_options import TRAINING_OPTIONS, Chosen


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


SUPERVISED = Recipe(
    name="supervised",
    title="Supervised",
    summary="Learns to give each input its target: a class, or a number.",
    inputs=the_input_alone,
    target=the_target,
    propose=propose_target,
    corruption=NOISE,
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


def compile(model: Any, settings: Chosen, proposal: Proposal) -> None:
    """Set a Keras model's optimizer, loss and metrics; every option of the optimizer's is handed to it under its name."""
    import keras

    own = [each for each in TRAINING_OPTIONS.values() if each.keras == "optimizer" and each.applies(settings)]
    values = {each.name: getattr(settings, each.name) for each in own}
    optimizer = option(OPTIMIZERS, settings.optimizer, "The optimizer")
    loss = option(LOSSES, proposal.loss, "The loss")
    logits = {"from_logits": True} if proposal.from_logits else {}
    model.compile(
        optimizer=getattr(keras.optimizers, optimizer.keras)(**{name: value for name, value in values.items() if value is not None}),
        loss=getattr(keras.losses, loss.keras)(**logits),
        metrics=[metric(name, proposal) for name in proposal.metrics],
    )


def metric(name: str, proposal: Proposal) -> Any:
    """A Keras metric that reads the model's outputs and the loss's targets as they are."""
    import keras

    known = option(METRICS, name, "The metrics")
    if name == "accuracy":
        raw_binary = proposal.from_logits and proposal.units == 1
        return keras.metrics.BinaryAccuracy(threshold=0.0, name=name) if raw_binary else name
    base = getattr(keras.metrics, known.keras)
    index = option(LOSSES, proposal.loss, "The loss").targets == "index"
    if not known.probabilities or not (index or proposal.from_logits):
        return base(name=name)
    return adapted(base, proposal, index)(name=name)


def adapted(base: Any, proposal: Proposal, index: bool) -> Any:
    """A Keras metric's class that first makes one-hot targets and probabilities of what it gets."""
    from keras import ops

    def update_state(self: Any, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        if index:
            y_true = ops.one_hot(ops.cast(ops.reshape(y_true, (-1,)), "int32"), proposal.units)
        if proposal.from_logits:
            together = proposal.units > 1 and proposal.loss != "binary_crossentropy"
            y_pred = ops.softmax(y_pred) if together else ops.sigmoid(y_pred)
        return base.update_state(self, y_true, y_pred, sample_weight)

    return type(base.__name__, (base,), {"update_state": update_state})
