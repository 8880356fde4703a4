"""Kernels (filters) and embedding tables that a run has learned, layer by layer."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.record import Found, Probe
from builder.runs.run_folder import epochs, node_weights


def main_weights(run_folder: Path | str, epoch: int | None, layers: Collection[str] | None = None) -> Found:
    """Kernels and embedding tables: each layer's main weights, by node name; layers without weights are left out.

    Read from the epoch's file alone, no model is built: the first array of a layer that has the most axes.
    """
    saved = epochs(run_folder)
    if not saved:
        raise BuilderError("The run", "weights to look at", "none yet", "They appear as soon as it starts.")
    kept = node_weights(run_folder, saved[-1] if epoch is None else epoch, layers)
    found: Found = {}
    for key, value in kept.items():
        name = key.rpartition("/")[0]
        if name not in found or value.ndim > found[name].ndim:
            found[name] = value
    return found


def filters(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Kernels and embedding tables at an epoch, of `layers` or of all; axes as Keras has them."""
    asked = arguments.get("layers")
    found = main_weights(arguments["run"], arguments.get("epoch"), asked)
    figures = [{"name": name, "shape": list(value.shape)} for name, value in found.items()]
    return {"layers": figures}, {f"layer:{name}": first(value) for name, value in found.items()}


def first(value: np.ndarray, most: int = 1_000_000) -> np.ndarray:
    """The first filters (last axis), or rows of a table, as many as fit into `most` numbers."""
    if value.size <= most:
        return value
    if value.ndim == 2:
        return value[: max(most // value.shape[1], 1)]
    return value[..., : max(most // (value.size // value.shape[-1]), 1)]


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Kernels and embedding tables, one array a layer."""
    return main_weights(run_folder, epoch, None if layer is None else (layer,))


FILTERS = Probe(name="filters", title="Filters", summary="The weights that each layer has learned.", compute=compute, by_layer=True)


OPERATIONS = (filters,)
PROBES = (FILTERS,)
