"""Histograms of every layer's weights through the epochs, and of its activations."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.arguments import number
from builder.probes.model.batches import COUNT, batch, patient, pieces_of
from builder.probes.model.loaded import Loaded, first, loaded
from builder.probes.model.record import Found, Probe
from builder.runs.run_folder import epochs, node_weights

BINS = 40
MOST_EPOCHS = 60


def weight_histograms(run_folder: Path | str, names: list[str] | None = None, bins: int = BINS) -> tuple[list[int], Found]:
    """Histograms of weights: saved epochs, thinned, and for each `LAYER/INDEX` its counts (epochs, bins) and `LAYER/INDEX edges` (bins + 1,).

    Read from the files alone, no model is built; the edges span an array's numbers over all epochs.
    """
    kept = epochs(run_folder)
    if not kept:
        raise BuilderError("The run", "weights to look at", "none yet", "They appear as soon as it starts.")
    chosen = [kept[place] for place in np.unique(np.linspace(0, len(kept) - 1, min(len(kept), MOST_EPOCHS)).round().astype(int))]
    lows: dict[str, tuple[float, float]] = {}
    for epoch in chosen:
        for name, value in node_weights(run_folder, epoch).items():
            if value.size and (names is None or name.rpartition("/")[0] in names):
                finite = value[np.isfinite(value)]
                low, high = lows.get(name, (np.inf, -np.inf))
                lows[name] = (min(low, float(finite.min(initial=np.inf))), max(high, float(finite.max(initial=-np.inf))))
    edges = {name: _edges(low, high, bins) for name, (low, high) in lows.items()}
    rows: dict[str, list[np.ndarray]] = {name: [] for name in edges}
    for epoch in chosen:
        for name, value in node_weights(run_folder, epoch).items():
            if name in edges:
                rows[name].append(np.histogram(value[np.isfinite(value)], edges[name])[0])
    return chosen, {name: np.stack(row) for name, row in rows.items()} | {f"{name} edges": each for name, each in edges.items()}


def _edges(low: float, high: float, bins: int) -> np.ndarray:
    """Bin edges, equally wide; a single value gets a unit of room, none at all the bins from 0 to 1."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return np.linspace(0, 1, bins + 1)
    return np.linspace(low, high, bins + 1) if high > low else np.linspace(low - 0.5, high + 0.5, bins + 1)


def activation_histograms(run: Loaded, names: list[str] | None = None, bins: int = BINS, count: int = COUNT) -> Found:
    """Histograms of activations over the probe batch: `LAYER` counts (bins,), `LAYER edges` (bins + 1,); NaN and infinity are in no bin."""
    x = batch(run, "validation", count).x
    ends: dict[str, tuple[float, float]] = {}
    for name, values in _outputs(run, x, names):
        low, high = ends.get(name, (np.inf, -np.inf))
        ends[name] = min(low, float(values.min(initial=np.inf))), max(high, float(values.max(initial=-np.inf)))
    edges = {name: _edges(low, high, bins) for name, (low, high) in ends.items()}
    counts = {name: np.zeros(bins, int) for name in ends}
    for name, values in _outputs(run, x, names):
        counts[name] += np.histogram(values, edges[name])[0]
    return counts | {f"{name} edges": each for name, each in edges.items()}


def _outputs(run: Loaded, x: tuple[np.ndarray, ...], names: list[str] | None) -> Iterator[tuple[str, np.ndarray]]:
    """Each layer's finite activations, piece by piece of the batch, so that only one piece's are held."""
    for piece in pieces_of(run, x):
        for name, value in zip(run.names, run.function(*piece), strict=True):
            if names is None or name in names:
                numbers = np.asarray(first(value), "float32")
                yield name, numbers[np.isfinite(numbers)]


def in_no_bin(run: Loaded, spread: Found, count: int) -> int:
    """The number of activations over the probe batch in no bin, such as NaN; layers of open shapes are left out."""
    samples, missing = len(batch(run, "validation", count)), 0
    for name in run.names:
        shape = run.output(name).shape[1:]
        if name in spread and None not in shape:
            missing += samples * int(np.prod(shape)) - int(spread[name].sum())
    return missing


def histograms(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Histograms of weights through the epochs, and of activations at one epoch.

    Args:
        arguments: `run`, `epoch`, `layers` (names; None: all), `bins`, `count` of the probe batch's samples, `what`:
            "weights", "activations" or None for both.

    Returns:
        `epochs` of the weights and the check; arrays `weights:LAYER/INDEX` (epochs, bins), `activations:LAYER` (bins,), and
        `edges` of each under its name and " edges".
    """
    bins, names, what = number(arguments, "bins", BINS, 1, 1000), arguments.get("layers"), arguments.get("what")
    answer: dict[str, Any] = {}
    found: Found = {}
    missing = 0
    if what != "activations":
        answer["epochs"], spread = weight_histograms(arguments["run"], names, bins)
        found |= {f"weights:{name}": value for name, value in spread.items()}
        sizes = {name: value.size for name, value in node_weights(arguments["run"], answer["epochs"][-1]).items()}
        missing += sum(sizes[name] - int(value[-1].sum()) for name, value in spread.items() if name in sizes)
    if what != "weights":
        run = loaded(arguments["run"], arguments.get("epoch"))
        answer["epoch"] = run.epoch
        count = number(arguments, "count", patient(run), 1, 10_000)
        spread = activation_histograms(run, names, bins, count)
        found |= {f"activations:{name}": value for name, value in spread.items()}
        missing += in_no_bin(run, spread, count)
    answer["check"] = {"name": "Numbers that are in no bin, since they are none", "value": missing}
    return answer, found


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Histograms of each layer's activations over the probe batch, counts and edges."""
    return activation_histograms(loaded(run_folder, epoch), None if layer is None else [layer])


HISTOGRAMS = Probe(
    name="histograms",
    title="Histograms",
    summary="How the activations of every layer are spread over a batch.",
    compute=compute,
    by_layer=True,
)


OPERATIONS = (histograms,)
PROBES = (HISTOGRAMS,)
