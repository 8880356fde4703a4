"""The size of the gradient on the wires, against Keras and tf.GradientTape, one sample at a time."""

from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.network import Network, apply
from builder.recipes import call_of_loss
from tests.kit.framing import frames

CASES = [
    ("digit_cnn", "digits28"),
    ("diabetes_mlp", "diabetes"),
    ("copy_gru", "copy_memory"),
    ("seq2seq_transformer", "reversal"),
    ("denoising_autoencoder", "digits28"),
]


def one_by_one(made: Any, node: str) -> float:
    """The root mean square, over the same samples, of the gradient's norm; each from a tape of its own around the rest of the model."""
    import keras
    import tensorflow as tf

    shown = made.shown
    x, y = shown.plan.measured(shown.train.take(np.arange(made.gradients.samples)))
    layer = shown.model.get_layer(shown.names[node])
    both = keras.Model(shown.model.inputs, [keras.tree.flatten(layer.output)[0], shown.model.outputs[0]])
    call = call_of_loss(shown.plan.proposal)
    loss = call.kind(**call.arguments)
    squares = []
    for place in range(len(y)):
        given = [each[place : place + 1] for each in x]
        with tf.GradientTape() as tape:
            value, output = both(given if len(given) > 1 else given[0], training=False)
            found = loss(y[place : place + 1], output)
        squares.append(float(np.square(np.asarray(tape.gradient(found, value))).sum()))
    return float(np.mean(squares) ** 0.5)


@pytest.mark.parametrize(("network", "dataset"), CASES)
def test_a_wire_carries_the_gradient_that_keras_finds_for_each_sample(
    home: Any, monkeypatch: pytest.MonkeyPatch, network: str, dataset: str
) -> None:
    from builder.training import gradients

    monkeypatch.setattr(gradients, "MOST_SAMPLES", 4)
    made = frames(zoo.network(network), dataset)
    sizes = made.gradients.sizes()
    learning = [node for node, layer in made.shown.names.items() if made.shown.model.get_layer(layer).trainable_weights]
    inner = [node for node in learning if node != made.shown.network.outputs[0].name]  # no wire leaves the last one
    assert set(inner) <= set(sizes)
    for node in (inner[0], inner[len(inner) // 2], inner[-1]):
        assert sizes[node] == pytest.approx(one_by_one(made, node), rel=2e-3), node


def test_what_a_layer_adds_to_the_loss_itself_is_part_of_it(home: Any) -> None:
    import keras

    made = frames(scaled(zoo.network("vae"), 50.0), "digits28")
    shown = made.shown
    x = shown.plan.measured(shown.train.take(np.arange(made.gradients.samples)))[0][0]
    mean = np.asarray(keras.Model(shown.model.inputs, shown.model.get_layer("z_mean").output)(x, training=False))
    divergence = 50.0 * np.sqrt(np.mean(np.square(mean).sum(axis=-1)))  # d KL / d mean = mean, and it outweighs the rest here
    assert made.gradients.sizes()["z_mean"] == pytest.approx(divergence, rel=0.05)


def scaled(network: Network, kl_weight: float) -> Network:
    return apply(network, {"kind": "set", "name": "latent", "params": {"kl_weight": kl_weight}}, LAYERS)


def test_the_gradient_is_of_the_weights_of_now_and_told_only_where_it_is_asked_for(home: Any) -> None:
    made = frames(zoo.network("iris_mlp"), "iris")
    assert all("gradient" not in block for block in made.take(0)["layers"].values())
    first = {node: block["gradient"] for node, block in made.take(0, gradients=True)["layers"].items()}
    last = made.shown.network.outputs[0].name
    for weight in made.shown.model.get_layer(made.shown.names[last]).trainable_weights:
        weight.assign(weight * 3)
    second = {node: block["gradient"] for node, block in made.take(0, gradients=True)["layers"].items()}
    inner = [node for node in first if node != last]
    assert None not in [first[node] for node in inner]
    assert all(first[node] != second[node] for node in inner)
    node = next(node for node, layer in made.shown.names.items() if made.shown.model.get_layer(layer).trainable_weights)
    assert second[node] == pytest.approx(one_by_one(made, node), rel=1e-3)


def test_a_gradient_that_is_no_number_is_left_out(home: Any) -> None:
    made = frames(zoo.network("iris_mlp"), "iris")
    for weight in made.shown.model.trainable_weights:
        weight.assign(weight * np.nan)
    assert all(block["gradient"] is None for block in made.take(0, gradients=True)["layers"].values())
