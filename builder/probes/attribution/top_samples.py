"""Top-k activation: the samples of the dataset that excite a unit most, and where in them."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.arguments import number
from builder.probes.model.batches import batch, over
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe

BEST = 9
COUNT = 2000  # samples that are looked through


class TopSamples(NamedTuple):
    """Top-activating samples: their numbers in the part, the unit's largest `values`, and the `places` of those, (best, axes)."""

    samples: np.ndarray
    values: np.ndarray
    places: np.ndarray
    raw: np.ndarray
    targets: np.ndarray


def exciting_samples(run: Loaded, layer: str, unit: int, best: int = BEST, count: int = COUNT, part: str = "train") -> TopSamples:
    """Top-activating samples: those with the largest output of a unit, taken over all places.

    Raises:
        BuilderError: the layer or the unit is unknown.
    """
    shape = shape_of(run, layer, unit)
    seen = batch(run, part, count)
    found = over(run, "excited", [layer], _largest, seen.x)
    values = np.concatenate([piece[0][0] for piece in found])  # (samples, units)
    flat = np.concatenate([piece[0][1] for piece in found])
    order = np.argsort(-values[:, unit], kind="stable")[:best]
    inside = tuple(size or int(flat.max()) + 1 for size in shape[:-1])
    places = np.stack(np.unravel_index(flat[order, unit], inside), axis=-1) if inside else np.zeros((len(order), 0), int)
    return TopSamples(order, values[order, unit], places, seen.raw.x[order], seen.raw.y[order])


def shape_of(run: Loaded, layer: str, unit: int) -> tuple[int | None, ...]:
    """The output's shape without the batch axis, the unit being a place along its last axis."""
    if layer not in run.names:
        raise BuilderError("The layer", f"one of {', '.join(run.names)}", repr(layer))
    shape = tuple(run.output(layer).shape[1:])
    if not shape or not 0 <= unit < (shape[-1] or 0):
        raise BuilderError("The unit", f"a number from 0 to {(shape[-1] or 1) - 1:,}" if shape else "a layer with units", f"{unit:,}")
    return shape


def _largest(value: Any) -> Any:
    """Max and argmax over places: each sample's largest output of each unit, and its flat place, both (samples, units)."""
    import tensorflow as tf

    rows = tf.reshape(tf.cast(value, tf.float32), (tf.shape(value)[0], -1, value.shape[-1]))
    return tf.reduce_max(rows, axis=1), tf.argmax(rows, axis=1)


def top_samples(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Top-activating samples of a unit.

    Args:
        arguments: `run`, `epoch`, `layer`, `unit`, `best` (how many), `count` of samples looked through, `part`.

    Returns:
        `samples` (their numbers in the part), `values`, `places`, `targets` and the check; the array `samples` (best, ...) as the dataset has them.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    layer, unit = str(arguments["layer"]), number(arguments, "unit", 0, 0, 2**31)
    part, count = arguments.get("part") or "train", number(arguments, "count", COUNT, 1, 20_000)
    found = exciting_samples(run, layer, unit, number(arguments, "best", BEST, 1, 100), count, part)
    alone = over(run, "excited", [layer], _largest, tuple(each[found.samples[:1]] for each in batch(run, part, count).x))[0][0][0]
    answer = {
        "layer": layer,
        "unit": unit,
        "part": part,
        "samples": found.samples.tolist(),
        "values": found.values.tolist(),
        "places": found.places.tolist(),
        "targets": found.targets.tolist(),
        "epoch": run.epoch,
        "check": {"name": "The first sample's output among others less its output alone", "value": float(found.values[0] - alone[0, unit])},
    }
    return answer, {"samples": found.raw}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Top-activating samples of unit `place` of a layer, the network's last one by default, and its outputs there."""
    run = loaded(run_folder, epoch)
    found = exciting_samples(run, layer or run.network.outputs[0].name, place)
    return {"samples": found.raw, "values": found.values}


EXCITING = Probe(
    name="exciting",
    title="Exciting samples",
    summary="The samples that a unit answers to most; the sample's number is the unit's.",
    compute=compute,
)


OPERATIONS = (top_samples,)
PROBES = (EXCITING,)
