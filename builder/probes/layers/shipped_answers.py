"""Precomputed answers: answers kept in a run's folder, `inspection.npz` and `overview.npz`: the run that ships has them, so that its first paint needs no Keras."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from builder import files
from builder.probes.model.record import Found

INSPECTION, OVERVIEW = "inspection.npz", "overview.npz"


def write_inspection(run_folder: Path, answer: dict[str, Any], arrays: Found) -> None:
    """Write what the operation `inspect` returned into the cache; outputs are rounded to half precision, pictures show no difference."""
    small = {name: value.astype("float16") if name.startswith("layer:") else value for name, value in arrays.items()}
    _write(run_folder / INSPECTION, answer, small)


def read_inspection(run_folder: Path) -> tuple[dict[str, Any], Found] | None:
    """What was kept, None where nothing was."""
    if not (found := _read(run_folder / INSPECTION)):
        return None
    return found[0], {name: value.astype("float32") if value.dtype == np.float16 else value for name, value in found[1].items()}


def write_overview(run_folder: Path, answer: dict[str, Any], arrays: Found) -> None:
    """Write what the operation `overview` returned into the cache, every number as it is."""
    _write(run_folder / OVERVIEW, answer, arrays)


def read_overview(run_folder: Path) -> tuple[dict[str, Any], Found] | None:
    """What was kept, None where nothing was."""
    return _read(run_folder / OVERVIEW)


def _write(path: Path, answer: dict[str, Any], arrays: Found) -> None:
    files.pack(path, {"answer": np.frombuffer(json.dumps(answer).encode(), np.uint8), **arrays}, compressed=True)


def _read(path: Path) -> tuple[dict[str, Any], Found] | None:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError):
        return None
    return json.loads(found.pop("answer").tobytes()), found
