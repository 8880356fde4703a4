"""Resizing many pictures at once."""

import numpy as np


def weights(before: int, after: int) -> np.ndarray:
    """Bilinear interpolation along one axis as a matrix (after, before); rows sum to 1.

    A triangle around each new pixel's centre, as wide as the coarser of the two grids, so that shrinking averages
    instead of skipping pixels: what Pillow does.
    """
    scale = before / after
    width = max(scale, 1.0)
    centres = (np.arange(after) + 0.5) * scale - 0.5
    triangle = np.clip(1 - np.abs(np.arange(before)[None, :] - centres[:, None]) / width, 0, None)
    return (triangle / triangle.sum(axis=1, keepdims=True)).astype("float32")


def resize(pictures: np.ndarray, height: int, width: int) -> np.ndarray:
    """Pictures (samples, height, width, channels) at another size, bilinear, float32."""
    rows, columns = weights(pictures.shape[1], height), weights(pictures.shape[2], width)
    samples, _, before, channels = pictures.shape
    # two matrix products, each over one axis
    tall = np.matmul(rows, pictures.reshape(samples, -1, before * channels))
    across = np.matmul(columns, tall.reshape(samples * height, before, channels))
    return across.reshape(samples, height, width, channels).astype("float32", copy=False)
