"""Quick fixes of what arrives at a layer: another number of axes, another type, another place in the network."""

from math import isqrt, prod

from builder.catalogue import LAYERS
from builder.keras_bridge.buttons import Button, button, edges_of, has, insert, node_before, set_param, shown
from builder.keras_bridge.place import Place
from builder.keras_bridge.sizes import Sizes


def connect(place: Place, source: str | None) -> Button | None:
    port = LAYERS[place.node.layer].inputs[0].name
    taken = {edge.source for edge in edges_of(place)}
    if source is None or source in taken:
        return None
    return button(f"Connect {source} to {place.node.name}", kind="connect", source=source, target=place.node.name, target_port=port)


def keep_steps(place: Place) -> Button | None:
    """`return_sequences` of the layer before, which threw the steps away: let it return the whole sequence."""
    before = node_before(place)
    if before is None or len(place.shapes[0]) != 1:
        return None
    nested = before.params.get("layer")
    inside = nested["layer"] if isinstance(nested, dict) else before.layer
    if not has(inside, "return_sequences") or (nested or {"params": before.params})["params"].get("return_sequences"):
        return None
    label = f"Let {before.name} return its whole sequence"
    if nested:
        return set_param(before, "layer", {**nested, "params": {**nested["params"], "return_sequences": True}}, label)
    return set_param(before, "return_sequences", True, label)


def move_before(place: Place) -> Button | None:
    """The layer stands after a Flatten: put it before."""
    before = node_before(place)
    if before is None or before.layer not in (
        "Flatten",
        "GlobalAveragePooling2D",
        "GlobalAveragePooling1D",
        "GlobalMaxPooling2D",
        "GlobalMaxPooling1D",
    ):
        return None
    above = place.wiring.network.inputs_of(before.name)
    if len(above) != 1 or len(place.wiring.followers[before.name]) != 1 or len(place.wiring.followers[place.node.name]) > 1:
        return None
    return button(f"Move {place.node.name} before {before.name}", kind="move", name=place.node.name, after=above[0].source)


def floats(place: Place) -> Button | None:
    """Input dtype: let the Input give floating-point numbers."""
    before = node_before(place)
    return set_param(before, "dtype", "float32") if before and before.is_input else None


def reshape(place: Place, shape: Sizes, axes: int) -> Button | None:
    """A Reshape (or Flatten) on the wire that gives the tensor as many axes as the layer needs."""
    edges = edges_of(place)
    if len(edges) != 1 or None in shape or axes == len(shape):
        return None
    if axes == 1 and len(shape) > 1:
        return insert(edges[0], "Flatten", f"Insert Flatten before {place.node.name}")
    target = same_size(shape, axes)
    return (
        insert(edges[0], "Reshape", f"Insert Reshape to {shown(target)} before {place.node.name}", target_shape=list(target))
        if target
        else None
    )


def same_size(shape: Sizes, axes: int) -> tuple[int, ...] | None:
    """A shape of `axes` axes with as many elements: trailing axes merged, or a vector folded."""
    sizes = tuple(size for size in shape if size is not None)
    if axes < len(sizes):
        return (*sizes[: axes - 1], prod(sizes[axes - 1 :]))
    if len(sizes) == 1 and axes == 3:
        return next(
            ((side, side, depth) for depth in (1, 3) if (side := isqrt(sizes[0] // depth)) > 2 and side * side * depth == sizes[0]), None
        )
    return (*sizes, *(1,) * (axes - len(sizes)))


def embed(place: Place) -> Button | None:
    """Embedding of tokens that go straight into a layer that reads vectors."""
    before = node_before(place)
    if before is None or not before.is_input or len(place.shapes[0]) != 1 or len(edges_of(place)) != 1:
        return None
    return insert(edges_of(place)[0], "Embedding", f"Insert Embedding before {place.node.name}")
