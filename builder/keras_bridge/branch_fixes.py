"""Quick fixes where branches meet with shapes that differ: a projection, padding, another size, fewer axes."""

from builder.keras_bridge.buttons import Button, count, edges_of, insert, pads, set_param, shown, sizes, stride
from builder.keras_bridge.place import Place
from builder.keras_bridge.sizes import Sizes
from builder.network.records import Edge

LINEAR = {"activation": None}  # a projection that is no layer of its own: He et al. 2016, section 3.3


def project(place: Place) -> Button | None:
    """Projection shortcut (He 2015): a linear 1 × 1 convolution where branches differ in channels, or in size by a whole factor."""
    edges = edges_of(place)
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
        return insert(edge, "Dense", f"Insert Dense {target[0]} after {edge.source}", units=target[0], **LINEAR)
    sides = list(zip(source[:-1], target[:-1], strict=True))
    known = [(a, b) for a, b in sides if a and b]
    steps = {-(-a // b) for a, b in known}
    step = steps.pop() if len(steps) == 1 else 0
    if step < 1 or any(-(-a // step) != b for a, b in known) or any(bool(a) != bool(b) for a, b in sides):
        return None
    kind, axes = {2: "Conv1D", 3: "Conv2D"}.get(len(source)), len(source) - 1
    strided = {"strides": sizes(step, axes)} if step > 1 else {}
    label = f"Insert a 1 × 1 {kind} with {target[-1]} filters{f' and stride {step}' if step > 1 else ''} after {edge.source}"
    return insert(edge, kind, label, filters=target[-1], kernel_size=sizes(1, axes), **strided, **LINEAR) if kind else None


def pad_same(place: Place) -> Button | None:
    """Padding "same", where one branch lost its border to a window without padding."""
    edges = edges_of(place)
    if len({len(shape) for shape in place.shapes}) != 1 or len({shape[:-1] for shape in place.shapes}) == 1:
        return None
    smallest = min(range(len(edges)), key=lambda index: count(place.shapes[index][:-1]))
    node = place.wiring.nodes[edges[smallest].source]
    return set_param(node, "padding", "same") if pads(node) and stride(node) == 1 else None


def resize(place: Place) -> Button | None:
    """Resizing of the smaller of two images to the larger one's sides."""
    edges = edges_of(place)
    if len(edges) != 2 or any(len(shape) != 3 or None in shape for shape in place.shapes) or place.shapes[0][:2] == place.shapes[1][:2]:
        return None
    small, large = sorted((0, 1), key=lambda index: count(place.shapes[index][:2]))
    height, width = place.shapes[large][:2]
    label = f"Insert Resizing to {shown((height, width))} after {edges[small].source}"
    return insert(edges[small], "Resizing", label, height=height, width=width)


def flatten(place: Place) -> Button | None:
    """Flatten of a branch that meets a vector."""
    edges = edges_of(place)
    if len(edges) != 2 or sorted(len(shape) for shape in place.shapes)[0] != 1 or len(place.shapes[0]) == len(place.shapes[1]):
        return None
    tall = max((0, 1), key=lambda index: len(place.shapes[index]))
    return insert(edges[tall], "Flatten", f"Insert Flatten after {edges[tall].source}")
