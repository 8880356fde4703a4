"""What a layer makes of an input, as one small picture: maps in a grid, activations in a strip, kernels side by side.

Signed values are blue, white and orange on a scale that is symmetric at zero, so white is always zero. A picture is a
PNG with a palette: 253 colours, one for hairlines, one for NaN and infinity, one transparent for the gaps.
"""

from dataclasses import dataclass, replace
from io import BytesIO
from math import ceil
from typing import Any, Literal

import numpy as np
from PIL import Image, ImageColor

from .palette import DIVERGING, EDGES, GREY, NOT_A_NUMBER

Scale = Literal["map", "layer"]
MOST_SIDE = 2048  # pixels of a picture's longer side
STRIP = 64  # activations in one row of a strip
COLOURS = 253
EDGE, WRONG, GAP = 253, 254, 255  # palette places: the hairline around a map, not a number, transparent


@dataclass(frozen=True)
class Picture:
    """A PNG and what its colours mean.

    Attributes:
        png: the file.
        width, height: pixels.
        low, high: the values of the first and the last colour; of each map its own where `scale` is "map".
        shown, count: maps in the picture, and maps that there are.
        columns, cell: maps in a row, and a map's (height, width) in pixels.
    """

    png: bytes
    width: int
    height: int
    low: float
    high: float
    shown: int
    count: int
    columns: int
    cell: tuple[int, int]
    scale: Scale = "layer"


def layer_picture(values: np.ndarray, *, scale: Scale = "map", most: int = 64, side: int = 52, width: int = 660) -> Picture:
    """One picture of a layer's output for one input.

    Args:
        values: (height, width, channels) as maps; (units,) as a strip; (steps, units) as one map, steps from left to right;
            further axes in front of (height, width, channels) give more maps.
        scale: whether each map has its own scale or all share the layer's.
        most: maps at most, the first ones.
        side: a map's longer side in pixels, about.
        width: of the picture in pixels, about.
    """
    values = np.asarray(values, dtype="float32")
    if values.ndim <= 1:
        return strip(values.reshape(-1), width=width)
    if values.ndim == 2:
        return grid(values.T[None], scale="layer", side=width)
    maps = np.moveaxis(values, -1, -3)  # (..., channels, height, width)
    return grid(maps.reshape(-1, *maps.shape[-2:]), scale=scale, most=most, side=side, width=width)


def grid(
    maps: np.ndarray, *, scale: Scale = "map", most: int = 64, side: int = 52, width: int = 660, columns: int = 0, gap: int = 4
) -> Picture:
    """Maps (maps, height, width) beside each other, row by row."""
    count = len(maps)
    maps = fitted(maps[:most], side)
    extent = extents(maps)
    largest = float(extent.max(initial=0))
    cells = enlarged(coloured(maps, extent[:, None, None] if scale == "map" else largest), side)
    shown, height, across = cells.shape
    columns = min(columns or max(width // (across + gap), 1), max(shown, 1))
    picture = tiled(cells, columns, gap)
    return _picture(picture, largest, shown, count, columns, (height, across), scale)


def strip(values: np.ndarray, *, width: int = 660, most: int = 4096) -> Picture:
    """Activations (units,) as cells, up to 64 in a row, in order."""
    count = len(values)
    shown = values[:most]
    largest = float(extents(shown[None, None]).max(initial=0))
    columns = min(max(len(shown), 1), STRIP)
    size = max(min(width // columns, 28), 4)
    cells = coloured(shown, largest)[:, None, None].repeat(size, axis=1).repeat(size, axis=2)
    cells[:, -1:] = cells[:, :, -1:] = EDGE  # a hairline between cells
    return _picture(tiled(cells, columns, 0), largest, len(shown), count, columns, (size, size), "layer")


def kernels(values: np.ndarray, *, scale: Scale = "map", most: int = 16, inputs: int = 16, side: int = 30, width: int = 660) -> Picture:
    """A layer's main weights: (height, width, inputs, filters) with a row a filter and a column an input; others as one map.

    Of one input, all filters stand in a grid instead. Up to `most` filters and `inputs` of each are shown;
    `scale` is whether each kernel has its own.
    """
    values = np.asarray(values, dtype="float32")
    if values.ndim == 1:
        return strip(values, width=width)
    if values.ndim == 2:
        return grid(values[None] if values.shape[0] <= values.shape[1] else values.T[None], scale="layer", side=width)
    *window, depth, filters = values.shape
    flat = values.reshape(-1, window[-1], depth, filters)  # 1-D kernels are one row, 3-D ones are stacked
    maps = np.moveaxis(flat, (3, 2), (0, 1))  # (filters, inputs, height, width)
    if depth > 1:
        maps = maps[:most, :inputs]
    columns = maps.shape[1] if depth > 1 else 0
    picture = grid(maps.reshape(-1, *maps.shape[2:]), scale=scale, most=512, side=side, columns=columns, gap=3, width=width)
    return replace(picture, count=filters * depth)


def input_picture(values: np.ndarray, low: float = 0.0, high: float = 1.0, side: int = 220) -> Picture:
    """An input picture (height, width, channels) between `low` and `high`: grey or colour as it is; other inputs as a layer's."""
    values = np.asarray(values, dtype="float32")
    if values.ndim != 3 or values.shape[-1] not in (1, 3):
        return layer_picture(values, side=side, width=side)
    share = np.nan_to_num((values - low) / ((high - low) or 1))
    pixels = (np.clip(share, 0, 1) * 255).astype("uint8")
    times = max(side // max(pixels.shape[:2]), 1)
    pixels = pixels.repeat(times, axis=0).repeat(times, axis=1)
    image = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    height, width = pixels.shape[:2]
    return Picture(_png(image), width, height, low, high, 1, 1, 1, (height, width))


def extents(maps: np.ndarray) -> np.ndarray:
    """Largest absolute finite value of each map (maps, height, width): (maps,)."""
    sizes = np.where(np.isfinite(maps), np.abs(maps), 0)
    return sizes.max(axis=tuple(range(1, maps.ndim)), initial=0)


def coloured(values: np.ndarray, extent: np.ndarray | float) -> np.ndarray:
    """Palette indices (uint8) of values on a scale from -extent to extent, zero in the middle; NaN and infinity have one of their own."""
    safe = np.where(np.asarray(extent) > 0, extent, 1)
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.clip(values / safe, -1, 1)
    places = np.rint((np.nan_to_num(share) + 1) * ((COLOURS - 1) / 2)).astype("uint8")
    return np.where(np.isfinite(values), places, WRONG).astype("uint8")


def fitted(maps: np.ndarray, side: int) -> np.ndarray:
    """Downsampling by average pooling: maps (maps, height, width) with a side of at least 2 × `side` pixels, by whole blocks."""
    height, width = maps.shape[1:]
    down, across = (max(length // max(side, 1), 1) for length in (height, width))
    if down == across == 1:
        return maps
    maps = maps[:, : height // down * down, : width // across * across]
    return maps.reshape(len(maps), height // down, down, width // across, across).mean(axis=(2, 4))


def enlarged(cells: np.ndarray, side: int) -> np.ndarray:
    """Cells (maps, height, width) with each value as a square of whole pixels, so that it stays crisp."""
    times = max(side // max(*cells.shape[1:], 1), 1)
    return cells.repeat(times, axis=1).repeat(times, axis=2)


def tiled(cells: np.ndarray, columns: int, gap: int) -> np.ndarray:
    """Cells (maps, height, width) row by row as one picture, with transparent gaps; where there is room, each in a hairline."""
    if gap > 2:
        cells, gap = np.pad(cells, ((0, 0), (1, 1), (1, 1)), constant_values=EDGE), gap - 2
    count, height, width = cells.shape
    rows = ceil(count / columns)
    whole = np.full((rows * columns, height + gap, width + gap), GAP, dtype="uint8")
    whole[:count, :height, :width] = cells
    tiles = whole.reshape(rows, columns, height + gap, width + gap).swapaxes(1, 2)
    picture = tiles.reshape(rows * (height + gap), columns * (width + gap))
    return picture[: rows * (height + gap) - gap, : columns * (width + gap) - gap][:MOST_SIDE, :MOST_SIDE]


def colours(stops: tuple[str, ...], count: int) -> np.ndarray:
    """Colour map by linear interpolation: `count` colours (count, red-green-blue), uint8, evenly between stops."""
    fixed = np.array([ImageColor.getrgb(stop)[:3] for stop in stops], dtype="float64")
    places = np.linspace(0, len(stops) - 1, count)
    return np.stack([np.interp(places, np.arange(len(stops)), fixed[:, band]) for band in range(3)], axis=1).round().astype("uint8")


_PALETTE = [
    *colours(DIVERGING, COLOURS).reshape(-1).tolist(),
    *ImageColor.getrgb(EDGES)[:3],
    *ImageColor.getrgb(NOT_A_NUMBER)[:3],
    *ImageColor.getrgb(GREY[1])[:3],
]
_OPACITY = bytes([255] * COLOURS + [70, 255, 0])  # hairlines let light and dark grounds through


def _picture(places: np.ndarray, largest: float, shown: int, count: int, columns: int, cell: tuple[int, int], scale: Scale) -> Picture:
    image = Image.fromarray(places if places.size else np.full((1, 1), GAP, dtype="uint8"))
    image.putpalette(_PALETTE)
    height, width = places.shape
    return Picture(_png(image, transparency=_OPACITY), width, height, -largest, largest, shown, count, columns, cell, scale)


def _png(image: Image.Image, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", compress_level=4, **options)
    return file.getvalue()
