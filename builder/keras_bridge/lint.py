"""Lint of a network: what Keras accepts and is hardly meant, each as a warning at its layer with an edit that mends it."""

from collections.abc import Callable, Container, Iterable, Iterator

from builder.catalogue import LAYERS, Layer, facts
from builder.keras_bridge.buttons import Button, button, set_param
from builder.keras_bridge.wiring import Wiring
from builder.network.analysis import Fix, LayerReport, Problem
from builder.network.graph import reachable
from builder.network.records import Node

WEIGHTED = ("dense", "convolution", "depthwise_convolution", "separable_convolution", "transposed_convolution")
LINEAR = ("mean_of_window", "mean_of_all", "pad", "crop", "permute", "repeat", "upsample", "rescaling")  # affine, with no weights
PASSES = frozenset(name for name, layer in LAYERS.items() if layer.passes)  # types that give on what they get
AFFINE = PASSES | {name for name, layer in LAYERS.items() if layer.arithmetic in LINEAR}
SATURATING = 4  # sigmoid layers in a row; the slope of each is at most 1/4, so that little is left of a gradient behind so many
Rule = Callable[[Node, "Around"], Problem | None]


class Around:
    """What stands before and after a node of a network, and the shapes between."""

    def __init__(self, wiring: Wiring, reports: Iterable[LayerReport]) -> None:
        self.wiring = wiring
        self.shapes = {report.name: report.output_shape for report in reports if report.output_shape is not None}

    def before(self, node: Node) -> Node | None:
        """The only node that feeds this one, None where there are none or several."""
        sources = [edge.source for edges in self.wiring.edges[node.name].values() for edge in edges]
        return self.wiring.nodes[sources[0]] if len(sources) == 1 else None

    def after(self, node: Node) -> Node | None:
        """The only node that reads this one, None where there are none or several."""
        readers = self.wiring.followers[node.name]
        return self.wiring.nodes[readers[0]] if len(readers) == 1 else None

    def next_other(self, node: Node, through: Container[str]) -> Node | None:
        """The only node that reads this one, looking through layers of these types."""
        after = self.after(node)
        while after and after.layer in through:
            after = self.after(after)
        return after


def lint(wiring: Wiring, reports: Iterable[LayerReport]) -> Iterator[Problem]:
    """Warnings, at most one a node; only nodes whose shapes are known are looked at, and by the rules for their type."""
    around = Around(wiring, reports)
    rules = {
        layer: [rule for rule, concerns in RULES.items() if concerns(facts(layer))] for layer in {node.layer for node in wiring.ordered}
    }
    for node in wiring.ordered:
        if node.name in around.shapes and not node.is_input:
            yield from [problem for rule in rules[node.layer] if (problem := rule(node, around))][:1]


def dense_on_a_picture(node: Node, around: Around) -> Problem | None:
    """A Dense layer that sees each place of a picture on its own."""
    before = around.before(node)
    if before is None or len(shape := around.shapes[before.name]) != 3:
        return None
    after = around.next_other(node, PASSES)
    if after is not None and facts(after.layer).arithmetic != "dense":
        return None  # a step towards a layer that needs the places, such as a convolution
    flatten = button("Insert a Flatten", kind="insert", source=before.name, target=node.name, layer="Flatten")
    places = f"{shape[0]} × {shape[1]}"
    return _warning(
        node, f"is applied to each of the {places} places of the picture on its own. Put a Flatten before it to see them all", flatten
    )


def two_linear(node: Node, around: Around) -> Problem | None:
    """Two layers with weights and nothing between that bends: affine maps compose to one (W2 (W1 x + b1) + b2 = W x + b).

    It holds for any types, strides and paddings, through whatever only moves, copies, averages or pads numbers, and for
    each draw of a dropout. Normalisation is left out: while it trains it divides by what the batch shows, and a linear
    bottleneck before it is meant. So is a depthwise convolution before a pointwise one, which are a separable one in two parts.
    """
    if around.wiring.network.recipe != "supervised" or _activation(node) != "linear":
        return None  # an autoencoder may be linear on purpose: it then finds the principal components
    after = around.next_other(node, AFFINE)
    if after is None or (kind := facts(after.layer).arithmetic) not in WEIGHTED:
        return None
    if facts(node.layer).arithmetic == "depthwise_convolution" and kind == "convolution" and _is_pointwise(after):
        return None
    words = f"has no activation, so that it and {after.name} together are one linear function, as a single layer is. Give it an activation"
    return _warning(node, words, set_param(node, "activation", "relu"))


def random_after_the_output(node: Node, around: Around) -> Problem | None:
    """Dropout or noise as the last layer: it changes the answers themselves while the network trains."""
    before = around.before(node)
    if around.wiring.followers[node.name] or before is None or before.is_input:
        return None
    return _warning(node, "changes the network's answers at random while it trains. It belongs between hidden layers", _delete(node))


def softmax_twice(node: Node, around: Around) -> Problem | None:
    """Softmax of a softmax: probabilities that are nearly equal, whatever the scores were."""
    if _activation(node) != "softmax":
        return None
    before = around.before(node)
    while before and facts(before.layer).passes:
        before = around.before(before)
    if before is None or _activation(before) != "softmax":
        return None
    words = f"is a softmax of the softmax of {before.name}, which makes all classes nearly equal. One of them is enough"
    mend = _delete(node) if _only_bends(node) else _delete(before) if _only_bends(before) else set_param(before, "activation", "relu")
    return _warning(node, words, mend)


def merge_of_one(node: Node, around: Around) -> Problem | None:
    """A merging layer that nothing is merged in."""
    if sum(len(edges) for edges in around.wiring.edges[node.name].values()) != 1:
        return None
    return _warning(node, "joins several tensors, but only one is connected. Connect another, or delete it", _delete(node))


def deep_sigmoid(node: Node, around: Around) -> Problem | None:
    """A stack of sigmoid layers, through which the gradient vanishes (Hochreiter 1991; Glorot and Bengio 2010)."""
    depth, at = 0, around.wiring.nodes.get(node.name)
    while at and facts(at.layer).arithmetic in WEIGHTED and _activation(at) == "sigmoid" and around.wiring.followers[at.name]:
        depth, at = depth + 1, around.before(at)
        while at and facts(at.layer).passes:
            at = around.before(at)
    if depth != SATURATING:
        return None
    words = "is the fourth sigmoid layer in a row: each lets through at most a quarter of the gradient. relu lets all of it through"
    return _warning(node, words, set_param(node, "activation", "relu"))


def bent_projection(node: Node, around: Around) -> Problem | None:
    """A 1 x 1 convolution on a shortcut with an activation: a projection shortcut is linear (He et al. 2015, arXiv 1512.03385)."""
    after, before = around.after(node), around.before(node)
    if after is None or before is None or facts(after.layer).arithmetic != "sum":
        return None
    others = [edge.source for edges in around.wiring.edges[after.name].values() for edge in edges if edge.source != node.name]
    shortcut = any(_comes_from(around, other, before.name) for other in others)
    if not _is_pointwise(node) or not shortcut or _activation(node) == "linear" or len(around.wiring.followers[before.name]) < 2:
        return None
    words = f"projects the shortcut to {after.name} and bends it too; a projection is linear, so that what is skipped arrives as it was"
    return _warning(node, words, set_param(node, "activation", "linear"))


RULES: dict[Rule, Callable[[Layer], bool]] = {
    merge_of_one: lambda layer: layer.family == "merge",
    softmax_twice: lambda layer: layer.arithmetic == "softmax" or _has_activation(layer),
    random_after_the_output: lambda layer: layer.family == "regularisation" and layer.passes,
    dense_on_a_picture: lambda layer: layer.arithmetic == "dense",
    two_linear: lambda layer: layer.arithmetic in WEIGHTED,
    deep_sigmoid: lambda layer: layer.arithmetic in WEIGHTED,
    bent_projection: lambda layer: layer.arithmetic == "convolution",
}
"""Every rule, and the types of layers that it may speak about; the first that finds something speaks."""


def _activation(node: Node) -> str:
    """The name of the function that a layer's output has passed last; "" where it has none or is one with settings of its own."""
    layer = facts(node.layer)
    if layer.arithmetic == "softmax":
        return "softmax"
    if not _has_activation(layer):
        return ""
    value = layer.value(node.params, "activation")
    return "linear" if value is None else value if isinstance(value, str) else ""


def _has_activation(layer: Layer) -> bool:
    return any(param.name == "activation" for param in layer.params)


def _is_pointwise(node: Node) -> bool:
    """Whether a convolution sees one place at a time (1 x 1)."""
    size = LAYERS[node.layer].value(node.params, "kernel_size")
    return set(size if isinstance(size, list | tuple) else [size]) == {1}


def _only_bends(node: Node) -> bool:
    """Whether a layer is nothing but its activation function."""
    return facts(node.layer).arithmetic in ("softmax", "activation")


def _comes_from(around: Around, name: str, source: str) -> bool:
    return name in reachable(around.wiring.network, [source])


def _delete(node: Node) -> Button:
    return button(f"Delete {node.name}", kind="delete", name=node.name)


def _warning(node: Node, words: str, fix: Button) -> Problem:
    return Problem(node=node.name, message=f"{node.name} {words}.", fixes=(Fix(**fix),), severity="warning")
