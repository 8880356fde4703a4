"""Arithmetic of layers without a window: dense, activations, normalisation at prediction, merges, and layers that only move numbers."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np

from builder.errors import BuilderError

from .terms import Given, Kind, Terms, activation_of, looks_around, pair


def dense(given: Given) -> Terms:
    """Dense layer: y[u] = b[u] + sum over n of x[n] · w[n, u], along the last axis."""
    *lead, unit = given.index
    row, kernel = given.x[tuple(lead)], np.asarray(given.weights[0], "float64")
    biases = np.asarray(given.weights[1], "float64") if given.value("use_bias") else np.zeros(kernel.shape[1])
    places = np.array([(*lead, each) for each in range(len(row))]).reshape(len(row), -1)
    activation = activation_of(given)
    totals = row @ kernel + biases if looks_around(activation) else None
    return Terms("sum", places, row, kernel[:, unit], ("units",), float(biases[unit]), row=totals, unit=unit, activation=activation)


def alone(given: Given, *, factor: float = 1.0, bias: float = 0.0, activation: str = "linear", **more: Any) -> Terms:
    """Element-wise: one value of the same index, scaled, shifted, or through an activation."""
    value = float(given.x[given.index])
    return Terms("sum", np.array([given.index]), np.array([value]), np.array([factor]), ("value",), bias, activation=activation, more=more)


def activation(given: Given) -> Terms:
    """Activation function of an Activation layer."""
    name = activation_of(given)
    return _along(given, -1, name) if looks_around(name) else alone(given, activation=name)


def softmax(given: Given) -> Terms:
    """Softmax: e^x / the sum of e^x along an axis."""
    return _along(given, _without_batch(given.value("axis")), "softmax")


def _without_batch(axis: int) -> int:
    """The axis without the batch axis, which Keras counts where it counts from the front."""
    return axis - 1 if axis > 0 else axis


def _along(given: Given, axis: int, name: str) -> Terms:
    row = np.moveaxis(given.x, axis, -1)[tuple(np.delete(given.index, axis))]
    value, unit = np.array([given.x[given.index]]), given.index[axis]
    return Terms("sum", np.array([given.index]), value, np.ones(1), ("value",), row=row, unit=unit, activation=name)


def relu(given: Given) -> Terms:
    """ReLU and LeakyReLU layers."""
    more = {name: given.value(name) for name in ("negative_slope", "max_value", "threshold") if given.has(name)}
    return alone(given, activation="relu", **{name: value for name, value in more.items() if value is not None})


def elu(given: Given) -> Terms:
    """ELU: x, below 0 alpha · (e^x − 1)."""
    return alone(given, activation="elu", alpha=given.value("alpha"))


def prelu(given: Given) -> Terms:
    """PReLU: x, below 0 times a learned slope."""
    slopes = np.broadcast_to(np.asarray(given.weights[0], "float64"), given.x.shape)
    return alone(given, activation="relu", negative_slope=float(slopes[given.index]))


def rescaling(given: Given) -> Terms:
    """Rescaling: x · scale + offset."""
    return alone(given, factor=given.value("scale"), bias=given.value("offset"))


def batch_normalisation(given: Given) -> Terms:
    """Batch normalisation with the moving statistics: gamma · (x − mean) / √(variance + epsilon) + beta as one factor and one shift."""
    weights = [float(each[given.index[_without_batch(given.value("axis"))]]) for each in given.weights]
    gamma = weights.pop(0) if given.value("scale") else 1.0
    beta = weights.pop(0) if given.value("center") else 0.0
    mean, variance = weights
    factor = gamma / sqrt(variance + given.value("epsilon"))
    return alone(given, factor=factor, bias=beta - mean * factor)


def row_normalisation(given: Given) -> Terms:
    """Layer, RMS or unit normalisation by the row's own statistics, as one factor and one shift."""
    row, own = _row(given)
    weights = [float(each[own]) for each in given.weights]
    gamma = weights.pop(0) if given.value("scale") else 1.0
    beta = weights.pop(0) if given.value("center") else 0.0
    factor = gamma / sqrt(float(row.var()) + given.value("epsilon"))
    return alone(given, factor=factor, bias=beta - float(row.mean()) * factor)


def unit_normalisation(given: Given) -> Terms:
    """x / the length of its row."""
    row, _ = _row(given)
    return alone(given, factor=1 / sqrt(max(float((row**2).sum()), 1e-12)))


def rms_normalisation(given: Given) -> Terms:
    """gamma · x / √(the mean of the row's squares + epsilon)."""
    row, own = _row(given)
    return alone(given, factor=float(given.weights[0][own]) / sqrt(float((row**2).mean()) + given.value("epsilon")))


def _row(given: Given) -> tuple[np.ndarray, int]:
    """The numbers that a number is normalised with, along the layer's axis, and its place among them."""
    axis = _without_batch(given.value("axis"))
    return np.moveaxis(given.x, axis, -1)[tuple(np.delete(given.index, axis))], given.index[axis]


MERGES: dict[str, Kind] = {
    "sum": "sum",
    "difference": "sum",
    "product": "product",
    "mean": "mean",
    "largest": "largest",
    "smallest": "smallest",
}


def merge(given: Given) -> Terms:
    """Merge layers (add, multiply...): the same place of every input, put together; an axis of length 1 stands for all."""
    places = [tuple(min(at, size - 1) for at, size in zip(given.index, x.shape, strict=True)) for x in given.inputs]
    values = np.array([float(x[place]) for x, place in zip(given.inputs, places, strict=True)])
    factors = np.array([1.0, -1.0]) if given.rule == "difference" else np.ones(len(values))
    return Terms(MERGES[given.rule], np.array(places), values, factors, ("inputs",), sources=np.arange(len(values)))


def concatenate(given: Given) -> Terms:
    """Concatenate: a number of one of the inputs, moved along an axis."""
    axis = _without_batch(given.value("axis"))
    place, source = list(given.index), 0
    while place[axis] >= given.inputs[source].shape[axis]:
        place[axis] -= given.inputs[source].shape[axis]
        source += 1
    return _copied(given, tuple(place), source)


def moved(given: Given) -> Terms:
    """Layers that only move numbers (reshape, crop, pad...): a number from elsewhere in the input, found by moving flat indices."""
    shape = given.inputs[0].shape
    numbers = MOVES[given.rule](given, np.arange(given.inputs[0].size).reshape(shape))  # -1 for padding
    number = int(numbers[given.index])
    return _copied(given, tuple(map(int, np.unravel_index(number, shape))) if number >= 0 else (-1,) * len(shape))


def _pad(given: Given, x: np.ndarray) -> np.ndarray:
    return np.pad(x, [*_edges(given.value("padding"), x.ndim - 1), (0, 0)], constant_values=-1)


def _crop(given: Given, x: np.ndarray) -> np.ndarray:
    edges = zip(_edges(given.value("cropping"), x.ndim - 1), x.shape, strict=False)
    return x[tuple(slice(low, size - high) for (low, high), size in edges)]


def _upsample(given: Given, x: np.ndarray) -> np.ndarray:
    for axis, times in enumerate(pair(given.value("size"), x.ndim - 1)):
        x = np.repeat(x, times, axis=axis)
    return x


MOVES: dict[str, Callable[[Given, np.ndarray], np.ndarray]] = {
    "flatten": lambda given, x: x.reshape(-1),
    "reshape": lambda given, x: x.reshape(given.value("target_shape")),
    "permute": lambda given, x: x.transpose([axis - 1 for axis in given.value("dims")]),
    "repeat": lambda given, x: np.repeat(x[None], given.value("n"), axis=0),
    "pad": _pad,
    "crop": _crop,
    "upsample": _upsample,
}


def _edges(value: Any, axes: int) -> list[tuple[int, int]]:
    """Padding as (before, after) for each axis from a number, one each, or two each."""
    every = [pair(value, 2)] if axes == 1 else [pair(each, 2) for each in pair(value, axes)]
    return [(before, after) for before, after in every]


def _copied(given: Given, place: tuple[int, ...], source: int = 0) -> Terms:
    value = float(given.inputs[source][place]) if min(place) >= 0 else 0.0
    return Terms("copy", np.array([place]), np.array([value]), np.ones(1), ("value",), sources=np.array([source]))


def embedding(given: Given) -> Terms:
    """Embedding: a number of the table's row for a token; the token's one-hot row times the table has only this term."""
    *step, feature = given.index
    token = int(given.inputs[0][tuple(step)])
    if not 0 <= token < len(given.weights[0]):
        raise BuilderError("The token", f"a number from 0 to {len(given.weights[0]) - 1:,}", str(token))
    value = float(given.weights[0][token, feature])
    return Terms("sum", np.array([step]), np.ones(1), np.array([value]), ("token",))
