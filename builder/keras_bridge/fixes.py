"""Quick fixes: edits that mend a problem, offered only where the shapes say that they will."""

from math import isqrt, prod
from typing import Any

from builder.catalogue import LAYERS
from builder.keras_bridge.place import Place
from builder.keras_bridge.sizes import Sizes
from builder.network.records import Edge, Node
from builder.words import format_shape

Button = dict[str, Any]


def button(label: str, **edit: Any) -> Button:
    """A fix as JSON values: its label and its edit."""
    return {"label": label, "edit": edit}


def count(shape: Sizes) -> int:
    return prod(size for size in shape if size is not None)


def _edges(place: Place) -> list[Edge]:
    return [edge for edges in place.wiring.edges[place.node.name].values() for edge in edges]


def _insert(edge: Edge, layer: str, label: str, **params: Any) -> Button:
    return button(label, kind="insert", source=edge.source, target=edge.target, target_port=edge.target_port, layer=layer, params=params)


def set_param(node: Node, name: str, value: Any, label: str = "") -> Button:
    """Set one parameter of a node."""
    return button(label or f"Set {name} of {node.name} to {_shown(value)}", kind="set", name=node.name, params={name: value})


def _shown(value: Any) -> str:
    return format_shape(value) if isinstance(value, list | tuple) else str(value)


def connect(place: Place, source: str | None) -> Button | None:
    port = LAYERS[place.node.layer].inputs[0].name
    taken = {edge.source for edge in _edges(place)}
    if source is None or source in taken:
        return None
    return button(f"Connect {source} to {place.node.name}", kind="connect", source=source, target=place.node.name, target_port=port)


def keep_steps(place: Place) -> Button | None:
    """`return_sequences` of the layer before, which threw the steps away: let it return the whole sequence."""
    before = _before(place)
    if before is None or len(place.shapes[0]) != 1:
        return None
    nested = before.params.get("layer")
    inside = nested["layer"] if isinstance(nested, dict) else before.layer
    if not _has(inside, "return_sequences") or (nested or {"params": before.params})["params"].get("return_sequences"):
        return None
    label = f"Let {before.name} return its whole sequence"
    if nested:
        return set_param(before, "layer", {**nested, "params": {**nested["params"], "return_sequences": True}}, label)
    return set_param(before, "return_sequences", True, label)


def move_before(place: Place) -> Button | None:
    """The layer stands after a Flatten: put it before."""
    before = _before(place)
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
    before = _before(place)
    return set_param(before, "dtype", "float32") if before and before.is_input else None


def reshape(place: Place, shape: Sizes, axes: int) -> Button | None:
    """A Reshape (or Flatten) on the wire that gives the tensor as many axes as the layer needs."""
    edges = _edges(place)
    if len(edges) != 1 or None in shape or axes == len(shape):
        return None
    if axes == 1 and len(shape) > 1:
        return _insert(edges[0], "Flatten", f"Insert Flatten before {place.node.name}")
    target = _target(shape, axes)
    return (
        _insert(edges[0], "Reshape", f"Insert Reshape to {_shown(target)} before {place.node.name}", target_shape=list(target))
        if target
        else None
    )


def _target(shape: Sizes, axes: int) -> tuple[int, ...] | None:
    """A shape of `axes` axes with as many elements: trailing axes merged, or a vector folded."""
    sizes = tuple(size for size in shape if size is not None)
    if axes < len(sizes):
        return (*sizes[: axes - 1], prod(sizes[axes - 1 :]))
    if len(sizes) == 1 and axes == 3:
        return next(
            ((side, side, depth) for depth in (1, 3) if (side := isqrt(sizes[0] // depth)) > 2 and side * side * depth == sizes[0]), None
        )
    return (*sizes, *(1,) * (axes - len(sizes)))


def project(place: Place) -> Button | None:
    """Projection shortcut (He 2015): a 1 × 1 convolution where branches differ in channels, or one is a whole number of times larger."""
    edges = _edges(place)
    if len(edges) != 2 or len(place.shapes[0]) != len(place.shapes[1]) or any(None in shape for shape in place.shapes):
        return None
    order = {node.name: index for index, node in enumerate(place.wiring.ordered)}
    first, second = (int(index) for index in sorted((0, 1), key=lambda index: order[edges[index].source]))
    for shortcut, main in ((first, second), (second, first)):
        made = _projection(edges[shortcut], place.shapes[shortcut], place.shapes[main], place.node.layer)
        if made:
            return made
    return None


def _projection(edge: Edge, source: Sizes, target: Sizes, layer: str) -> Button | None:
    if layer == "Concatenate":
        return None
    if len(source) == 1:
        return _insert(edge, "Dense", f"Insert Dense {target[0]} after {edge.source}", units=target[0])
    sides = list(zip(source[:-1], target[:-1], strict=True))
    known = [(a, b) for a, b in sides if a and b]
    steps = {-(-a // b) for a, b in known}
    stride = steps.pop() if len(steps) == 1 else 0
    if stride < 1 or any(-(-a // stride) != b for a, b in known) or any(bool(a) != bool(b) for a, b in sides):
        return None
    kind, axes = {2: "Conv1D", 3: "Conv2D"}.get(len(source)), len(source) - 1
    strided = {"strides": _sizes(stride, axes)} if stride > 1 else {}
    label = f"Insert a 1 × 1 {kind} with {target[-1]} filters{f' and stride {stride}' if stride > 1 else ''} after {edge.source}"
    return _insert(edge, kind, label, filters=target[-1], kernel_size=_sizes(1, axes), **strided) if kind else None


def pad_same(place: Place) -> Button | None:
    """Padding "same", where one branch lost its border to a window without padding."""
    edges = _edges(place)
    if len({len(shape) for shape in place.shapes}) != 1 or len({shape[:-1] for shape in place.shapes}) == 1:
        return None
    smallest = min(range(len(edges)), key=lambda index: count(place.shapes[index][:-1]))
    node = place.wiring.nodes[edges[smallest].source]
    return set_param(node, "padding", "same") if _pads(node) and _stride(node) == 1 else None


def pad(place: Place) -> Button | None:
    return set_param(place.node, "padding", "same") if _pads(place.node) else None


def _window(place: Place) -> tuple[str, list[int]] | None:
    """The parameter that holds the window's size, and the sizes, one for each axis it slides over."""
    name = next((name for name in ("kernel_size", "pool_size") if _has(place.node.layer, name)), None)
    if name is None:
        return None
    size = _value(place.node, name)
    return name, [size] * (len(place.shapes[0]) - 1) if isinstance(size, int) else list(size)


def window(place: Place) -> str:
    """The window's size in words."""
    found = _window(place)
    return f"window of {_shown(found[1])}" if found else "cropping"


def smaller_window(place: Place) -> Button | None:
    """A window that the input can hold."""
    found = _window(place)
    room = place.shapes[0][:-1]
    if not found or not all(room) or (_has(place.node.layer, "dilation_rate") and _largest(_value(place.node, "dilation_rate")) > 1):
        return None
    name, sizes = found
    smaller = [min(size, have) for size, have in zip(sizes, room, strict=False) if have]
    return set_param(place.node, name, _sizes(smaller[0], 1) if len(smaller) == 1 else smaller)


def free_axis(place: Place, target: tuple[int, ...]) -> Button | None:
    """Reshape's -1: let its last size be whatever is left, where that divides evenly."""
    known = count(tuple(target[:-1]))
    total = count(place.shapes[0])
    if not target or -1 in target[:-1] or known == 0 or total % known:
        return None
    return set_param(place.node, "target_shape", [*target[:-1], total // known])


def _before(place: Place) -> Node | None:
    edges = _edges(place)
    return place.wiring.nodes.get(edges[0].source) if edges else None


def _has(layer: str, param: str) -> bool:
    return layer in LAYERS and any(each.name == param for each in LAYERS[layer].params)


def _value(node: Node, name: str) -> Any:
    """A parameter's value, Keras's default where the node has none."""
    return LAYERS[node.layer].value(node.params, name)


def _sizes(size: int, axes: int) -> int | list[int]:
    """One size for each axis, as layers over one axis (a number) and over several (a list) take it."""
    return size if axes == 1 else [size] * axes


def _largest(value: Any) -> int:
    return max(value) if isinstance(value, list | tuple) else value or 1


def _pads(node: Node) -> bool:
    return _has(node.layer, "padding") and _value(node, "padding") == "valid"


def _stride(node: Node) -> int:
    return _largest(_value(node, "strides")) if _has(node.layer, "strides") else 1
