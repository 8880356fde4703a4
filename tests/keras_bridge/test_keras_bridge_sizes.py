"""Multiply-accumulates against the operations that TensorFlow really runs."""

from math import prod
from typing import Any

import pytest
import tensorflow as tf

from builder.keras_bridge import analyse, to_keras
from builder.network import Network
from tests.kit.layers_in_a_row import IMAGE, STEPS, chain


def products(network: Network) -> int:
    """Multiply-accumulates of one sample, counted from the operations TensorFlow runs."""
    model = to_keras(network)
    specs = [tf.TensorSpec((1, *each.shape[1:]), each.dtype) for each in model.inputs]
    graph = (
        tf.function(lambda *inputs: model(list(inputs) if len(inputs) > 1 else inputs[0], training=False))
        .get_concrete_function(*specs)
        .graph
    )
    return sum(_products(operation) for operation in graph.get_operations())


def _products(operation: Any) -> int:
    shapes = [tuple(each.shape) for each in operation.inputs if each.shape.rank is not None]
    match operation.type:
        case "MatMul":
            return prod(operation.outputs[0].shape) * shapes[0][0 if operation.get_attr("transpose_a") else 1]
        case "BatchMatMulV2":
            return prod(operation.outputs[0].shape) * shapes[0][-2 if operation.get_attr("adj_x") else -1]
        case "Einsum":
            terms = operation.get_attr("equation").decode().split("->")[0].split(",")
            return prod(
                {label: size for term, shape in zip(terms, shapes, strict=True) for label, size in zip(term, shape, strict=True)}.values()
            )
        case "Conv2D":  # filter: (height, width, channels, filters)
            return prod(operation.outputs[0].shape) * prod(shapes[1][:3])
        case "DepthwiseConv2dNative":
            return prod(operation.outputs[0].shape) * prod(shapes[1][:2])
        case "Conv2DBackpropInput":  # filter: (height, width, filters, channels); the last input is what arrives
            return prod(shapes[2]) * prod(shapes[1][:3])
    return 0


COUNTED = [
    chain(IMAGE, ("Conv2D", {"filters": 8, "kernel_size": [3, 2], "strides": [2, 2]})),
    chain(
        IMAGE,
        ("Conv2D", {"filters": 8, "kernel_size": [3, 3], "padding": "same"}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 5}),
    ),
    chain(STEPS, ("Conv1D", {"filters": 8, "kernel_size": 3})),
    chain(IMAGE, ("DepthwiseConv2D", {"kernel_size": [3, 3], "depth_multiplier": 2})),
    chain(IMAGE, ("SeparableConv2D", {"filters": 5, "kernel_size": [3, 3]})),
    chain(IMAGE, ("Conv2DTranspose", {"filters": 5, "kernel_size": [3, 3], "strides": [2, 2]})),
    chain(IMAGE, ("Dense", {"units": 7})),
    chain(STEPS, ("SimpleRNN", {"units": 3, "unroll": True})),
    chain(STEPS, ("LSTM", {"units": 3, "unroll": True})),
    chain(STEPS, ("GRU", {"units": 3, "unroll": True})),
    chain(STEPS, ("Bidirectional", {"layer": {"layer": "LSTM", "params": {"units": 3, "unroll": True}}})),
    chain(STEPS, ("TimeDistributed", {"layer": {"layer": "Dense", "params": {"units": 3}}})),
    chain(STEPS, ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "value_dim": 5, "use_gate": True})),
    chain(IMAGE, ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3})),
    chain(IMAGE, ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "attention_axes": 2})),
]


@pytest.mark.parametrize("network", COUNTED, ids=lambda network: network.nodes[1].layer)
def test_multiply_accumulates_are_those_of_the_operations_that_run(network: Network) -> None:
    assert analyse(network).macs == products(network) > 0


def test_groups_divide_the_work_of_a_convolution() -> None:
    whole, halves = (analyse(chain(IMAGE, ("Conv2D", {"filters": 8, "kernel_size": [3, 3], "groups": groups}))).macs for groups in (1, 2))
    assert whole == 2 * halves == 10 * 8 * 9 * 4 * 8


def test_an_axis_of_unknown_size_counts_as_one() -> None:
    analysis = analyse(chain(("Input", {"shape": [None, 4]}), ("LSTM", {"units": 3})))
    assert analysis.layers[0].output_shape == (None, 4)
    assert analysis.macs == 4 * (4 * 3 + 3 * 3)
