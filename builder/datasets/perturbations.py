"""Perturbations of an input: noise, shift, rotation or occlusion; the same every time (seed)."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from builder.words import format_shape

from .dataset import Dataset

Kind = Literal["noise", "shift", "rotation", "occlusion"]


class Change(NamedTuple):
    """What is done to an input.

    Attributes:
        kind: noise, shift, rotation or occlusion.
        amount: of noise, its standard deviation in parts of the dataset's range; of a shift of a row, in the same parts; of
            a rotation, degrees against the clock.
        place: of a shift (down, across) in pixels, or (steps,); of a cover where it begins (row, column), (step,) or (column,).
        size: of a cover, along the same axes as its place.
        seed: of the noise.
    """

    kind: Kind
    amount: float = 0.0
    place: tuple[int, ...] = ()
    size: tuple[int, ...] = ()
    seed: int = 0


def kinds(dataset: Dataset) -> tuple[Kind, ...]:
    """What can be done to a dataset's inputs; to words nothing can be added, so noise puts others in their place."""
    if dataset.kind == "tokens":
        return ("noise", "shift")
    return ("noise", "shift", "rotation", "occlusion") if dataset.kind == "image" else ("noise", "shift", "occlusion")


def changed(dataset: Dataset, x: np.ndarray, change: Change) -> np.ndarray:
    """An input in the dataset's shape, changed."""
    if change.kind == "noise":
        return (replaced if dataset.kind == "tokens" else noisy)(dataset, x, change.amount, change.seed)
    if change.kind == "rotation":
        return rotated(x, change.amount, ground(dataset, x))
    if change.kind == "occlusion":
        return occluded(x, change.place, change.size, ground(dataset, x))
    if dataset.kind == "tokens":
        return np.roll(x, change.place[0]).astype("float32")
    if x.ndim == 1:
        return (x + change.amount * (dataset.high - dataset.low)).astype("float32")
    return shifted(x, change.place, ground(dataset, x))


def ground(dataset: Dataset, x: np.ndarray) -> np.ndarray:
    """What stands where nothing is: behind ink no ink, else a picture's most usual value in each channel; for rows 0 or what is nearest."""
    if dataset.kind == "image" and not dataset.ink:
        return np.median(x, axis=(0, 1)).astype("float32")
    return np.array(min(max(0.0, dataset.low), dataset.high), dtype="float32")


def noisy(dataset: Dataset, x: np.ndarray, amount: float, seed: int) -> np.ndarray:
    """Normal noise added; a picture stays within its range, as on a camera."""
    wide = dataset.high - dataset.low
    made = x + np.random.default_rng(seed).normal(scale=amount * wide, size=x.shape)
    return (np.clip(made, dataset.low, dataset.high) if dataset.kind == "image" else made).astype("float32")


def replaced(dataset: Dataset, x: np.ndarray, amount: float, seed: int) -> np.ndarray:
    """Tokens of which this share, drawn by chance, is any token that there is."""
    random = np.random.default_rng(seed)
    others = random.integers(0, len(dataset.vocabulary or dataset.classes), x.shape)
    return np.where(random.random(x.shape) < amount, others, x).astype("float32")


def shifted(x: np.ndarray, by: Sequence[int], fill: np.ndarray) -> np.ndarray:
    """Moved by so many places along the first axes; what comes in is the ground."""
    made = np.roll(x, tuple(by), axis=tuple(range(len(by)))).astype("float32")
    for axis, steps in enumerate(by):
        line = np.moveaxis(made, axis, 0)
        line[: max(steps, 0)] = fill
        line[len(line) + min(steps, 0) :] = fill
    return made


def rotated(x: np.ndarray, degrees: float, fill: np.ndarray) -> np.ndarray:
    """(height, width, channels) turned around its middle against the clock, bilinear; a right angle moves pixels and mixes none."""
    height, width = x.shape[:2]
    cosine, sine = (round(float(function(np.radians(degrees))), 12) for function in (np.cos, np.sin))
    down, across = np.mgrid[:height, :width].astype("float64")
    down, across = down - (height - 1) / 2, across - (width - 1) / 2
    rows, columns = cosine * down + sine * across + (height - 1) / 2, cosine * across - sine * down + (width - 1) / 2
    padded = np.pad(x.astype("float64") - fill, ((1, 2), (1, 2), (0, 0)))
    rows, columns = np.clip(rows, -1, height) + 1, np.clip(columns, -1, width) + 1
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    low, far = (rows - top)[..., None], (columns - left)[..., None]
    upper = (1 - far) * padded[top, left] + far * padded[top, left + 1]
    lower = (1 - far) * padded[top + 1, left] + far * padded[top + 1, left + 1]
    return ((1 - low) * upper + low * lower + fill).astype("float32")


def occluded(x: np.ndarray, place: Sequence[int], size: Sequence[int], fill: np.ndarray) -> np.ndarray:
    """A box along the first axes covered with the ground."""
    made = x.astype("float32", copy=True)
    made[tuple(slice(start, start + length) for start, length in zip(place, size, strict=True))] = fill
    return made


def describe(dataset: Dataset, change: Change) -> str:
    """What was done, as a few words."""
    if dataset.kind == "tokens":
        return f"{change.amount:.0%} replaced" if change.kind == "noise" else f"moved round by {change.place[0]}"
    if change.kind == "noise":
        return f"noise of {change.amount:.0%} of the range"
    if change.kind == "rotation":
        return f"turned by {change.amount:g}°"
    if change.kind == "shift":
        return f"shifted by {' and '.join(map(str, change.place))}" if change.place else f"shifted by {change.amount:.0%} of the range"
    return f"{format_shape(change.size)} covered"
