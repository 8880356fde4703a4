"""How many numbers, bytes and multiply-accumulates: products over shapes.

Shapes here carry the batch axis first; an axis of unknown size counts as 1.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from math import prod
from typing import Any

import keras
from keras.src.layers.convolutional.base_conv import BaseConv
from keras.src.layers.convolutional.base_conv_transpose import BaseConvTranspose
from keras.src.layers.convolutional.base_depthwise_conv import BaseDepthwiseConv
from keras.src.layers.convolutional.base_separable_conv import BaseSeparableConv

Sizes = tuple[int | None, ...]
Ports = Mapping[str, list[Sizes]]  # the shapes that arrive at each port, the layer's first port first
_BYTES = {"bool": 1, "string": 0, "float8_e4m3fn": 1, "float8_e5m2": 1}


def elements(shape: Iterable[int | None]) -> int:
    """The product of the known axes."""
    return prod(1 if size is None else size for size in shape)


@cache
def bytes_of(dtype: str) -> int:
    """Bytes of one number: `float32` is 4; strings count as 0."""
    return _BYTES[dtype] if dtype in _BYTES else int("".join(filter(str.isdigit, dtype))) // 8


def _first(inputs: Ports) -> Sizes:
    return next(iter(inputs.values()))[0]


def _dense(layer: Any, inputs: Ports, output: Sizes) -> int:
    return elements(output[1:-1]) * elements(layer.kernel.shape)


def _spatial(layer: Any, shape: Sizes) -> int:
    """Positions of an image or sequence: all axes but batch and channels."""
    return elements(shape[2:] if layer.data_format == "channels_first" else shape[1:-1])


def _conv(layer: Any, inputs: Ports, output: Sizes) -> int:
    return _spatial(layer, output) * elements(layer.kernel.shape)


def _conv_transpose(layer: Any, inputs: Ports, output: Sizes) -> int:
    return _spatial(layer, _first(inputs)) * elements(layer.kernel.shape)


def _separable(layer: Any, inputs: Ports, output: Sizes) -> int:
    return _spatial(layer, output) * (elements(layer.depthwise_kernel.shape) + elements(layer.pointwise_kernel.shape))


def _recurrent(layer: Any, inputs: Ports, output: Sizes) -> int:
    """Each step multiplies by the input's and the state's kernel, which hold all gates side by side."""
    return elements(_first(inputs)[1:2]) * (elements(layer.cell.kernel.shape) + elements(layer.cell.recurrent_kernel.shape))


def _attention(layer: Any, inputs: Ports, output: Sizes) -> int:
    """The projections, the scores and the weighted sum of the values; each query looks along the attended axes only."""
    query, value = inputs["query"][0], inputs["value"][0]
    key = inputs["key"][0] if "key" in inputs else value
    projections = [(query, layer._query_dense), (key, layer._key_dense), (value, layer._value_dense), (query, layer._output_dense)]
    if layer._use_gate:
        projections.append((query, layer._gate_dense))
    projected = sum(elements(shape[1:-1]) * elements(dense.kernel.shape) for shape, dense in projections)
    pairs = elements(query[1:-1]) * elements(key[axis] for axis in layer._attention_axes)
    return projected + pairs * layer._num_heads * (layer._key_dim + layer._value_dim)


def _bidirectional(layer: Any, inputs: Ports, output: Sizes) -> int:
    return macs(layer.forward_layer, inputs, output) + macs(layer.backward_layer, inputs, output)


def _time_distributed(layer: Any, inputs: Ports, output: Sizes) -> int:
    batch, steps, *rest = _first(inputs)
    return elements((steps,)) * macs(layer.layer, {"inputs": [(batch, *rest)]}, (output[0], *output[2:]))


_RULES: tuple[tuple[type, Callable[[Any, Ports, Sizes], int]], ...] = (
    (keras.layers.Dense, _dense),
    (BaseConv, _conv),
    (BaseDepthwiseConv, _conv),
    (BaseSeparableConv, _separable),
    (BaseConvTranspose, _conv_transpose),
    (keras.layers.SimpleRNN, _recurrent),
    (keras.layers.LSTM, _recurrent),
    (keras.layers.GRU, _recurrent),
    (keras.layers.MultiHeadAttention, _attention),
    (keras.layers.Bidirectional, _bidirectional),
    (keras.layers.TimeDistributed, _time_distributed),
)


def macs(layer: keras.Layer, inputs: Ports, output: Sizes) -> int:
    """Multiply-accumulates of a built layer's kernels for one sample; biases, activations and all other layers count 0."""
    return next((rule(layer, inputs, output) for kind, rule in _RULES if isinstance(layer, kind)), 0)


def weight_bytes(layer: keras.Layer) -> int:
    """Bytes of a layer's weights, as Keras stores them."""
    return sum(elements(weight.shape) * bytes_of(weight.dtype) for weight in layer.weights)
