"""What Keras accepts and is hardly meant is told at its layer, with a button that mends it, and nothing of the zoo is."""

from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.keras_bridge import analyse, to_keras
from builder.network import Edge, Network, Node, apply
from tests.kit.layers_in_a_row import chain

IMAGE, ROW = ("Input", {"shape": [12, 12, 3]}), ("Input", {"shape": [20]})
HEAD = ("Dense", {"units": 5, "activation": "softmax"})


def dense(activation: str | None, units: int = 8) -> tuple[str, dict[str, Any]]:
    return ("Dense", {"units": units} | ({"activation": activation} if activation else {}))


def conv(activation: str | None = None, size: int = 3, filters: int = 4) -> tuple[str, dict[str, Any]]:
    params = {"filters": filters, "kernel_size": [size, size], "padding": "same"}
    return ("Conv2D", params | ({"activation": activation} if activation else {}))


def residual(activation: str | None, size: int = 1) -> Network:
    """A block of two convolutions with a projection on its shortcut."""
    nodes = [
        ("input", *IMAGE),
        ("before", *conv("relu")),
        ("one", *conv("relu", 3, 6)),
        ("shortcut", *conv(activation, size, 6)),
        ("add", "Add", {}),
    ]
    wires = [("input", "before"), ("before", "one"), ("before", "shortcut"), ("one", "add"), ("shortcut", "add")]
    return Network(
        name="residual",
        nodes=tuple(Node(name=name, layer=layer, params=params) for name, layer, params in nodes),
        edges=tuple(Edge(source=source, target=target) for source, target in wires),
    )


POOL, FLAT = ("AveragePooling2D", {"pool_size": [2, 2]}), ("Flatten", {})
DEPTH = ("DepthwiseConv2D", {"kernel_size": [3, 3]})
DRAWN = ("Conv2DTranspose", {"filters": 3, "kernel_size": [3, 3], "activation": "relu"})
LINEAR = {  # layers of several types that are one linear function: up to which one
    "a convolution and a Dense": ((IMAGE, conv(), FLAT, HEAD), "conv2d_1", "dense_3"),
    "strides, pooling and dropout between": (
        (IMAGE, ("Conv2D", {"filters": 4, "kernel_size": [3, 3], "strides": [2, 2]}), POOL, ("Dropout", {"rate": 0.5}), FLAT, HEAD),
        "conv2d_1",
        "dense_5",
    ),
    "borders added and cut": (
        (IMAGE, conv(), ("ZeroPadding2D", {}), ("Cropping2D", {"cropping": [2, 1]}), conv("relu"), FLAT, HEAD),
        "conv2d_1",
        "conv2d_4",
    ),
    "the mean of each channel": ((IMAGE, conv(), ("GlobalAveragePooling2D", {}), HEAD), "conv2d_1", "dense_3"),
    "a Dense and a transposed convolution": (
        (ROW, dense(None, 27), ("Reshape", {"target_shape": [3, 3, 3]}), DRAWN, FLAT, HEAD),
        "dense_1",
        "conv2dtranspose_3",
    ),
    "each channel alone and then all of them": ((IMAGE, DEPTH, conv("relu"), FLAT, HEAD), "depthwiseconv2d_1", "conv2d_2"),
    "the steps of a sequence": (
        (("Input", {"shape": [7, 4]}), ("Conv1D", {"filters": 3, "kernel_size": 2}), FLAT, HEAD),
        "conv1d_1",
        "dense_3",
    ),
}
MISTAKES = {
    **{name: (chain(*layers), node, "no activation") for name, (layers, node, _) in LINEAR.items()},
    "Dense on a picture": (chain(IMAGE, conv("relu"), HEAD), "dense_2", "12 × 12 places"),
    "Dense on a picture as a hidden layer": (chain(IMAGE, dense("relu"), ("Flatten", {}), HEAD), "dense_1", "12 × 12 places"),
    "two linear layers": (chain(ROW, dense(None), HEAD), "dense_1", "no activation"),
    "two linear layers with dropout between": (chain(ROW, dense("linear"), ("Dropout", {"rate": 0.2}), HEAD), "dense_1", "no activation"),
    "two linear convolutions": (chain(IMAGE, conv(), conv("relu"), ("Flatten", {}), HEAD), "conv2d_1", "no activation"),
    "dropout after the output": (chain(ROW, HEAD, ("Dropout", {"rate": 0.2})), "dropout_2", "at random"),
    "noise after the output": (chain(ROW, HEAD, ("GaussianNoise", {"stddev": 0.2})), "gaussiannoise_2", "at random"),
    "softmax after softmax": (chain(ROW, HEAD, ("Softmax", {})), "softmax_2", "one of them is enough"),
    "softmax as activation twice": (chain(ROW, HEAD, HEAD), "dense_2", "one of them is enough"),
    "softmax, a layer that changes nothing, softmax": (chain(ROW, HEAD, ("Identity", {}), ("Softmax", {})), "softmax_3", "one of them"),
    "an Add of one": (chain(ROW, dense("relu"), ("Add", {}), HEAD), "add_2", "only one is connected"),
    "four sigmoid layers": (chain(ROW, *[dense("sigmoid")] * 4, HEAD), "dense_4", "fourth sigmoid"),
    "a projection that bends": (residual("relu"), "shortcut", "a projection is linear"),
}
FINE = {
    "a Dense after a Flatten": chain(IMAGE, conv("relu"), ("Flatten", {}), HEAD),
    "a Dense on every place before a convolution": chain(IMAGE, dense("relu"), conv("relu"), ("Flatten", {}), HEAD),
    "a Dense on every step of a sequence": chain(("Input", {"shape": [7, 4]}), dense("relu"), ("LSTM", {"units": 3}), HEAD),
    "a bend between two layers": chain(ROW, dense(None), ("ReLU", {}), HEAD),
    "normalisation and a bend between convolutions": chain(
        IMAGE, conv(), ("BatchNormalization", {}), ("ReLU", {}), conv("relu"), ("Flatten", {}), HEAD
    ),
    "normalisation between convolutions": chain(IMAGE, conv(), ("BatchNormalization", {}), conv("relu"), FLAT, HEAD),
    "the largest of each window between": chain(IMAGE, conv(), ("MaxPooling2D", {}), FLAT, HEAD),
    "a separable convolution in two parts": chain(IMAGE, DEPTH, conv("relu", 1), FLAT, HEAD),
    "dropout before the output": chain(ROW, dense("relu"), ("Dropout", {"rate": 0.2}), HEAD),
    "three sigmoid layers": chain(ROW, *[dense("sigmoid")] * 3, HEAD),
    "a sigmoid at the end of a few": chain(ROW, *[dense("sigmoid")] * 4),
    "a linear projection": residual(None),
    "a main branch that bends": residual("relu", 3),
}


def warned(network: Network) -> list[tuple[str | None, str]]:
    return [(problem.node, problem.message) for problem in analyse(network).problems]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_layer_and_a_press_mends_it(name: str) -> None:
    network, node, words = MISTAKES[name]
    [problem] = analyse(network).problems
    assert (problem.node, problem.severity) == (node, "warning") and words.lower() in problem.message.lower()
    assert problem.fixes
    for fix in problem.fixes:
        assert warned(apply(network, fix.edit, LAYERS)) == []


def bend(network: Network, last: str) -> float:
    """How far a network up to a layer, whose own activation does not count, is from f(x + y) = f(x) + f(y) - f(0)."""
    straight = apply(
        apply(network, {"kind": "set", "name": last, "params": {"activation": None}}, LAYERS), {"kind": "only", "name": last}, LAYERS
    )
    model = to_keras(straight)
    x, y = np.random.default_rng(0).normal(size=(2, 5, *model.input_shape[1:])).astype("float32")
    f = [np.asarray(model(each, training=False)) for each in (x + y, x, y, 0 * x)]
    return float(np.abs(f[0] - f[1] - f[2] + f[3]).max() / np.abs(f[0]).max())


@pytest.mark.parametrize("name", LINEAR)
def test_what_is_called_one_linear_function_is_one(name: str) -> None:
    layers, _, last = LINEAR[name]
    assert bend(chain(*layers), last) < 1e-5


def test_the_largest_of_each_window_bends() -> None:
    assert bend(FINE["the largest of each window between"], "dense_4") > 0.01


@pytest.mark.parametrize("name", FINE)
def test_what_is_meant_is_not_warned_of(name: str) -> None:
    assert warned(FINE[name]) == []


@pytest.mark.parametrize("name", [name for name, entry in zoo.ZOO.items() if entry.total_params < 30_000_000])
def test_no_network_of_the_zoo_is_warned_of(name: str) -> None:
    assert warned(zoo.network(name)) == []
