"""Which loss fits a dataset and a last layer, and one sentence for each way in which they disagree."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from builder.errors import BuilderError
from builder.network.analysis import Analysis
from builder.network.records import Network
from builder.words import format_count, format_shape

from .options import LOSSES, METRICS, option
from .record import Learned, Option, Proposal, Recipe, Shape

# what an output with this activation can never be; some are layers too, Softmax and ReLU
OUT_OF_REACH = {
    "softmax": "below 0 or above 1",
    "sigmoid": "below 0 or above 1",
    "hard_sigmoid": "below 0 or above 1",
    "tanh": "below −1 or above 1",
    "hard_tanh": "below −1 or above 1",
    "softsign": "below −1 or above 1",
    "relu": "below 0",
    "relu6": "below 0 or above 6",
    "softplus": "below 0",
    "log_sigmoid": "above 0",
    "log_softmax": "above 0",
}
BETWEEN_0_AND_1 = ("sigmoid", "hard_sigmoid")


def propose(dataset: Learned, output_shape: Shape, activation: str, loss: str = "", metrics: Sequence[str] = ()) -> Proposal:
    """A loss and metrics for a dataset and a network's last layer.

    Args:
        output_shape: of the network, without the batch axis; empty where it is not known, which is no fault of the last layer.
        activation: of the last layer, Keras's name, "linear" for none.
        loss: the person's own choice; "" proposes one.
        metrics: the person's own choice; empty proposes them.

    Raises:
        BuilderError: a loss or a metric that is not listed.
    """
    units = (output_shape[-1] if output_shape else len(dataset.classes) or dataset.targets) or 1
    chosen = option(LOSSES, loss or fitting_loss(dataset, units, activation), "The loss")
    own_unit = dataset.task == "classification" and units > 1
    names = tuple(metrics) or (("accuracy",) if dataset.task == "classification" else ("mean_absolute_error",))
    return Proposal(
        loss=chosen.name,
        from_logits=chosen.logits and activation == "linear",
        metrics=tuple(option(METRICS, name, "The metrics").name for name in names),
        classes=len(dataset.classes) if own_unit and chosen.targets != "index" else 0,
        units=units,
        warnings=(
            *shape_warnings(dataset, output_shape, units),
            *loss_warnings(dataset, chosen, units, activation),
        ),
    )


def propose_for(
    recipe: Recipe,
    dataset: Learned,
    network: Network,
    analysis: Analysis,
    layers: Mapping[str, Any],
    loss: str = "",
    metrics: Sequence[str] = (),
) -> Proposal:
    """A proposal for a network as Keras sees it, learning by a recipe; `layers` is the catalogue."""
    shapes = {report.name: report.output_shape or () for report in analysis.layers}
    into, output = (shapes.get(side[0].name, ()) if side else () for side in (network.inputs, network.outputs))
    activation = last_activation(network, layers).function
    return recipe.propose(dataset, into, output, activation, loss, metrics or recipe.metrics)


class Activated(NamedTuple):
    """An activation function, under Keras's name ("linear": none), and the node that applies it ("": none)."""

    function: str
    node: str


def last_activation(network: Network, layers: Mapping[str, Any]) -> Activated:
    """The activation that the network's output has passed last, looking through layers that only reshape or drop; `layers` is the catalogue."""
    names = [node.name for node in network.outputs[:1]]
    while names:
        node = network.node(names.pop())
        layer = layers.get(node.layer)
        if layer and any(param.name == "activation" for param in layer.params):
            value = layer.value(node.params, "activation")
            return Activated(value, node.name) if isinstance(value, str) else Activated("linear", "")
        if node.layer.lower() in OUT_OF_REACH:
            return Activated(node.layer.lower(), node.name)
        if layer and layer.family in ("regularisation", "reshape"):
            names = [edge.source for edge in network.inputs_of(node.name)][:1]
    return Activated("linear", "")


def fitting_loss(dataset: Learned, units: int, activation: str) -> str:
    """The usual loss."""
    if dataset.task != "classification":
        return "mean_squared_error"
    if units == 1 and len(dataset.classes) <= 2:
        return "binary_crossentropy"
    return "binary_crossentropy" if activation in BETWEEN_0_AND_1 and units == len(dataset.classes) else "sparse_categorical_crossentropy"


def shape_warnings(dataset: Learned, output_shape: Shape, units: int) -> Iterator[str]:
    """Where the output has the wrong number of axes or units."""
    if len(output_shape) > 1 + dataset.per_step:
        shape = format_shape(output_shape)
        yield f"The network's output is {shape}, but {dataset.called} needs one row of numbers: add a Flatten or a GlobalAveragePooling before the last Dense."
    count, units_text = len(dataset.classes), f"The last layer has {format_count(units, 'unit')}"
    if dataset.task == "regression" and units != dataset.targets:
        yield f"{units_text}, but {dataset.called} has {format_count(dataset.targets, 'number')} to predict: set its units to {dataset.targets}."
    if dataset.task == "classification" and units != count and not (units == 1 and count == 2):
        yield f"{units_text}, but {dataset.called} has {format_count(count, 'class')}: set its units to {count}."


def loss_warnings(dataset: Learned, loss: Option, units: int, activation: str) -> Iterator[str]:
    """Where the loss does not fit the task, the units or the activation."""
    if dataset.task == "classification":
        yield from class_warnings(loss, units, activation)
        return
    if loss.tasks == ("classification",):
        yield f"{loss.title} compares classes, but {dataset.called} has numbers as targets: take mean squared error."
    if activation == "softmax":
        came = "1, whatever comes in" if units == 1 else "numbers that add up to 1"
        yield f"The softmax of the last layer gives {came}, but {dataset.called} has free numbers as targets: set its activation to linear."
    elif activation in OUT_OF_REACH:
        yield f"The {activation} of the last layer never gives a number {OUT_OF_REACH[activation]}: set its activation to linear unless the targets fit in."


def class_warnings(loss: Option, units: int, activation: str) -> Iterator[str]:
    """Where a loss does not fit a classifier's last layer."""
    if loss.tasks == ("regression",):
        yield f"{loss.title} is made for numbers, not for classes: take a cross-entropy."
    elif loss.targets == "value" and not loss.probabilities:
        yield f"{loss.title} treats class numbers as distances and learns slowly from a confident mistake: a cross-entropy fits classes better."
    if units == 1 and activation == "softmax":
        yield "Softmax over one unit is always 1, so nothing can be learned: set the activation to sigmoid, or use one unit per class."
    if units == 1 and loss.targets != "value":
        yield f"{loss.title} needs one unit per class, but the last layer has 1: take binary cross-entropy, or set its units to the number of classes."
    if loss.probabilities:
        yield from probability_warnings(loss, units, activation)
    elif loss.name == "categorical_hinge" and activation != "linear":
        yield f"{loss.title} compares raw scores: set the last layer's activation to linear."


def probability_warnings(loss: Option, units: int, activation: str) -> Iterator[str]:
    """Where a loss that reads probabilities gets something else."""
    over_classes = loss.name != "binary_crossentropy"
    if activation == "linear" and loss.logits:
        function = "softmax" if over_classes else "sigmoid"
        yield f"The last layer has no activation, so its outputs are raw scores: the loss applies {function} itself (from_logits=True)."
    elif activation in BETWEEN_0_AND_1:
        if units > 1:
            yield f"The {activation} of the last layer rates each class alone, so the probabilities don't add up to 1: softmax fits classes that exclude each other."
    elif activation == "softmax":
        if not over_classes and units > 1:
            yield "Binary cross-entropy rates each class alone, but softmax shares 1 among them: take sparse categorical cross-entropy."
    else:
        function = "sigmoid" if units == 1 else "softmax"
        came = "the last layer has no activation" if activation == "linear" else f"the last layer's {activation} does not give any"
        yield f"{loss.title} needs probabilities, but {came}: set its activation to {function}."


def fitting_metrics(dataset: Learned, recipe: Recipe) -> tuple[Option, ...]:
    """The metrics that say something about what is learned: a class, a value, or the input again."""
    if recipe.learns == "input":
        return tuple(each for each in METRICS if "regression" in each.tasks and each.name != "r2_score")  # R² reads rows alone
    few = len(dataset.classes) <= 5  # of which all are among the five rated highest
    return tuple(each for each in METRICS if dataset.task in each.tasks and not (few and each.name == "top_k_categorical_accuracy"))


def check_metrics(names: Sequence[str], dataset: Learned, recipe: Recipe) -> None:
    """Refuse metrics that do not fit.

    Raises:
        BuilderError: one that is not listed, or says nothing about what is learned; the sentence names those that do.
    """
    fitting = [each.name for each in fitting_metrics(dataset, recipe)]
    for name in names:
        if name not in fitting:
            raise BuilderError(f"A metric for {dataset.called}", f"one of {', '.join(fitting)}", repr(name))
