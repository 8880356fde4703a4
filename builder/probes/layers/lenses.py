"""The arithmetic of a whole feature map: each number's terms (its receptive field), in one answer, so that a lens moves at once."""

from collections.abc import Sequence
from itertools import product
from math import isqrt
from typing import Any

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found
from builder.probes.model.samples import asked_sample

from .layer_outputs import with_inputs
from .lens import inputs_of, terms
from .terms import Terms

MOST_TERMS = 210_000  # in one answer; where a map has more, the numbers around the asked one
MOST_INPUT = 100_000  # numbers of the inputs; where there are more, the part that the terms touch


def lenses(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """The arithmetic of a feature map's numbers, all or those around one.

    A map is one channel of (height, width, channels) or of (steps, units); of (units,) it is all of them.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given, `layer`, `map`, `at`: the place
            in the map that must be among them, None: the one with the largest number.

    Returns:
        `axes` and `window` (its lengths) of the terms, `grid` (the map's lengths), `box` [[first, last], ...] of the places
        that are answered, `at`, `kind`, `activation`, `sources`, `origins` (where each input's part begins), and the check.
        Arrays: `own` the map; `input:N`; for each answered place in order: `places` (places, terms) in all inputs flat, one
        after the other, -1 for padding; `factors` (places, terms); `bias`, `total`, `result` (places,); `top` and `below`
        (places,), the largest of a softmax's scores and the sum of e^(score - top). `places` and `factors` have a
        single row where all are alike.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    one, name = asked_sample(run, arguments, arrays), str(arguments["layer"])
    if name not in run.names:
        raise BuilderError("The layer", f"one of {', '.join(run.names)}", repr(name))
    values = with_inputs(run, one, name)
    own, number = map_of(values[name], int(arguments.get("map") or 0))
    at = _place(arguments.get("at"), own)
    inputs = [np.asarray(each, "float64") for each in inputs_of(run, name, values, one)]
    asked = _Asked(run, name, inputs, () if values[name].ndim == 1 else (number,))
    first = asked.terms(at)
    box = _box(own.shape, at, max(MOST_TERMS // max(first.values.size, 1), 1))
    found = [asked.terms(place) for place in product(*(range(low, high + 1) for low, high in box))]
    parts, origins = _parts(inputs, found)
    near = own[tuple(slice(low, high + 1) for low, high in box)].reshape(-1)
    result = np.array([each.result for each in found])
    answer = {
        "layer": name,
        "map": number,
        "maps": 1 if values[name].ndim == 1 else values[name].shape[-1],
        "at": list(at),
        "grid": list(own.shape),
        "box": box,
        "axes": list(first.axes),
        "window": list(first.values.shape),
        "kind": first.kind,
        "activation": first.activation,
        "sources": [edge.source for edge in run.network.inputs_of(name)],
        "shapes": [list(each.shape) for each in inputs],
        "parts": [list(each.shape) for each in parts],
        "origins": origins,
        "epoch": run.epoch,
        "check": {"name": "Largest difference to the layer's own output", "value": float(np.abs(result - near).max())},
    }
    return answer, _arrays(own, parts, origins, found, result)


class _Asked:
    """One layer of a run, whose terms are asked for place by place."""

    def __init__(self, run: Loaded, name: str, inputs: Sequence[np.ndarray], channel: tuple[int, ...]) -> None:
        self.node = run.network.node(name)
        self.weights = [np.asarray(each, "float64") for each in run.model.get_layer(run.names[name]).get_weights()]
        self.inputs, self.channel = inputs, channel

    def terms(self, place: Sequence[int]) -> Terms:
        """The terms of the number at a place of the map."""
        return terms(self.node.layer, self.node.params, self.inputs, self.weights, (*place, *self.channel))


def map_of(value: np.ndarray, number: int) -> tuple[np.ndarray, int]:
    """A layer's feature map and its number, the last where there are fewer."""
    if value.ndim <= 1:
        return value, 0
    number = min(max(number, 0), value.shape[-1] - 1)
    return value[..., number], number


def _place(asked: Sequence[int] | None, own: np.ndarray) -> tuple[int, ...]:
    """The asked place in the map, clipped to it; none: the largest number's (argmax)."""
    if asked is None or len(asked) != own.ndim:
        return tuple(int(each) for each in np.unravel_index(int(np.nan_to_num(own).argmax()), own.shape))
    return tuple(min(max(int(each), 0), size - 1) for each, size in zip(asked, own.shape, strict=True))


def _box(grid: Sequence[int], at: Sequence[int], most: int) -> list[list[int]]:
    """The part of the map that is sent, [first, last] along each axis: everything, or about `most` places around one."""
    if int(np.prod(grid)) <= most:
        return [[0, size - 1] for size in grid]
    side = most if len(grid) == 1 else isqrt(most) if len(grid) == 2 else 1
    lows = [min(max(place - side // 2, 0), max(size - side, 0)) for place, size in zip(at, grid, strict=True)]
    return [[low, min(low + side, size) - 1] for low, size in zip(lows, grid, strict=True)]


def _parts(inputs: Sequence[np.ndarray], found: Sequence[Terms]) -> tuple[list[np.ndarray], list[list[int]]]:
    """The receptive field: the inputs, or where they are large the parts that the terms touch; and where each part begins."""
    if sum(each.size for each in inputs) <= MOST_INPUT:
        return list(inputs), [[0] * each.ndim for each in inputs]
    touched = np.concatenate([each.places.reshape(-1, each.places.shape[-1]) for each in found])
    touched = touched[(touched >= 0).all(axis=1)]
    low, high = (touched.min(axis=0), touched.max(axis=0)) if len(touched) else (np.zeros(touched.shape[1], int),) * 2
    part = tuple(slice(int(first), int(last) + 1) for first, last in zip(low, high, strict=True))
    return [each[part] for each in inputs], [low.tolist() for _ in inputs]


def _arrays(own: np.ndarray, parts: Sequence[np.ndarray], origins: list[list[int]], found: Sequence[Terms], result: np.ndarray) -> Found:
    places = np.stack([_flat(each, parts, origins) for each in found])
    factors = np.stack([each.factors.reshape(-1) for each in found]).astype("float32")
    rows = [each.row for each in found]
    arrays = {
        "own": own.astype("float32"),
        "places": _once(places),
        "factors": _once(factors),
        "bias": np.array([each.bias for each in found], "float32"),
        "total": np.array([each.total for each in found], "float32"),
        "result": result.astype("float32"),
        **{f"input:{place}": each.astype("float32") for place, each in enumerate(parts)},
    }
    if rows[0] is not None:
        tops = [float(row.max()) for row in rows if row is not None]
        arrays["top"] = np.array(tops, "float32")
        arrays["below"] = np.array([np.exp(row - top).sum() for row, top in zip(rows, tops, strict=True) if row is not None], "float32")
    return arrays


def _flat(found: Terms, parts: Sequence[np.ndarray], origins: list[list[int]]) -> np.ndarray:
    """The flat index of each term's value in all parts, one after the other (as im2col has it); -1: padding."""
    places = found.places.reshape(-1, found.places.shape[-1])
    sources = np.zeros(len(places), int) if found.sources is None else np.broadcast_to(found.sources.reshape(-1), len(places))
    starts = np.cumsum([0, *(each.size for each in parts)])
    flat = np.full(len(places), -1, "int32")
    inside = (places >= 0).all(axis=1)
    for source, (part, origin) in enumerate(zip(parts, origins, strict=True)):
        mine = inside & (sources == source)
        if mine.any():
            flat[mine] = starts[source] + np.ravel_multi_index(tuple((places[mine] - origin).T), part.shape)
    return flat


def _once(rows: np.ndarray) -> np.ndarray:
    """A single row where all rows are equal."""
    return rows[:1] if (rows == rows[0]).all() else rows


OPERATIONS = (lenses,)
