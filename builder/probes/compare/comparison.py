"""Comparison of two epochs, two runs or two inputs: the outputs of every layer that both have, and how far apart they are."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.probes.model import cuts
from builder.probes.model.batches import one_or_many
from builder.probes.model.execute import traced
from builder.probes.model.loaded import Loaded, loaded, outputs
from builder.probes.model.predicting import prediction
from builder.probes.model.record import Found
from builder.probes.model.samples import Sample, asked_sample

CARDS = 60_000  # numbers in all cards of a side together
OPENED = 100_000  # numbers of the layer that is opened

Layers = dict[str, tuple[str, tuple[int, ...]]]  # name to (type of layer, shape of its output)


class Side(NamedTuple):
    """One side of a comparison, its outputs computed: the cached model may hold other weights a moment later."""

    layers: Layers
    values: Found
    one: Sample
    answer: dict[str, Any]
    off: float  # the inspecting model's output less the run's own


def compare(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Comparison of every layer's output on this side and another one.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given; `other` {run, epoch, part, sample}, the
            last two unless the array `other` is given; `layers` whose cards are drawn (None: all), `layer` that is opened.

    Returns:
        `this` and `other` {epoch, prediction, steps}; `layers` [{name, other, layer, shape, kind, strides, count, drawn, largest, mean,
        most, share, alike}] that both have; `alone` {this, other}, names of the rest; `checks`; arrays `raw:this`, `raw:other`,
        and for each drawn layer `this:NAME` and `other:NAME` (maps, rows, columns).
    """
    this = _side(arguments, {"input": arrays["input"]} if "input" in arrays else {})
    other = _side(arguments["other"], {"input": arrays["other"]} if "other" in arrays else {})
    again = _side(arguments, {"input": arrays["input"]} if "input" in arrays else {})
    pairs = paired(this.layers, other.layers)
    drawn = {name: mate for name, mate in pairs.items() if arguments.get("layers") is None or name in arguments["layers"]}
    rows, found = [], {"raw:this": this.one.raw, "raw:other": other.one.raw}
    for name, mate in pairs.items():
        cut = _cut(this.values[name].shape, name == arguments.get("layer"), max(len(drawn), 1))
        rows.append(_row(this, other, name, mate, cut) | {"drawn": name in drawn})
        if name in drawn:
            found |= {f"this:{name}": _taken(this, name, cut), f"other:{name}": _taken(other, mate, cut)}
    answer = {
        "this": this.answer,
        "other": other.answer,
        "layers": rows,
        "alone": {
            "this": [name for name in this.layers if name not in pairs],
            "other": [name for name in other.layers if name not in pairs.values()],
        },
        "checks": [
            {"name": "Both outputs against the runs' own", "value": max(this.off, other.off)},
            {"name": "This side with itself, after the other", "value": _apart(this.values, again.values)},
        ],
    }
    return answer, found


def _side(arguments: Mapping[str, Any], arrays: Found) -> Side:
    import keras

    run = loaded(arguments["run"], arguments.get("epoch"))
    one = asked_sample(run, dict(arguments), arrays)
    values = outputs(run, one.x, *one.more)
    whole = traced(run, "whole", lambda *inputs: run.model(one_or_many(inputs), training=False))
    own = np.asarray(keras.tree.flatten(whole(one.x, *one.more))[0])[0]
    off = float(np.abs(values[run.network.outputs[0].name].astype("float64") - own).max())
    layers = {name: (_type(run, name), values[name].shape) for name in values}
    return Side(layers, values, one, {"epoch": run.epoch, "prediction": prediction(run, values, one), "steps": list(one.steps)}, off)


def _type(run: Loaded, name: str) -> str:
    return run.network.node(name if name in run.names else name.rpartition("/")[0]).layer


def paired(this: Layers, other: Layers) -> dict[str, str]:
    """Layers of both whose outputs have one shape, in this side's order: of the same name, else the next of the same type.

    Raises:
        BuilderError: there is none.
    """
    found = {name: name for name, (_, shape) in this.items() if name in other and other[name][1] == shape}
    free = [name for name in other if name not in found]
    for name, known in this.items():
        mate = next((each for each in free if other[each] == known), None) if name not in found else None
        if mate:
            found[name] = mate
            free = free[free.index(mate) + 1 :]
    if not found:
        raise BuilderError("Comparing layer by layer", "layers of the same shape on both sides", "none", "Compare runs of one network.")
    return {name: found[name] for name in this if name in found}


def _cut(shape: tuple[int, ...], opened: bool, among: int) -> cuts.Cut:
    return cuts.smaller(shape, OPENED) if opened else cuts.card(shape, CARDS // among)


def _taken(side: Side, name: str, cut: cuts.Cut) -> np.ndarray:
    return cuts.taken(side.values[name], cut).astype("float32")


def _row(this: Side, other: Side, name: str, mate: str, cut: cuts.Cut) -> dict[str, Any]:
    """Distance of a pair of layers, in figures over their whole outputs."""
    layer, shape = this.layers[name]
    told = {"name": name, "other": mate, "layer": layer, "shape": list(shape), "kind": cuts.kind(shape)}
    strides, count = [cut.down, cut.across], cuts.laid(shape)[0]
    return told | {"strides": strides, "count": count} | figures(this.values[name], other.values[mate])


def figures(one: np.ndarray, other: np.ndarray) -> dict[str, float | None]:
    """Distance and correlation of two outputs, over the places where both are finite.

    Returns:
        `largest` size of a number of both, `mean` and `most` of the difference's size, `share`: its length in parts of the longer
        of the two, `alike`: their correlation, None where one of them is the same everywhere.
    """
    good = np.isfinite(one) & np.isfinite(other)
    a, b = one[good].astype("float64"), other[good].astype("float64")
    if not a.size:
        return dict.fromkeys(("largest", "mean", "most", "share", "alike"))
    gap, longer = np.abs(a - b), max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    flat = a.std() == 0 or b.std() == 0
    return {
        "largest": float(max(np.abs(a).max(), np.abs(b).max())),
        "mean": float(gap.mean()),
        "most": float(gap.max()),
        "share": float(np.linalg.norm(gap)) / longer if longer else 0.0,
        "alike": None if flat else float(np.corrcoef(a, b)[0, 1]),
    }


def _apart(one: Found, other: Found) -> float:
    """The largest difference between two sets of outputs of the same layers, where both are finite."""
    return max((float(np.abs(np.nan_to_num(one[name]) - np.nan_to_num(other[name])).max(initial=0)) for name in one), default=0.0)


OPERATIONS = (compare,)
