"""Preview of a dataset: a few samples, cached on the disk so that the app shows them without loading them again."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from builder import datasets, files
from builder.home import home
from builder.probes.model.record import Found

SAMPLES = {"image": 24, "table": 24, "points": 400, "tokens": 12, "sequence": 6}
SIDE = 32  # pixels of a small picture, at most


def preview(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Preview of `dataset`, samples with its classes evenly mixed: arrays `x` (samples, ...) and `y`."""
    name = arguments["dataset"]
    found = kept_preview(name)
    if found is None:
        found = _samples(name)
        _keep(_path(name), found)
    return {"dataset": name}, found


def kept_preview(name: str) -> Found | None:
    """The cached preview, None where there was none; loads nothing else."""
    try:
        with np.load(_path(name), allow_pickle=False) as arrays:
            return {key: arrays[key] for key in ("x", "y")}
    except (OSError, ValueError, KeyError):
        return None


def samples(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """The first `count` samples of the test part of `dataset`, as a run with this `seed` and validation `share` has them.

    Returns:
        `among`: how many there are; arrays `x` (samples, ...), of pictures small and in 256 steps, and `y`.
    """
    known = datasets.record(arguments["dataset"])
    part = datasets.parts(known.name, int(arguments["seed"]), float(arguments["share"])).test
    few = part.take(np.arange(min(int(arguments["count"]), len(part))))
    x = small(few.x, known.low, known.high) if known.kind == "image" else few.x
    return {"among": len(part)}, {"x": x, "y": few.y}


def small(pictures: np.ndarray, low: float, high: float) -> np.ndarray:
    """Downsampling by stride of pictures (samples, height, width, channels), to uint8 from 0 for `low` to 255 for `high`."""
    every = -(-max(pictures.shape[1:3]) // SIDE)
    share = (pictures[:, ::every, ::every].astype("float64") - low) / (high - low)
    return np.rint(255 * np.clip(share, 0, 1)).astype("uint8")


def _samples(name: str) -> Found:
    record = datasets.record(name)
    arrays = record.load()
    rows = datasets.spread(arrays.y, seed=0)[: SAMPLES[record.kind]]
    few = arrays.take(rows)
    return {"x": few.x, "y": few.y}


def _path(name: str) -> Path:
    datasets.record(name)  # only names of datasets become a path
    return home() / "cache" / f"preview-{re.sub('[^a-z0-9_]', '-', name)}.npz"


def _keep(path: Path, found: Found) -> None:
    """Best effort: without room on the disk the preview is made again next time."""
    try:
        files.write(path, lambda new: files.pack(new, found))
    except OSError:
        return


OPERATIONS = (preview, samples)
