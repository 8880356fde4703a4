"""What-if analysis: what a network says with weights set by hand: on a copy of the model that nothing else looks at."""

from collections import OrderedDict
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.arguments import number
from builder.probes.model.batches import Batch, batch, one_or_many, planned
from builder.probes.model.loaded import Loaded, copy_of, loaded
from builder.probes.model.predicting import prediction
from builder.probes.model.record import Found
from builder.probes.model.samples import asked_sample
from builder.runs.checkpoint import set_layer_weights
from builder.runs.run_folder import weights
from builder.words import format_shape

from .plane import LEAST, chances, flat, grid_of, rating

MOST_WEIGHTS = 256 * 2**20  # bytes of a model that is copied
MOST_EDITS = 100
MOST_SAMPLES = 1000  # whose loss it is
LARGEST = 1e6  # of a weight
KEPT = 2  # copies
SIDE = 81

_copies: OrderedDict[str, Loaded] = OrderedDict()


class Edit(NamedTuple):
    """Weight editing: one number of a layer's arrays, set to a value."""

    layer: str
    array: int
    place: tuple[int, ...]
    value: float


def copied(run_folder: str, epoch: int | None) -> Loaded:
    """A copy of the run's model from an LRU cache, with an epoch's weights as the file has them; the shared model keeps its own.

    Raises:
        BuilderError: the network is too large to be held twice.
    """
    run = loaded(run_folder, epoch)
    if run.bytes > MOST_WEIGHTS:
        raise BuilderError("Editing a weight", "a network of at most 256 MiB of weights", f"{run.bytes / 2**20:,.0f} MiB")
    found = _copies.pop(str(run_folder), None) or copy_of(run_folder, run.epoch)
    _copies[str(run_folder)] = found
    while len(_copies) > KEPT:
        _copies.popitem(last=False)
    set_layer_weights(found.model, weights(Path(run_folder), run.epoch))
    found.epoch = run.epoch
    return found


def read(run: Loaded, given: Sequence[Any]) -> list[Edit]:
    """Validated edits of weights, as they are asked for.

    Raises:
        BuilderError: a layer, array or place that is not there, or a value that is NaN, infinite or too large.
    """
    if len(given) > MOST_EDITS:
        raise BuilderError("Editing weights", f"at most {MOST_EDITS} of them", str(len(given)), "Undo some.")
    return [_read(run, *each) for each in given]


def _read(run: Loaded, layer: Any, array: Any, place: Any, value: Any) -> Edit:
    arrays = run.model.get_layer(run.names[layer]).weights if layer in run.names else []
    if not isinstance(array, int) or not 0 <= array < len(arrays):
        raise BuilderError("The weight", "a layer that has it", f"{layer!r}, array {array!r}")
    shape = tuple(arrays[array].shape)
    where = tuple(int(each) for each in place)
    if len(where) != len(shape) or not all(0 <= at < length for at, length in zip(where, shape, strict=True)):
        raise BuilderError("The weight", f"a place in {format_shape(shape)}", str(list(where)))
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or abs(value) > LARGEST:
        raise BuilderError("The weight's value", f"a number from {-LARGEST:,.0f} to {LARGEST:,.0f}", repr(value))
    return Edit(layer, array, where, float(value))


def apply(run: Loaded, edits: Sequence[Edit]) -> list[float]:
    """Set the weights, and return their old values."""
    before = []
    for layer, array, place, value in edits:
        variable = run.model.get_layer(run.names[layer]).weights[array]
        numbers = np.array(variable.numpy())  # a single learned number comes without axes, and not as an array
        before.append(float(numbers[place]))
        numbers[place] = value
        variable.assign(numbers)
    return before


def scored(run: Loaded, seen: Batch) -> dict[str, float | None]:
    """Loss and metrics over a batch, as Keras evaluates them; None for NaN and infinity."""
    from builder import recipes

    if "compiled" not in run.functions:
        recipes.compile(run.model, run.settings, planned(run).proposal)
        run.functions["compiled"] = True
    found = run.model.evaluate(one_or_many(seen.x), seen.y, batch_size=256, verbose=0, return_dict=True)
    return {name: float(value) if isfinite(value) else None for name, value in found.items()}


def state_of(run: Loaded, arguments: dict[str, Any], arrays: Found, side: int) -> tuple[dict[str, Any], Found]:
    """The network's outputs with its present weights: for the sample, the validation part, and over the plane where there is one."""
    one = asked_sample(run, arguments, arrays)
    outputs = run.function(one.x, *one.more)
    last = run.network.outputs[0].name
    values = {name: np.asarray(value)[0] for name, value in zip(run.names, outputs, strict=True) if name == last}
    found: Found = {"output": values[last]}
    if flat(run):
        grid = grid_of(run, side)
        rows = np.asarray(run.functions.setdefault("answers", _answers(run))(grid.points))
        found["answer"] = chances(run, rows).T.reshape(-1, len(grid.y), len(grid.x)).astype("float32")
    return {"prediction": prediction(run, values, one), "metrics": scored(run, batch(run, "validation", MOST_SAMPLES))}, found


def _answers(run: Loaded) -> Any:
    import tensorflow as tf

    return tf.function(lambda points: run.model(points, training=False), autograph=False, reduce_retracing=True)


def with_edits(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """What-if: the network before and after weights are set by hand; the run's own are never touched.

    Args:
        arguments: `run`, `epoch`, `part` and `sample`, `edits` [(layer, array, place, value)], `side` of the plane.

    Returns:
        `before` and `after` {prediction, metrics}, `old` values by edit, `samples` of the metrics, `rating`, `moved` (the share of the
        plane that another class gets) and checks; arrays `before:output`, `after:output`, and of a plane `before:answer`,
        `after:answer` (classes, side, side), `x`, `y`, `points`, `labels`.
    """
    run = copied(arguments["run"], arguments.get("epoch"))
    edits = read(run, arguments.get("edits") or ())
    side = number(arguments, "side", SIDE, LEAST, 201) | 1
    before, first = state_of(run, arguments, arrays, side)
    old = apply(run, edits)
    after, second = state_of(run, arguments, arrays, side)
    found = {f"before:{name}": value for name, value in first.items()} | {f"after:{name}": value for name, value in second.items()}
    answer = {
        "before": before,
        "after": after,
        "old": old,
        "samples": len(batch(run, "validation", MOST_SAMPLES)),
        "epoch": run.epoch,
        "rating": rating(run),
        "moved": None,
        "checks": checks(run, arguments["run"], edits),
    }
    if "answer" in first:
        grid, some = grid_of(run, side), batch(run, "validation", 400).raw
        found |= {"x": grid.x, "y": grid.y, "points": some.x, "labels": some.y.reshape(len(some.y), -1)[:, 0]}
        if rating(run):
            answer["moved"] = float((first["answer"].argmax(0) != second["answer"].argmax(0)).mean())
    return answer, found


def checks(run: Loaded, run_folder: str, edits: Sequence[Edit]) -> list[dict[str, Any]]:
    """Checks: only what was set differs from the run's own weights, and the model in the shared cache still has them."""
    kept, own = weights(run_folder, run.epoch), loaded(run_folder, run.epoch)
    mine = {(run.names[layer], array, place): np.float32(value) for layer, array, place, value in edits}
    apart = untouched = 0
    for layer in run.model.layers:
        for array, weight in enumerate(layer.weights):
            numbers, file = weight.numpy(), kept[f"{layer.name}/{array}"]
            wanted = file.copy()
            for (name, at, place), value in mine.items():
                if (name, at) == (layer.name, array):
                    wanted[place] = value
            apart += int((numbers != wanted).sum())
            untouched += int((own.model.get_layer(layer.name).weights[array].numpy() != file).sum())
    return [
        {"name": "The copy differs in what was set alone", "value": apart},
        {"name": "The run's own weights", "value": untouched},
    ]


OPERATIONS = (with_edits,)
