"""Frames of a live view: what a card shows is the model's own output with the weights of that step."""

import json
from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.probes.model import cuts
from tests.kit.framing import decoded, frames
from tests.kit.training_here import DENSE

CASES = [
    ("digit_cnn", "digits28"),
    ("spirals_mlp", "spirals"),
    ("iris_mlp", "iris"),
    ("diabetes_mlp", "diabetes"),
    ("copy_gru", "copy_memory"),
]


@pytest.mark.parametrize(("name", "dataset"), CASES)
def test_a_card_shows_what_keras_gives_for_the_sample_with_the_weights_of_now(home: Any, name: str, dataset: str) -> None:
    import keras

    made = frames(zoo.network(name), dataset)
    model = made.shown.model
    for weight in model.trainable_weights:
        weight.assign(weight + 0.05)
    found = json.loads(json.dumps(made.take(3)))
    x, _ = made.shown.plan.measured(made.test.take(np.array([3])))
    assert set(found["layers"]) == {*made.shown.names, *(node.name for node in made.shown.network.inputs)}
    for node, layer in made.shown.names.items():
        tensor = keras.tree.flatten(model.get_layer(layer).output)[0]
        own = np.asarray(keras.Model(model.inputs, tensor)(list(x) if len(x) > 1 else x[0], training=False))[0]
        shown, block = decoded(found["layers"][node]["numbers"]), found["layers"][node]
        assert block["shape"] == list(own.shape)
        if made.plane:
            continue
        kind, (down, across) = block["kind"], block["strides"]
        whole = cuts.taken(own, cuts.Cut(len(shown), down, across))
        assert kind == cuts.kind(own.shape)
        np.testing.assert_allclose(shown, whole, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(decoded(block["extents"]), np.abs(shown).reshape(len(shown), -1).max(axis=1), rtol=1e-6)


def test_on_the_plane_a_unit_is_shown_by_its_response_at_every_place(home: Any) -> None:
    from builder.training.frames import SIDE
    from builder.training.pictures.boundary import around, places

    made = frames(zoo.network("spirals_mlp"), "spirals")
    found = made.take(0)["layers"]
    grid = made.shown.plan.steps.apply(places(around(made.shown.train.x), SIDE))
    own = np.asarray(made.shown.model(grid, training=False)).reshape(SIDE, SIDE, -1).transpose(2, 0, 1)
    np.testing.assert_allclose(decoded(found[made.shown.network.outputs[0].name]["numbers"]), own, rtol=1e-4, atol=1e-6)


def test_a_frame_leaves_no_trace_in_the_model(home: Any) -> None:
    made = frames(zoo.network("digit_cnn"), "digits28")
    before = [variable.numpy().tobytes() for variable in made.shown.model.variables]
    made.take(0, gradients=True)
    assert [variable.numpy().tobytes() for variable in made.shown.model.variables] == before


def test_what_is_no_number_is_marked_and_breaks_no_frame(home: Any) -> None:
    made = frames(DENSE, "digits")
    layer = made.shown.model.layers[-1]
    layer.kernel.assign(layer.kernel * np.nan)
    found = json.loads(json.dumps(made.take(0), allow_nan=False))
    assert found["layers"][DENSE.outputs[0].name]["wrong"]
    assert found["answer"]["values"] == [None] * 10


def test_a_layer_is_told_how_far_its_weights_have_moved_since_the_frame_before(home: Any) -> None:
    made = frames(zoo.network("iris_mlp"), "iris")
    assert all(block["moved"] is None for block in made.take(0)["layers"].values())
    node, before = learning(made)
    push(made, node, 0.25)
    found = made.take(0, step=5)["layers"]
    wanted = 0.25 * sum(weight.size for weight in before) ** 0.5 / norm(before)
    assert found[node]["moved"] == pytest.approx(wanted, rel=1e-4)
    assert all(block["moved"] in (0, None) for name, block in found.items() if name != node)
    assert made.take(1, step=5)["layers"][node]["moved"] == found[node]["moved"]  # another sample: nothing was learned


def test_a_layer_that_is_thrown_about_at_every_step_is_told_apart_from_one_that_begins_at_nothing(home: Any) -> None:
    made = frames(zoo.network("iris_mlp"), "iris")
    node, _ = learning(made)
    for weight in made.shown.model.get_layer(made.shown.names[node]).trainable_weights:
        weight.assign(weight * 0)
    made.take(0, step=0)
    paces = []
    for step in (10, 20, 30):
        push(made, node, 1.0 if step == 10 else 40.0)
        paces.append(made.take(0, step=step)["layers"][node]["pace"])
    assert paces[0] == 0 and paces[1] == pytest.approx(4.0) and paces[2] == pytest.approx(40 / 41 / 10)


def learning(made: Any) -> tuple[str, list[np.ndarray]]:
    """The first node that learns, and its weights."""
    layers = {node: made.shown.model.get_layer(layer) for node, layer in made.shown.names.items()}
    node = next(node for node, layer in layers.items() if layer.weights)
    return node, [weight.numpy().copy() for weight in layers[node].trainable_weights]


def push(made: Any, node: str, by: float) -> None:
    """Add a number to every weight of a node."""
    for weight in made.shown.model.get_layer(made.shown.names[node]).trainable_weights:
        weight.assign(weight + by)


def norm(weights: list[np.ndarray]) -> float:
    return float(sum((weight**2).sum() for weight in weights) ** 0.5)


def test_units_that_no_sample_wakes_are_told_as_dead(home: Any) -> None:
    made = frames(zoo.network("iris_mlp"), "iris")
    node = made.shown.rectified[0]
    layer = made.shown.model.get_layer(made.shown.names[node])
    bias = np.zeros(layer.units, "float32")
    bias[: layer.units // 2] = -1e6
    layer.bias.assign(bias)
    layer.kernel.assign(np.abs(layer.kernel.numpy()))
    assert made.take(0)["layers"][node]["dead"] >= 0.5
