"""Inputs of a person's own as a dataset's samples: drawn, typed as tokens or typed as numbers; checked for size and range, as data."""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.typed import read_number, written
from builder.words import format_count

from .dataset import Dataset
from .handwriting import Made
from .sheets import read_sheet
from .typed_tokens import Room, numbers, understood
from .uploads import sketched

MOST_TYPED = 20_000  # characters
PLANE = 0.12  # of the range of the points, that one may lie beyond it


class Range(NamedTuple):
    """The smallest and the largest value of each feature, (features,)."""

    low: np.ndarray
    high: np.ndarray


def from_sheet(dataset: Dataset, sent: Any) -> Made:
    """A drawing, as the sheet sends it.

    Raises:
        BuilderError: it is no sheet of this dataset, or nothing is drawn on it.
    """
    pixels = read_sheet(dataset, sent) if dataset.kind == "image" else None
    if pixels is None:
        raise BuilderError("The drawing", f"a sheet in the proportions of {dataset.called}", "something else", "Draw it again.")
    made = sketched(dataset, pixels)
    if made is None:
        raise BuilderError("The drawing", "some ink", "an empty sheet")
    return made


def from_text(dataset: Dataset, sent: Any, room: Room) -> tuple[np.ndarray, int]:
    """Tokens that were typed, (steps,), and the place of the last one before what fills them up.

    Raises:
        BuilderError: they are no input of a network that has this room.
    """
    text = str(sent)
    if dataset.kind != "tokens" or len(text) > MOST_TYPED:
        raise BuilderError("The input", f"a line of at most {MOST_TYPED:,} characters", f"{len(text):,}")
    tokens = understood(text, dataset, room)
    given = len(understood(text, dataset, room._replace(length=None)))
    last = len(tokens) - 1 if room.before else given - 1
    return np.array(numbers(tokens, dataset), dataset.dtype), last


def from_numbers(dataset: Dataset, sent: Any, limits: Range) -> np.ndarray:
    """Numbers that were typed: a row for each step of a sequence, else one row, each number as its text.

    Raises:
        BuilderError: too few or too many, one that cannot be read, or one out of the dataset's range.
    """
    if dataset.kind not in ("table", "points", "sequence"):
        raise BuilderError("The input", f"what {dataset.called} has", "numbers")
    *steps, features = dataset.input_shape
    wanted, rows = prod(steps), sent if isinstance(sent, list) else []
    if len(rows) != wanted:
        raise BuilderError("The input", format_count(wanted, "row"), f"{len(rows):,}")
    values = np.array([_row(dataset, row, features, limits, f"step {step}: " if steps else "") for step, row in enumerate(rows)])
    return values.astype("float32").reshape(dataset.input_shape)


def _row(dataset: Dataset, row: Any, features: int, limits: Range, where: str) -> list[float]:
    """The numbers of one row."""
    if not isinstance(row, list) or len(row) != features:
        came = format_count(len(row), "number") if isinstance(row, list) else "something else"
        raise BuilderError(f"{where}The row" if where else "The input", format_count(features, "number"), came)
    names = feature_names(dataset, features)
    return [
        _number(f"{where}{name}", text, *_within(dataset, limits, place)) for place, (name, text) in enumerate(zip(names, row, strict=True))
    ]


def feature_names(dataset: Dataset, count: int) -> Sequence[str]:
    """What the numbers of a row are called."""
    return dataset.features if len(dataset.features) == count else [f"number {place}" for place in range(count)]


def _within(dataset: Dataset, limits: Range, place: int) -> tuple[float, float]:
    """The range of a feature; of a point's the part of the plane that is shown."""
    low, high = float(limits.low[place]), float(limits.high[place])
    free = PLANE * (high - low) if dataset.kind == "points" else 0.0
    return low - free, high + free


def _number(where: str, sent: Any, low: float, high: float) -> float:
    """One number of a range; it may be as far beyond it as the sentence rounds its ends."""
    needed = f"a number from {written(low, 4)} to {written(high, 4)}"
    text = sent if isinstance(sent, str) else ""
    value = read_number(text, where, needed=needed)
    slack = 1e-3 * max(high - low, 1e-6)
    if value is None or not low - slack <= value <= high + slack:
        raise BuilderError(where, needed, f"“{text[:40]}”" if text else "nothing")
    return float(value)
