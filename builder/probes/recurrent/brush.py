"""Brushing a stretch of a sequence (LSTMVis): the units that are on there and off around it, and where else they are."""

from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.probes.model.execute import run_and_sample
from builder.probes.model.loaded import outputs
from builder.probes.model.record import Found
from builder.words import format_shape

from .gates import gates


def responding(values: np.ndarray, first: int, last: int, threshold: float, margin: int = 1) -> np.ndarray:
    """Brushing: units above the threshold on exactly the stretch, at each of its steps, and at none of the `margin` steps to either side.

    values: (time, units); first, last: the stretch, both included. Returns (units,) bool (LSTMVis, arXiv 1606.07461).
    """
    on = values > threshold
    around = np.concatenate([on[max(first - margin, 0) : first], on[last + 1 : last + 1 + margin]])
    return np.asarray(on[first : last + 1].all(axis=0) & ~around.any(axis=0))


def contrast(values: np.ndarray, first: int, last: int) -> np.ndarray:
    """Standardised mean difference of each unit on the stretch and elsewhere, in its own standard deviations, (units,)."""
    inside = np.zeros(len(values), bool)
    inside[first : last + 1] = True
    if inside.all():
        return np.zeros(values.shape[1])
    deviation = values.std(axis=0, dtype="float64")
    difference = values[inside].mean(axis=0, dtype="float64") - values[~inside].mean(axis=0, dtype="float64")
    return np.divide(difference, deviation, out=np.zeros_like(difference), where=deviation > 1e-9)


def others(values: np.ndarray, units: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """Every stretch, [first, last], in which all these units are above the threshold."""
    if not len(units):
        return []
    on = np.concatenate([[False], (values[:, units] > threshold).all(axis=1), [False]])
    edges = np.flatnonzero(on[1:] != on[:-1])
    return [(int(start), int(end) - 1) for start, end in edges.reshape(-1, 2)]


def brush(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Brushing: the units of a layer that respond to a stretch of the sequence.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given; `layer` whose output is (time, units), or a
            recurrent one with `what` of it is looked at ("hidden", "cell", a gate); `first` and `last` step of the stretch;
            `threshold` (None: the mean of all values), `margin` (None: 1).

    Returns:
        `units` that are on exactly there, by falling contrast, `threshold`, `others` [[first, last]] where all of them are on,
        `checks`; arrays `values` (time, units) and `contrast` (units,).
    """
    values, name, checks = values_of(arguments, arrays)
    first, last = sorted((int(arguments["first"]), int(arguments["last"])))
    if not 0 <= first <= last < len(values):
        raise BuilderError("The stretch", f"steps from 0 to {len(values) - 1}", f"{first} to {last}")
    asked = arguments.get("threshold")
    threshold = float(values.mean(dtype="float64")) if asked is None else float(asked)
    strength = contrast(values, first, last)
    on = np.flatnonzero(responding(values, first, last, threshold, 1 if arguments.get("margin") is None else int(arguments["margin"])))
    on = on[np.argsort(-strength[on], kind="stable")]
    found = {"layer": name, "units": on.tolist(), "threshold": threshold, "others": others(values, on, threshold), "checks": checks}
    return found, {"values": values, "contrast": strength}


def values_of(arguments: dict[str, Any], arrays: Found) -> tuple[np.ndarray, str, list[dict[str, Any]]]:
    """Hidden states, cell states or gates of a recurrent layer, or any layer's own output, (time, units); its name and checks."""
    run, one = run_and_sample(arguments, arrays)
    name = str(arguments["layer"])
    if name not in run.names:
        raise BuilderError("The layer", f"one of {', '.join(run.names)}", repr(name))
    if facts(run.network.node(name).layer).recurrent:
        answer, found = gates(arguments, arrays)
        what = arguments.get("what") or ("hidden" if "hidden" in found else "forward_hidden")
        names = [each for each, value in found.items() if value.ndim == 2 and each not in ("input", "layer_input", "mask")]
        if what not in names:
            raise BuilderError("What is brushed", f"one of {', '.join(names)}", repr(what))
        return found[what], name, answer["checks"]
    value = outputs(run, one.x, *one.more)[name]
    if value.ndim != 2:
        raise BuilderError(name, "an output of steps and units to be brushed", format_shape(value.shape))
    return value, name, []


OPERATIONS = (brush,)
