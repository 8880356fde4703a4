"""Update-to-weight ratio of each epoch, and quantiles of activations from epoch to epoch."""

from pathlib import Path
from typing import Any

import numpy as np

from builder.probes.model.arguments import number
from builder.probes.model.batches import batch, patient, pieces_of
from builder.probes.model.loaded import Loaded, first, loaded
from builder.probes.model.record import Found
from builder.runs.run_folder import epochs, node_weights

from .dead import silent

MOST_EPOCHS = 60
SHARES = (5, 25, 50, 75, 95)  # per cent of a layer's numbers that lie below each line
MOST_NUMBERS = 200_000  # of a layer whose quantiles are taken, evenly thinned


def thinned(kept: list[int], most: int) -> list[int]:
    """Some of the epochs, evenly, the first and the last among them."""
    return [kept[place] for place in np.unique(np.linspace(0, len(kept) - 1, min(len(kept), most)).round().astype(int))]


def moves(run_folder: Path | str) -> tuple[list[int], Found]:
    """Update-to-weight ratio ‖change‖ / ‖weights before‖ an epoch: the saved epochs after the first, each `LAYER/INDEX` of 2 axes or more.

    Between epochs that are further apart the change is shared out evenly; where the weights were all 0 it is NaN.
    """
    chosen = thinned(epochs(run_folder), MOST_EPOCHS)
    found: dict[str, list[float]] = {}
    before: Found = {}
    for place, epoch in enumerate(chosen):
        now = {name: value for name, value in node_weights(run_folder, epoch).items() if value.ndim > 1 and value.dtype.kind == "f"}
        for name, value in now.items() if before else ():
            size = float(np.linalg.norm(before[name].astype("float64")))
            gone = float(np.linalg.norm(value.astype("float64") - before[name]))
            found.setdefault(name, []).append(gone / size / (epoch - chosen[place - 1]) if size else np.nan)
        before = now
    return chosen[1:], {name: np.array(values) for name, values in found.items()}


def updates(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Update-to-weight ratio of each layer's kernel by epoch: `epochs`, arrays `LAYER/INDEX` (epochs,); read from the files alone."""
    chosen, found = moves(arguments["run"])
    return {"epochs": chosen}, found


def quantiles(run: Loaded, x: tuple[np.ndarray, ...]) -> Found:
    """Quantiles of each layer's activations over a batch, (5,): the values below which 5, 25, 50, 75 and 95 % of its numbers lie."""
    values: dict[str, list[np.ndarray]] = {}
    pieces = pieces_of(run, x)
    for piece in pieces:
        for name, value in zip(run.names, run.function(*piece), strict=True):
            numbers = np.asarray(first(value), "float32").reshape(-1)
            numbers = numbers[:: max(len(numbers) * len(pieces) // MOST_NUMBERS, 1)]
            values.setdefault(name, []).append(numbers[np.isfinite(numbers)])
    together = {name: np.concatenate(each) for name, each in values.items()}
    return {name: np.percentile(each, SHARES) if len(each) else np.full(len(SHARES), np.nan) for name, each in together.items()}


def spread(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Quantiles of activations and dead units at an epoch, over the probe batch.

    Args:
        arguments: `run`, `epoch`, `count` of the batch's samples.

    Returns:
        `dead` {layer: silent units}, `units` {layer: its units}, `shares`, `samples`, `epoch`; arrays `layer:NAME` (5,), the quantiles.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    seen = batch(run, "validation", number(arguments, "count", patient(run), 1, 10_000))
    quiet = silent(run, seen.x)
    answer = {
        "dead": {name: int(each.sum()) for name, each in quiet.items()},
        "units": {name: len(each) for name, each in quiet.items()},
        "shares": list(SHARES),
        "samples": len(seen),
        "epoch": run.epoch,
    }
    return answer, {f"layer:{name}": each for name, each in quantiles(run, seen.x).items()}


OPERATIONS = (spread, updates)
