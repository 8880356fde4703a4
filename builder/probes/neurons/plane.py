"""Decision boundary and responses of every neuron over the plane, for data of two numbers: one batched call over a grid."""

from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from builder.catalogue import facts
from builder.datasets import PARTS
from builder.errors import BuilderError
from builder.network.records import Node
from builder.probes.layers.terms import looks_around
from builder.probes.model.arguments import number
from builder.probes.model.batches import planned
from builder.probes.model.loaded import MOST_OUTPUTS, Loaded, loaded, output_bytes
from builder.probes.model.predicting import raw_scores
from builder.probes.model.record import Found
from builder.probes.model.samples import asked_sample, part
from builder.recipes import rates_classes
from builder.words import format_shape

SIDE = 97  # points along each axis
LEAST = 25
MARGIN = 0.08  # of the data's width, left free at each side
MOST_UNITS = 64  # of a layer
MOST_NUMBERS = 400_000  # of all neurons together
MOST_SAMPLES = 400


class Grid(NamedTuple):
    """A grid of points in a plane: `x` from left to right, `y` from top to bottom, so the largest comes first."""

    x: np.ndarray
    y: np.ndarray

    @property
    def points(self) -> np.ndarray:
        """The grid's points, (len(y) * len(x), 2), row by row from the top."""
        return np.stack([np.tile(self.x, len(self.y)), np.repeat(self.y, len(self.x))], axis=1).astype("float32")


def flat(run: Loaded) -> bool:
    """Whether the network's input is two-dimensional, the data's own two numbers."""
    return len(run.model.inputs) == 1 and tuple(run.model.inputs[0].shape[1:]) == (2,) and planned(run).dataset.input_shape == (2,)


def grid_of(run: Loaded, side: int = SIDE) -> Grid:
    """A grid around all of the data, with fewer points where all neurons at all points would be too large.

    Raises:
        BuilderError: the data are not of two numbers.
    """
    if not flat(run):
        came = format_shape(planned(run).dataset.input_shape)
        raise BuilderError("The plane", "data of two numbers, such as moons, circles or spirals", came, "Train on one of these.")
    each = output_bytes(run, np.zeros((1, 2), "float32"))
    while side > LEAST and each * side * side > MOST_OUTPUTS:
        side = side // 2 | 1
    x = np.concatenate([part(run.settings, name).x for name in PARTS])
    ends = [(low - MARGIN * (high - low), high + MARGIN * (high - low)) for low, high in zip(x.min(axis=0), x.max(axis=0), strict=True)]
    across, up = (np.linspace(*end, side).astype("float32") for end in ends)
    return Grid(across, up[::-1])


def chances(run: Loaded, rows: np.ndarray) -> np.ndarray:
    """Probabilities of the classes from the last layer's rows (points, units), or as they are where there are no classes."""
    count = classes_rated(run)
    rows = rows.reshape(len(rows), -1).astype("float64")
    if not count or rows.shape[1] not in (1, count) or (rows.shape[1] == 1 and count != 2):
        return rows
    if rows.shape[1] == 1:
        chance = 1 / (1 + np.exp(-rows)) if raw_scores(run) else rows
        return np.concatenate([1 - chance, chance], axis=1)
    return softmax(rows) if raw_scores(run) else rows


def softmax(rows: np.ndarray) -> np.ndarray:
    """Softmax: e^x / the sum of e^x along the last axis."""
    powers = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def classes_rated(run: Loaded) -> int:
    """The number of classes of a classifier; 0 where the network gives numbers, or its input again."""
    dataset = planned(run).dataset
    return len(dataset.classes) if rates_classes(run.settings.recipe, dataset) else 0


def rating(run: Loaded) -> bool:
    """Whether the output is a probability for each class, so that there is a decision boundary."""
    classes, units = classes_rated(run), run.model.outputs[0].shape[-1]
    return bool(classes) and (units == classes or (units == 1 and classes == 2))


def everywhere(run: Loaded, points: np.ndarray) -> Found:
    """Forward pass: each layer's output (points, units) by name; layers with another shape are left out."""
    values = zip(run.names, run.function(points), strict=True)
    return {name: np.asarray(value) for name, value in values if not isinstance(value, list | tuple) and len(value.shape) == 2}


def telling(run: Loaded, outputs: Found, points: np.ndarray) -> list[str]:
    """The layers that change something: one whose output is its input, such as dropout, is left out."""
    found = []
    for name, value in outputs.items():
        before = fed(run, name, outputs, points)
        if before is None or before.shape != value.shape or not np.array_equal(before, value):
            found.append(name)
    return found


def fed(run: Loaded, name: str, outputs: Found, points: np.ndarray) -> np.ndarray | None:
    """The input of a layer that has one, (points, numbers)."""
    edges = run.network.inputs_of(name)
    if len(edges) != 1:
        return None
    return points if run.network.node(edges[0].source).is_input else outputs.get(edges[0].source)


def is_dense(node: Node) -> bool:
    """Whether a layer's output is an activation of x · W + b."""
    return facts(node.layer).arithmetic == "dense"


def recomputed(run: Loaded, name: str, before: np.ndarray) -> np.ndarray | None:
    """Dense layer by numpy: activation(x · W + b); None for other layers and activations."""
    from builder.catalogue.activations import ACTIVATIONS, curve

    node = run.network.node(name)
    if not is_dense(node):
        return None
    kernel, *bias = (np.asarray(each, "float64") for each in run.model.get_layer(run.names[name]).get_weights())
    totals = before.astype("float64") @ kernel + (bias[0] if bias else 0)
    activation = facts(node.layer).value(node.params, "activation") or "linear"
    if activation == "softmax":
        return softmax(totals)
    if activation not in ACTIVATIONS or looks_around(activation):
        return None
    return np.reshape(curve(activation, totals.reshape(-1).tolist()), totals.shape)


def difference(run: Loaded, outputs: Found, points: np.ndarray, names: Sequence[str]) -> float:
    """The largest difference between dense layers by numpy and by Keras, over some of the points."""
    rows, most = slice(None, None, max(len(points) // 200, 1)), 0.0
    for name in names:
        before = fed(run, name, outputs, points)
        mine = None if before is None else recomputed(run, name, before[rows])
        if mine is not None:
            most = max(most, float(np.abs(mine - outputs[name][rows]).max(initial=0)))
    return most


def plane(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Decision boundary at an epoch: the network's output, and every neuron's activation, over the plane.

    Args:
        arguments: `run`, `epoch`, `part` whose samples are shown and `sample`, `side` (points along each axis).

    Returns:
        `layers` [{name, layer, units, activation, source}], `step` (of the neurons' grid in the answer's), `rating`, `epoch` and the
        check; arrays `x` (side,), `y` (side,), `answer` (classes or targets, side, side), `layer:NAME` (units, side / step, ...),
        `kernel:NAME` (inputs, units) and `bias:NAME` of dense layers, `points` (samples, 2), `labels` and `here` (2,).
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    grid = grid_of(run, number(arguments, "side", SIDE, LEAST, 201) | 1)
    outputs = everywhere(run, grid.points)
    names = telling(run, outputs, grid.points)
    rows = outputs[run.network.outputs[0].name]
    shape = (len(grid.y), len(grid.x))
    shown = sum(min(outputs[name].shape[1], MOST_UNITS) for name in names)
    step = max(2, ceil((shown * shape[0] * shape[1] / MOST_NUMBERS) ** 0.5))
    some = part(run.settings, arguments.get("part") or "test")
    here = asked_sample(run, arguments, arrays).x[0]
    found: Found = {
        "x": grid.x,
        "y": grid.y,
        "answer": chances(run, rows).T.reshape(-1, *shape).astype("float32"),
        "points": some.x[:MOST_SAMPLES],
        "labels": some.y[:MOST_SAMPLES].reshape(len(some.x[:MOST_SAMPLES]), -1)[:, 0],
        "here": here,
    }
    for name in names:
        found[f"layer:{name}"] = outputs[name].T[:MOST_UNITS].reshape(-1, *shape)[:, ::step, ::step]
        if is_dense(run.network.node(name)):
            kernel, *bias = run.model.get_layer(run.names[name]).get_weights()
            found |= {f"kernel:{name}": kernel[:, :MOST_UNITS], f"bias:{name}": bias[0] if bias else np.zeros(kernel.shape[1], "float32")}
    answer = {
        "layers": [described(run, name, outputs[name].shape[1]) for name in names],
        "step": step,
        "rating": rating(run),
        "epoch": run.epoch,
        "check": {"name": "Dense layers put together by numpy", "value": difference(run, outputs, grid.points, names)},
    }
    return answer, found


def described(run: Loaded, name: str, units: int) -> dict[str, Any]:
    """A layer for the page: its type, activation, and what feeds it where that is one layer."""
    node, edges = run.network.node(name), run.network.inputs_of(name)
    source = edges[0].source if len(edges) == 1 else ""
    if source and run.network.node(source).is_input:
        source = "input"
    return {"name": name, "layer": node.layer, "units": units, "activation": node.params.get("activation") or "linear", "source": source}


OPERATIONS = (plane,)
