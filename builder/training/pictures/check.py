"""Reproducibility check of a run's picture: computed again from the saved weights, on the same samples."""

from pathlib import Path
from typing import Any

import numpy as np

from builder.probes.attention.patterns import row_gap
from builder.probes.model.loaded import loaded
from builder.probes.model.record import Found

from . import fitting, scene_of
from .folder import read_picture, read_probe


def pictured(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Take the picture of `epoch` again and hold it against the one that was kept while training.

    Returns:
        `checks` [{kind, name, value}]: the largest difference of any number, in parts of the largest where that is above 1.
    """
    place = Path(arguments["run"])
    fixed, kept = read_probe(place), read_picture(place, int(arguments["epoch"]))
    run = loaded(place, int(arguments["epoch"]))
    shown, checks = scene_of(run.model, run.network, run.settings), []
    for kind in fitting(shown):
        if kind.name in kept:
            found = kind.repeated(shown, fixed[kind.name], kept[kind.name])
            checks.append({"kind": kind.name, "name": "Equals the weights kept", "value": gap(found, kept[kind.name])})
    rows = [row_gap(weights) for weights in kept.get("heads", {}).values() if weights.ndim == 3]
    checks += [{"kind": "heads", "name": "Rows sum to 1", "value": max(rows)}] if rows else []
    return {"checks": checks, "epoch": run.epoch}, {}


def gap(found: Found, kept: Found) -> float:
    """The largest difference between two sets of numbers, in parts of the largest where that is above 1."""
    numbers = [(found[name], kept[name]) for name in found if found[name].dtype.kind == "f"]
    return max((float(np.abs(a - b).max() / max(1.0, np.abs(b).max())) for a, b in numbers), default=0.0)
