"""What fixes are made of: buttons as JSON values, and what they ask of a node and its wires."""

from math import prod
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


def insert(edge: Edge, layer: str, label: str, **params: Any) -> Button:
    """A new layer on a wire."""
    return button(label, kind="insert", source=edge.source, target=edge.target, target_port=edge.target_port, layer=layer, params=params)


def set_param(node: Node, name: str, value: Any, label: str = "") -> Button:
    """Set one parameter of a node."""
    return button(label or f"Set {name} of {node.name} to {shown(value)}", kind="set", name=node.name, params={name: value})


def shown(value: Any) -> str:
    return format_shape(value) if isinstance(value, list | tuple) else f"{value:,}" if isinstance(value, int) else str(value)


def count(shape: Sizes) -> int:
    return prod(size for size in shape if size is not None)


def edges_of(place: Place) -> list[Edge]:
    return [edge for edges in place.wiring.edges[place.node.name].values() for edge in edges]


def node_before(place: Place) -> Node | None:
    edges = edges_of(place)
    return place.wiring.nodes.get(edges[0].source) if edges else None


def has(layer: str, param: str) -> bool:
    return layer in LAYERS and any(each.name == param for each in LAYERS[layer].params)


def value_of(node: Node, name: str) -> Any:
    """A parameter's value, Keras's default where the node has none."""
    return LAYERS[node.layer].value(node.params, name)


def sizes(size: int, axes: int) -> int | list[int]:
    """One size for each axis, as layers over one axis (a number) and over several (a list) take it."""
    return size if axes == 1 else [size] * axes


def largest(value: Any) -> int:
    return max(value) if isinstance(value, list | tuple) else value or 1


def pads(node: Node) -> bool:
    return has(node.layer, "padding") and value_of(node, "padding") == "valid"


def stride(node: Node) -> int:
    return largest(value_of(node, "strides")) if has(node.layer, "strides") else 1
