"""What Keras accepts and is hardly meant is told at its layer, with a button that mends it, and nothing of the zoo is."""

from typing import Any

import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.keras_bridge import analyse
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


MISTAKES = {
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


@pytest.mark.parametrize("name", FINE)
def test_what_is_meant_is_not_warned_of(name: str) -> None:
    assert warned(FINE[name]) == []


@pytest.mark.parametrize("name", [name for name, entry in zoo.ZOO.items() if entry.total_params < 30_000_000])
def test_no_network_of_the_zoo_is_warned_of(name: str) -> None:
    assert warned(zoo.network(name)) == []
