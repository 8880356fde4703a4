"""Shapes in words: rank by name (a vector, a sequence, an image), sizes with ×."""

from builder.keras_bridge.sizes import Sizes
from builder.words import format_shape

# number of axes without the batch axis: what such a tensor is called
AXES = {
    0: "a single number",
    1: "a vector (features)",
    2: "a sequence (steps × features)",
    3: "an image (height × width × channels)",
    4: "a volume or film (four axes)",
}
_SHORT = {1: "a vector of", 2: "a sequence of", 3: "an image of", 4: "a film of"}


def describe_shape(shape: Sizes) -> str:
    """`(28, 28, 1)` is "an image of 28 × 28 × 1"; an open axis is "?"."""
    if not shape:
        return "a single number"
    return f"{_SHORT.get(len(shape), 'a tensor of')} {format_shape(shape, open_axis='?')}"


def several(shapes: tuple[Sizes, ...]) -> str:
    """Some shapes as the end of "but got"."""
    return " and ".join(describe_shape(shape) for shape in shapes) or "no input"
