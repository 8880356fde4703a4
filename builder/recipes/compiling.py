"""What a model is compiled with: optimizer, loss and metrics as calls of Keras's classes, for the model and for its program."""

from typing import Any, NamedTuple

from .options import LOSSES, METRICS, OPTIMIZERS, option
from .record import Array, Proposal
from .training_options import TRAINING_OPTIONS, Chosen


class Call(NamedTuple):
    """A class of Keras by its module and name, and its arguments by name."""

    module: str
    name: str
    arguments: dict[str, Any]

    @property
    def kind(self) -> Any:
        """The class itself."""
        import keras

        return getattr(getattr(keras, self.module), self.name)


def call_of_optimizer(settings: Chosen) -> Call:
    """The optimizer; every option of its own is handed to it under its name."""
    own = [each.name for each in TRAINING_OPTIONS.values() if each.keras == "optimizer" and each.applies(settings)]
    values = {name: getattr(settings, name) for name in own}
    chosen = option(OPTIMIZERS, settings.optimizer, "The optimizer")
    return Call("optimizers", chosen.keras, {name: value for name, value in values.items() if value is not None})


def call_of_loss(proposal: Proposal) -> Call:
    """The loss."""
    return Call("losses", option(LOSSES, proposal.loss, "The loss").keras, {"from_logits": True} if proposal.from_logits else {})


def call_of_metric(name: str, proposal: Proposal) -> Call | None:
    """A metric; None where its name alone is enough, so that Keras finds out what fits the loss and the output."""
    known = option(METRICS, name, "The metrics")
    if name != "accuracy":
        return Call("metrics", known.keras, {"name": name})
    raw_binary = proposal.from_logits and proposal.units == 1
    return Call("metrics", "BinaryAccuracy", {"threshold": 0.0, "name": name}) if raw_binary else None


def adapts(name: str, proposal: Proposal) -> tuple[bool, str]:
    """What a metric that reads probabilities must do first: make class numbers one-hot, and scores probabilities by this function."""
    known = option(METRICS, name, "The metrics")
    if not known.probabilities:
        return False, ""
    together = proposal.units > 1 and proposal.loss != "binary_crossentropy"
    function = ("softmax" if together else "sigmoid") if proposal.from_logits else ""
    return option(LOSSES, proposal.loss, "The loss").targets == "index", function


def compile(model: Any, settings: Chosen, proposal: Proposal, *, own: bool = True) -> None:
    """Set a Keras model's optimizer, loss and metrics; without `own`, only metrics that Keras alone can load again."""
    optimizer, loss = call_of_optimizer(settings), call_of_loss(proposal)
    names = [name for name in proposal.metrics if own or not any(adapts(name, proposal))]
    model.compile(
        optimizer=optimizer.kind(**optimizer.arguments),
        loss=loss.kind(**loss.arguments),
        metrics=[metric(name, proposal) for name in names],
    )


def metric(name: str, proposal: Proposal) -> Any:
    """A Keras metric that reads the model's outputs and the loss's targets as they are."""
    call = call_of_metric(name, proposal)
    if call is None:
        return name
    one_hot, function = adapts(name, proposal)
    kind = adapted(call.kind, proposal.units, one_hot, function) if one_hot or function else call.kind
    return kind(**call.arguments)


def adapted(base: Any, units: int, one_hot: bool, function: str) -> Any:
    """A Keras metric's class that first makes one-hot targets and probabilities of what it gets."""
    from keras import ops

    def update_state(self: Any, y_true: Array, y_pred: Array, sample_weight: Array = None) -> Any:
        if one_hot:
            y_true = ops.one_hot(ops.cast(ops.reshape(y_true, (-1,)), "int32"), units)
        if function:
            y_pred = getattr(ops, function)(y_pred)
        return base.update_state(self, y_true, y_pred, sample_weight)

    return type(base.__name__, (base,), {"update_state": update_state})
