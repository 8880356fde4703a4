"""The fix that gives an autoencoder's output the shape of its input: its last layer's size, then a border, then a layout."""

from math import prod
from typing import Any

from builder.network.analysis import Fix, Shape
from builder.network.records import Network, Node

from .fitting import shape_text

AXES = {2: "1D", 3: "2D"}  # what layers over sequences and over images are called


def give_shape(network: Network, node: Node, shape: Shape, wanted: Shape) -> Fix | None:
    """The edits, as one press, after which the output of `node` has the wanted shape; None where sizes alone cannot do it."""
    if None in shape or None in wanted:
        return None
    sides = tuple(int(size or 0) for size in shape), tuple(int(size or 0) for size in wanted)
    made = _same_axes(network, node, *sides) if len(shape) == len(wanted) else _laid_out(network, node, *sides)
    if not made:
        return None
    labels, edits = zip(*made, strict=True)
    label = " and ".join(labels)
    return Fix(label=label[0].upper() + label[1:], edit=edits[0] if len(edits) == 1 else {"kind": "several", "edits": list(edits)})


Step = tuple[str, dict[str, Any]]  # what a button says of an edit, and the edit


def _same_axes(network: Network, node: Node, shape: tuple[int, ...], wanted: tuple[int, ...]) -> list[Step]:
    """The size of the last axis, then the border."""
    steps = [_resized(network, node, wanted[-1])] if shape[-1] != wanted[-1] else []
    if shape[:-1] != wanted[:-1]:
        steps.append(_border(node, shape[:-1], wanted[:-1]))
    return [] if None in steps else [step for step in steps if step]


def _laid_out(network: Network, node: Node, shape: tuple[int, ...], wanted: tuple[int, ...]) -> list[Step]:
    """As many numbers as are wanted, then their layout."""
    layer, params = ("Flatten", {}) if len(wanted) == 1 else ("Reshape", {"target_shape": list(wanted)})
    step = f"add {layer} to {shape_text(wanted)}", {"kind": "add_after", "after": node.name, "layer": layer, "params": params}
    if prod(shape) == prod(wanted):
        return [step]
    resized = _resized(network, node, prod(wanted)) if len(shape) == 1 else None
    return [resized, step] if resized else []


def _resized(network: Network, node: Node, size: int) -> Step | None:
    """Another number of units or filters in the layer that decides the last axis."""
    found = sized(network, node)
    if not found:
        return None
    name = "units" if "units" in found.params else "filters"
    return f"set {name} of {found.name} to {size:,}", {"kind": "set", "name": found.name, "params": {name: size}}


def _border(node: Node, shape: tuple[int, ...], wanted: tuple[int, ...]) -> Step | None:
    """A border that is cut off on all axes, or added on all."""
    more = [have - want for have, want in zip(shape, wanted, strict=True)]
    if len(shape) + 1 not in AXES or (min(more) < 0 < max(more)):
        return None
    cut = max(more) > 0
    pairs = [[abs(each) // 2, abs(each) - abs(each) // 2] for each in more]
    layer, param = (f"Cropping{AXES[len(shape) + 1]}", "cropping") if cut else (f"ZeroPadding{AXES[len(shape) + 1]}", "padding")
    edit = {"kind": "add_after", "after": node.name, "layer": layer, "params": {param: pairs if len(pairs) > 1 else pairs[0]}}
    return f"{'cut' if cut else 'pad'} it to {shape_text(wanted)}", edit


def sized(network: Network, node: Node) -> Node | None:
    """The layer that decides how many numbers come out: the last one with units or filters."""
    while not {"units", "filters"} & set(node.params):
        before = network.inputs_of(node.name)
        if len(before) != 1:
            return None
        node = network.node(before[0].source)
    return node
