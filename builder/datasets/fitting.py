"""Input preprocessing (resize, channels, layout): the visible steps that turn a dataset's samples into what a network's input takes."""

from collections.abc import Callable, Sequence
from functools import partial, reduce
from math import isqrt, prod
from typing import NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.words import format_shape

from .dataset import Dataset
from .resizing import resize

GREY = np.array([0.299, 0.587, 0.114], dtype="float32")  # of red, green and blue, ITU-R BT.601
Want = Sequence[int | None]


class Step(NamedTuple):
    """One step: its sentence, the shape after it, and what it does to (samples, ...) float32: a function, or a `partial` of one."""

    text: str
    shape: tuple[int, ...]
    run: Callable[[np.ndarray], np.ndarray]


class Fit(NamedTuple):
    """How samples reach an input: the steps as sentences, and what each does.

    `apply` turns (samples, *the dataset's shape) into (samples, *the network's input shape), float32.
    """

    steps: tuple[str, ...]
    functions: tuple[Callable[[np.ndarray], np.ndarray], ...]

    def apply(self, x: np.ndarray) -> np.ndarray:
        """All steps, one after the other."""
        return reduce(lambda value, step: step(value), self.functions, x)


def shape_text(shape: Want) -> str:
    """A shape in words: 28 × 28 × 1."""
    return format_shape(shape) or "one number"


def fit(dataset: Dataset, input_shape: Want, units: int | None = None) -> Fit:
    """The steps from a dataset's samples to an input of this shape (without the batch axis; None: any size).

    Args:
        units: outputs of the last layer, held against the classes or targets; None where unknown.

    Raises:
        BuilderError: no step leads there, or the units don't fit.
    """
    steps = _image_steps(dataset, input_shape) if dataset.kind == "image" else _row_steps(dataset, input_shape)
    if units is not None:
        check_units(dataset, units)
    return Fit(tuple(step.text for step in steps), tuple(step.run for step in steps))


def check_units(dataset: Dataset, units: int) -> None:
    """Hold the last layer's outputs against the classes, or the numbers to predict."""
    if dataset.task == "regression":
        if units != dataset.targets:
            raise BuilderError("The last layer", _some(dataset.targets, "unit", "number to predict", dataset), str(units))
    elif units != len(dataset.classes) and not (units == 1 and len(dataset.classes) == 2):
        raise BuilderError("The last layer", _some(len(dataset.classes), "unit", "class", dataset), str(units))


def _some(count: int, unit: str, each: str, dataset: Dataset) -> str:
    return f"{count} {unit}{'s' if count != 1 else ''}, one for each {each} of {dataset.called}"


def matches(shape: Sequence[int], want: Want) -> bool:
    """Whether an input of `want` takes samples of this shape as they are."""
    return len(shape) == len(want) and all(size is None or size == have for have, size in zip(shape, want, strict=True))


def _image_steps(dataset: Dataset, want: Want) -> list[Step]:
    """Resize, then the channels, then the layout."""
    height, width, channels = dataset.input_shape
    if len(want) == 3:
        steps = _resized(dataset.input_shape, want[0] or height, want[1] or width)
        return steps + _coloured(steps[-1].shape if steps else dataset.input_shape, want[2] or channels)
    if len(want) == 2 and channels == 1:
        steps = _resized(dataset.input_shape, want[0] or height, want[1] or width)
        rows = steps[-1].shape[:2] if steps else (height, width)
        return [*steps, _shaped(f"Read the {rows[0]} rows as steps of {rows[1]} numbers", rows)]
    if len(want) == 1:
        return _flat(dataset, want[0] or prod(dataset.input_shape))
    raise _no_way(dataset, want)


def _row_steps(dataset: Dataset, want: Want) -> list[Step]:
    """Rows of numbers only change their layout; tokens keep theirs."""
    if matches(dataset.input_shape, want):
        return []
    if dataset.kind == "tokens":
        raise _no_way(dataset, want)
    open_axes = sum(size is None for size in want)
    known = prod(size for size in want if size is not None)
    total = prod(dataset.input_shape)
    if open_axes > 1 or total % known or (not open_axes and known != total):
        raise _no_way(dataset, want)
    shape = tuple(total // known if size is None else size for size in want)
    return [_shaped(f"Lay {shape_text(dataset.input_shape)} numbers out as {shape_text(shape)}", shape)]


def _resized(shape: tuple[int, ...], height: int, width: int) -> list[Step]:
    if shape[:2] == (height, width):
        return []
    text = f"Resize {shape_text(shape[:2])} to {shape_text((height, width))}, bilinear"
    return [Step(text, (height, width, shape[2]), partial(resize, height=height, width=width))]


def _coloured(shape: tuple[int, ...], channels: int) -> list[Step]:
    """Grey to colour and back; any number of channels from grey."""
    if shape[2] == channels:
        return []
    after = (*shape[:2], channels)
    if shape[2] == 1:
        return [Step(f"Repeat the grey channel {channels} times", after, partial(repeat_channel, times=channels))]
    if (shape[2], channels) == (3, 1):
        return [Step("Turn colour into grey: 0.299 red + 0.587 green + 0.114 blue", after, to_grey)]
    raise BuilderError("The input", f"{channels} channels", f"pictures with {shape[2]}", f"Set the last number of its shape to {shape[2]}.")


def _flat(dataset: Dataset, numbers: int) -> list[Step]:
    """A picture as one row of numbers, resized first where a square picture of that size exists."""
    height, width, channels = dataset.input_shape
    side = isqrt(numbers // channels)
    if numbers == prod(dataset.input_shape):
        steps = []
    elif side and side * side * channels == numbers:
        steps = _resized(dataset.input_shape, side, side)
        height = width = side
    else:
        raise _no_way(dataset, (numbers,))
    text = f"Flatten {shape_text((height, width, channels))} to {numbers:,} numbers"
    return [*steps, _shaped(text, (numbers,))]


def _shaped(text: str, shape: tuple[int, ...]) -> Step:
    return Step(text, shape, partial(lay_out, shape=shape))


def repeat_channel(x: np.ndarray, times: int) -> np.ndarray:
    """The grey channel as each of so many channels."""
    return np.repeat(x, times, axis=-1)


def to_grey(x: np.ndarray) -> np.ndarray:
    """Luminance: pictures (samples, height, width, 3) with one channel."""
    return x @ GREY[:, None]


def lay_out(x: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The same numbers in each sample, in another shape."""
    return x.reshape(len(x), *shape)


def _no_way(dataset: Dataset, want: Want) -> BuilderError:
    hint = f"Set its shape to {shape_text(dataset.input_shape)}, or choose another dataset."
    return BuilderError("The input", shape_text(want), f"{shape_text(dataset.input_shape)} from {dataset.called}", hint)
