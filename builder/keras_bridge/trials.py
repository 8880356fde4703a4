"""Rank and dtype that a layer accepts, found by trial: the same layer called symbolically on inputs of other shapes and types."""

from builder.keras_bridge.examine import Refusal, Spec, Wires, params_key, trace
from builder.network.records import Node

ROOM = 32  # the size of a tried axis: large enough for any usual window


def works(node: Node, wires: Wires) -> bool:
    """Whether the layer accepts these inputs, also when it runs."""
    key = node.layer, params_key(node.params), node.trainable, wires
    return not isinstance(trace(*key), Refusal)


def wants_floats(node: Node, wires: Wires) -> bool:
    """Whether the same inputs would do if they were floating-point numbers."""
    as_floats = tuple((port, tuple(Spec(spec.shape, "float32") for spec in specs)) for port, specs in wires)
    return as_floats != wires and works(node, as_floats)


def wanted_axes(node: Node, wires: Wires) -> int | None:
    """The number of axes (without batch) nearest to what arrived that the layer accepts; None if it is the number that arrived, or none is."""
    shapes = [spec.shape[1:] for _, specs in wires for spec in specs]
    if not shapes:
        return None
    came = len(shapes[0])
    for axes in sorted(range(1, 5), key=lambda axes: abs(axes - came)):
        tried = tuple((port, tuple(Spec((None, *_sizes(spec, axes)), "float32") for spec in specs)) for port, specs in wires)
        if works(node, tried):
            return None if axes == came else axes
    return None


def _sizes(spec: Spec, axes: int) -> tuple[int | None, ...]:
    """Plenty of room on every axis, and as many channels as arrived."""
    return (*(ROOM,) * (axes - 1), spec.shape[-1] if len(spec.shape) > 1 else ROOM)
