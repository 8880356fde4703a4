"""Quick fixes of sizes: a window that the input can hold, and numbers that multiply to what arrives."""

from typing import Any

from builder.keras_bridge.buttons import (
    Button,
    count,
    edges_of,
    has,
    insert,
    largest,
    node_before,
    pads,
    set_param,
    shown,
    sizes,
    value_of,
)
from builder.keras_bridge.fixes import same_size
from builder.keras_bridge.place import Place
from builder.network.records import Node

POOLS = {2: "GlobalAveragePooling1D", 3: "GlobalAveragePooling2D"}


def pad(place: Place) -> Button | None:
    return set_param(place.node, "padding", "same") if pads(place.node) else None


def _window(place: Place) -> tuple[str, list[int]] | None:
    """The parameter that holds the window's size, and the sizes, one for each axis it slides over."""
    name = next((name for name in ("kernel_size", "pool_size") if has(place.node.layer, name)), None)
    if name is None:
        return None
    size = value_of(place.node, name)
    return name, [size] * (len(place.shapes[0]) - 1) if isinstance(size, int) else list(size)


def window(place: Place) -> str:
    """The window's size in words."""
    found = _window(place)
    return f"window of {shown(found[1])}" if found else "cropping"


def smaller_window(place: Place) -> Button | None:
    """A window that the input can hold."""
    found = _window(place)
    room = place.shapes[0][:-1]
    if not found or not all(room) or (has(place.node.layer, "dilation_rate") and largest(value_of(place.node, "dilation_rate")) > 1):
        return None
    name, wanted = found
    smaller = [min(size, have) for size, have in zip(wanted, room, strict=False) if have]
    return set_param(place.node, name, sizes(smaller[0], 1) if len(smaller) == 1 else smaller)


def units_for(place: Place, target: tuple[int, ...]) -> Button | None:
    """Units of the Dense before a Reshape: as many numbers as the target takes, as in a decoder's first layer."""
    before = node_before(place)
    if before is None or before.layer != "Dense" or -1 in target or len(place.shapes[0]) != 1 or not count(target):
        return None
    return set_param(before, "units", count(target))


def free_axis(place: Place, target: tuple[int, ...]) -> Button | None:
    """Reshape's -1: let its last size be whatever is left, where that divides evenly."""
    known = count(tuple(target[:-1]))
    total = count(place.shapes[0])
    if not target or -1 in target[:-1] or known == 0 or total % known:
        return None
    return set_param(place.node, "target_shape", [*target[:-1], total // known])


def fold(place: Place, target: tuple[int, ...]) -> Button | None:
    """Target shape of a square image, where the vector is one."""
    shape = place.shapes[0]
    sides = same_size(shape, 3) if len(target) == 3 and len(shape) == 1 and None not in shape else None
    return set_param(place.node, "target_shape", list(sides)) if sides else None


def pool_open_axes(place: Place) -> Button | None:
    """Global average pooling over sizes that are open until data comes, before a Flatten or before the layer itself."""
    before = node_before(place)
    spot = place.node if before is None or before.layer != "Flatten" else before
    edges = edges_of(place) if spot is place.node else place.wiring.network.inputs_of(spot.name)
    kind = POOLS.get(_axes_into(place, spot))
    if len(edges) != 1 or kind is None:
        return None
    return insert(edges[0], kind, f"Insert {kind} before {spot.name}")


def _axes_into(place: Place, spot: Node) -> int:
    """How many axes arrive at a node, as far as its Input tells."""
    if spot is place.node:
        return len(place.shapes[0])
    feeds = place.wiring.network.inputs_of(spot.name)
    source: Any = place.wiring.nodes[feeds[0].source] if feeds else None
    while source is not None and not source.is_input:
        further = place.wiring.network.inputs_of(source.name)
        source = place.wiring.nodes[further[0].source] if further else None
    return len(source.params.get("shape") or ()) if source else 0
