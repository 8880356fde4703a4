"""What a dataset looks like: its pictures, its points, or its first rows as one PNG, its tokens as text."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from .maps import Picture, grid
from .palette import CLASSES, FAINT
from .written import tokens_as_svg

SMOOTH = 3  # times as large while drawing, then averaged: round dots without steps


def dataset_picture(
    kind: str,
    x: np.ndarray,
    y: np.ndarray,
    low: float = 0.0,
    high: float = 1.0,
    *,
    vocabulary: Sequence[str] = (),
    classes: Sequence[str] = (),
    width: int = 640,
) -> bytes:
    """A preview of samples x (samples, ...) with targets y: images in rows, points as a scatter, tables as coloured cells, tokens as text."""
    if kind == "image":
        return pictures(x, low, high, width=width)
    if kind == "points":
        return scatter(x, y, width=width // 2)
    if kind == "tokens":
        return tokens_as_svg(x, y, vocabulary, classes)
    if kind == "sequence":
        return lines(x)
    return table(x).png


def lines(x: np.ndarray, *, width: int = 640, height: int = 200) -> bytes:
    """Sequences (samples, steps, features) as curves, the first feature of each."""
    size = width * SMOOTH, height * SMOOTH
    image = Image.new("RGBA", size)
    draw = ImageDraw.Draw(image)
    low, high = float(x[..., 0].min()), float(x[..., 0].max())
    across = np.linspace(0, size[0] - 1, x.shape[1])
    for place, values in enumerate(x[..., 0]):
        up = size[1] * (0.95 - 0.9 * (values - low) / ((high - low) or 1))
        draw.line([*zip(across, up, strict=True)], fill=CLASSES[place % len(CLASSES)], width=2 * SMOOTH)
    return _png(image.resize((width, height), Image.Resampling.BOX))


def pictures(x: np.ndarray, low: float = 0.0, high: float = 1.0, *, width: int = 640, columns: int = 12, gap: int = 4) -> bytes:
    """Pictures (samples, height, width, channels) in rows of `columns`."""
    samples, height, across, channels = x.shape
    pixels = (np.clip((x - low) / ((high - low) or 1), 0, 1) * 255).astype("uint8")
    if channels != 3:
        pixels = pixels[..., :1].repeat(3, axis=-1)
    times = max((width // columns - gap) // max(height, across), 1)
    pixels = pixels.repeat(times, axis=1).repeat(times, axis=2)
    rows = -(-samples // columns)
    whole = np.zeros((rows * columns, pixels.shape[1] + gap, pixels.shape[2] + gap, 4), dtype="uint8")
    whole[:samples, :-gap, :-gap, :3] = pixels
    whole[:samples, :-gap, :-gap, 3] = 255
    tiles = whole.reshape(rows, columns, *whole.shape[1:]).swapaxes(1, 2)
    return _png(Image.fromarray(tiles.reshape(rows * whole.shape[1], columns * whole.shape[2], 4)))


def scatter(x: np.ndarray, y: np.ndarray, *, width: int = 320, dot: float = 2.5) -> bytes:
    """Points (samples, 2) in the colour of their class; targets that are no classes from blue to orange."""
    size = width * SMOOTH
    image = Image.new("RGBA", (size, size))
    draw = ImageDraw.Draw(image)
    low, high = x.min(axis=0), x.max(axis=0)
    span = np.where(high > low, high - low, 1)
    places = 0.04 * size + 0.92 * size * (x - low) / span
    draw.rectangle((0, 0, size - 1, size - 1), outline=FAINT["light"], width=SMOOTH)
    radius = dot * SMOOTH * (1 if len(x) > 100 else 2)
    for (across, up), colour in zip(places, _point_colours(y), strict=True):
        draw.ellipse((across - radius, size - up - radius, across + radius, size - up + radius), fill=colour)
    return _png(image.resize((width, width), Image.Resampling.BOX))


def table(x: np.ndarray) -> Picture:
    """Rows (samples, columns) as coloured cells, a column on its own scale around its mean."""
    centred = x - x.mean(axis=0)
    largest = np.abs(centred).max(axis=0)
    return grid((centred / np.where(largest > 0, largest, 1)).T[None], scale="layer", side=640)  # a column of the table is a row here


def _point_colours(y: np.ndarray) -> list[tuple[int, ...]]:
    if y.ndim > 1:
        above = y[:, 0] > np.median(y[:, 0])
        return [ImageColor.getrgb(CLASSES[1 if each else 0]) for each in above]
    return [ImageColor.getrgb(CLASSES[int(each) % len(CLASSES)]) for each in y]


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", compress_level=4)
    return file.getvalue()
