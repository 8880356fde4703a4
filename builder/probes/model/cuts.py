"""Downsampling by stride: fewer numbers of a large output: its first maps, every n-th row and column, so that each number that is shown is one that is there."""

from collections.abc import Sequence
from math import ceil, prod
from typing import Any, Literal, NamedTuple

import numpy as np

Kind = Literal["maps", "steps", "units"]
FEW_MAPS, SIDE = 12, 28  # maps of a card, and the numbers of a map's longer side
FEW_STEPS = (64, 128)  # units and steps of a card
FEW_UNITS = 512
LEAST_MAPS = 4


class Cut(NamedTuple):
    """A subsampling: the first `maps`, every `down`-th row and every `across`-th column."""

    maps: int
    down: int
    across: int


def kind(shape: Sequence[int]) -> Kind:
    """The kind of drawing for an output of this shape, without the batch axis."""
    return "maps" if len(shape) > 2 else "steps" if len(shape) == 2 else "units"


def laid(shape: Sequence[int]) -> tuple[int, int, int]:
    """The shape as (maps, rows, columns): (..., width, channels) has channels as maps, (steps, units) a map of one row a unit, (units,) one number a map."""
    if len(shape) > 2:
        return shape[-1], prod(shape[:-2]), shape[-2]
    return (shape[1], 1, shape[0]) if len(shape) == 2 else (prod(shape), 1, 1)


def card(shape: Sequence[int], room: int) -> Cut:
    """The subsampling for a card of at most about `room` numbers."""
    count, rows, columns = laid(shape)
    most, side = {"maps": (FEW_MAPS, SIDE), "steps": FEW_STEPS, "units": (FEW_UNITS, 1)}[kind(shape)]
    maps = min(count, most)
    step = max(ceil(max(rows, columns) / side), 1)
    while maps * ceil(rows / step) * ceil(columns / step) > room and (maps > LEAST_MAPS or step < max(rows, columns)):
        maps, step = (max(maps // 2, LEAST_MAPS), step) if maps > LEAST_MAPS else (maps, step + 1)
    return Cut(maps, min(step, rows), min(step, columns))


def smaller(shape: Sequence[int], room: int) -> Cut:
    """The subsampling with all maps, of each every n-th row and column, so that they fit into `room` numbers."""
    count, rows, columns = laid(shape)
    step = 1
    while count * ceil(rows / step) * ceil(columns / step) > room and step < max(rows, columns):
        step += 1
    return Cut(min(count, room), min(step, rows), min(step, columns))


def fewer(shape: Sequence[int], room: int) -> Cut:
    """The subsampling with the first maps, whole, as many as fit into `room` numbers; one of more numbers than that is cut down too."""
    count, rows, columns = laid(shape)
    return Cut(min(max(room // (rows * columns), 1), count), *smaller((rows, columns, 1), room)[1:])


def numbers(shape: Sequence[int], cut: Cut) -> int:
    """How many numbers a cut leaves."""
    _, rows, columns = laid(shape)
    return cut.maps * ceil(rows / cut.down) * ceil(columns / cut.across)


def taken(value: Any, cut: Cut) -> Any:
    """The subsampled output, (maps, rows, columns), of one (...) that is an array or a tensor of known shape."""
    count, rows, columns = laid(value.shape)
    if len(value.shape) > 2:
        flat = reshaped(value, (rows, columns, count))
        return moved(flat[:: cut.down, :: cut.across, : cut.maps], (2, 0, 1))
    if len(value.shape) == 2:
        return moved(value[:: cut.across, : cut.maps], (1, 0))[:, None]
    return reshaped(value, (count, 1, 1))[: cut.maps]


def reshaped(value: Any, shape: tuple[int, ...]) -> Any:
    """Reshape an array or a tensor."""
    if isinstance(value, np.ndarray):
        return value.reshape(shape)
    import tensorflow as tf

    return tf.reshape(value, shape)


def moved(value: Any, axes: tuple[int, ...]) -> Any:
    """Transpose an array or a tensor."""
    if isinstance(value, np.ndarray):
        return value.transpose(axes)
    import tensorflow as tf

    return tf.transpose(value, axes)
