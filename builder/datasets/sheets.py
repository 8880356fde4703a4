"""Drawing sheet in the proportions of a dataset's pictures, and the pixels that a browser sends of it."""

from base64 import b64decode
from binascii import Error
from typing import Any

import numpy as np

from .dataset import Dataset

SHEET = 168  # pixels of the longer side of the sheet that is drawn on


def sheet(dataset: Dataset) -> tuple[int, int, int]:
    """The shape (height, width, channels) of the drawing sheet, in the proportions of the dataset's pictures."""
    height, width, channels = dataset.input_shape
    longest = max(height, width)
    return max(round(SHEET * height / longest), 1), max(round(SHEET * width / longest), 1), channels


def described(dataset: Dataset) -> dict[str, Any]:
    """The sheet as the browser is told of it; ink is light on dark, other sheets begin white."""
    height, width, channels = sheet(dataset)
    return {"height": height, "width": width, "channels": channels, "light": bool(dataset.ink)}


def read_sheet(dataset: Dataset, sent: Any) -> np.ndarray | None:
    """The sheet (height, width, channels) from 0 to 1 that the browser sent as base64 bytes; None where it is none."""
    shape = sheet(dataset)
    if not isinstance(sent, str) or len(sent) > 2 * np.prod(shape):
        return None
    try:
        data = b64decode(sent, validate=True)
    except (Error, ValueError):
        return None
    return np.frombuffer(data, "uint8").reshape(shape).astype("float32") / 255 if len(data) == np.prod(shape) else None
