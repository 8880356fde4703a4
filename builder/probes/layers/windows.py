"""Arithmetic of layers with a receptive field: convolution and pooling in one or two dimensions.

Keras's convolution is cross-correlation: y[o, f] = b[f] + sum over k, c of x[o·stride − before + k·dilation, c] · w[k, c, f].
A transposed one gives each x[i, c] · w[k, f, c] to the place i·stride + k·dilation − before.
"""

from dataclasses import replace
from math import ceil, prod

import numpy as np

from .terms import Given, Kind, Terms, activation_of, looks_around, pair

NAMES = {1: ("steps",), 2: ("height", "width")}


def window(given: Given, shape: tuple[int, ...], where: tuple[int, ...], size: str) -> np.ndarray:
    """Receptive field (as im2col), (*window, axes): the places in axes of lengths `shape` for the output at `where`; may lie outside."""
    axes = len(shape)
    sizes, strides = pair(given.value(size), axes), pair(given.value("strides"), axes)
    rates = pair(given.value("dilation_rate"), axes) if given.has("dilation_rate") else (1,) * axes
    lines = [_line(*each, given.value("padding")) for each in zip(shape, where, sizes, strides, rates, strict=True)]
    return np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1)


def _line(length: int, where: int, size: int, stride: int, rate: int, padding: str) -> np.ndarray:
    span = (size - 1) * rate + 1
    before = {"valid": 0, "causal": span - 1}.get(padding, max((ceil(length / stride) - 1) * stride + span - length, 0) // 2)
    return where * stride - before + np.arange(size) * rate


def window_back(given: Given, shape: tuple[int, ...], where: tuple[int, ...]) -> np.ndarray:
    """Receptive field of a transposed convolution, (*window, axes): the places whose kernels reach the output at `where`; -1 in a gap."""
    axes = len(shape)
    sizes, strides, rates = (pair(given.value(name), axes) for name in ("kernel_size", "strides", "dilation_rate"))
    extra = pair(given.value("output_padding"), axes)
    lines = [_line_back(*each, padding=given.value("padding")) for each in zip(shape, where, sizes, strides, rates, extra, strict=True)]
    return np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1)


def _line_back(length: int, where: int, size: int, stride: int, rate: int, extra: int | None, *, padding: str) -> np.ndarray:
    """Transposed convolution along one axis: out = place · stride + k · dilation − before, solved for the place."""
    span, before = (size - 1) * rate + 1, 0
    if padding == "same":
        out = length * stride if extra is None else (length - 1) * stride + span - 2 * (span // 2) + extra
        before = max((length - 1) * stride + span - out, 0) // 2
    reach = where + before - np.arange(size) * rate
    return np.where(reach % stride == 0, reach // stride, -1)


def _seen(x: np.ndarray, places: np.ndarray, channels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values (*window, channels) of x (*axes, channels) with zeros outside, and places (*window, channels, axes + 1), -1 outside."""
    inside = np.asarray(((places >= 0) & (places < x.shape[:-1])).all(axis=-1))
    near = np.clip(places, 0, np.array(x.shape[:-1]) - 1)
    values = x[tuple(np.moveaxis(near, -1, 0))][..., channels] * inside[..., None]
    spread = np.broadcast_to(places[..., None, :], (*values.shape, places.shape[-1]))
    full = np.concatenate([spread, np.broadcast_to(channels[:, None], (*values.shape, 1))], axis=-1)
    return values, np.where(inside[..., None, None], full, -1)


def _first(given: Given) -> bool:
    return given.has("data_format") and given.value("data_format") == "channels_first"


def _turned(given: Given) -> Given:
    """The layer with its input and index in the channels-last data format, as the arithmetic is written."""
    return replace(given, inputs=(np.moveaxis(given.x, 0, -1),), index=(*given.index[1:], given.index[0])) if _first(given) else given


def _back(given: Given, places: np.ndarray) -> np.ndarray:
    return np.concatenate([places[..., -1:], places[..., :-1]], axis=-1) if _first(given) else places


def convolution(given: Given) -> Terms:
    """Convolution: a window of values times a kernel; the kernel sees only its group's channels."""
    turned = _turned(given)
    x, index = turned.x, turned.index
    kernel, unit = _kernel(given, x.shape[-1]), index[-1]
    first, count = _channels(given, x.shape[-1], kernel, unit)
    channels = np.arange(first, first + count)
    back = given.rule == "transposed_convolution"
    places = window_back(given, x.shape[:-1], index[:-1]) if back else window(given, x.shape[:-1], index[:-1], "kernel_size")
    values, full = _seen(x, places, channels)
    biases = np.asarray(given.weights[-1], "float64") if given.value("use_bias") else np.zeros(kernel.shape[-1])
    row = None
    if looks_around(activation := activation_of(given)):
        row = np.array([_total(given, x, places, kernel, each, biases) for each in range(kernel.shape[-1])])
    return Terms(
        "sum",
        _back(given, full),
        values,
        kernel[..., unit],
        (*NAMES[x.ndim - 1], "channels"),
        float(biases[unit]),
        row=row,
        unit=unit,
        activation=activation,
    )


def _total(given: Given, x: np.ndarray, places: np.ndarray, kernel: np.ndarray, unit: int, biases: np.ndarray) -> float:
    first, count = _channels(given, x.shape[-1], kernel, unit)
    values, _ = _seen(x, places, np.arange(first, first + count))
    return float((values * kernel[..., unit]).sum() + biases[unit])


def _channels(given: Given, channels: int, kernel: np.ndarray, unit: int) -> tuple[int, int]:
    """Channels of a grouped convolution: the first one that a unit's kernel sees, and how many."""
    if given.rule == "depthwise_convolution":
        return unit // given.value("depth_multiplier"), 1
    groups = given.value("groups") if given.has("groups") else 1
    return unit // (kernel.shape[-1] // groups) * (channels // groups), channels // groups


def _kernel(given: Given, channels: int) -> np.ndarray:
    """The convolution kernel, (*window, channels, units): transposed ones turned, separable ones joined, depthwise ones of one channel."""
    kernel = np.asarray(given.weights[0], "float64")
    if given.rule == "transposed_convolution":
        return np.swapaxes(kernel, -1, -2)
    if given.rule == "depthwise_convolution":
        return kernel.reshape(*kernel.shape[:-2], 1, prod(kernel.shape[-2:]))
    if given.rule == "separable_convolution":
        points = np.asarray(given.weights[1], "float64").reshape(
            channels, -1, given.weights[1].shape[-1]
        )  # (channels, multiplier, filters)
        return np.einsum("...cm,cmf->...cf", kernel, points)
    return kernel


def pooling(given: Given) -> Terms:
    """Pooling: the largest value of a window, or its mean; padding counts for neither."""
    turned = _turned(given)
    places = window(given, turned.x.shape[:-1], turned.index[:-1], "pool_size")
    return _pooled(given, turned.x, places, turned.index[-1])


def global_pooling(given: Given) -> Terms:
    """Global pooling: the largest value of a channel, or its mean."""
    x = np.moveaxis(given.x, 0, -1) if _first(given) else given.x
    channel = max(given.index) if given.value("keepdims") else given.index[-1]
    return _pooled(given, x, np.moveaxis(np.indices(x.shape[:-1]), 0, -1), channel)


def _pooled(given: Given, x: np.ndarray, places: np.ndarray, channel: int) -> Terms:
    values, full = _seen(x, places, np.array([channel]))
    kind: Kind = "largest" if given.rule.startswith("largest") else "mean"
    return Terms(kind, _back(given, full[..., 0, :]), values[..., 0], np.ones(values.shape[:-1]), NAMES[x.ndim - 1])
