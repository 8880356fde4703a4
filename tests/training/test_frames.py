"""Frames of a live view: what a card shows is the model's own output with the weights of that step."""

import json
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from builder import datasets, zoo
from builder.network.records import Network
from builder.probes.model import cuts
from builder.runs import Settings
from tests.kit.training_here import DENSE

CASES = [
    ("digit_cnn", "digits28"),
    ("spirals_mlp", "spirals"),
    ("iris_mlp", "iris"),
    ("diabetes_mlp", "diabetes"),
    ("copy_gru", "copy_memory"),
]


def frames(network: Network, dataset: str) -> Any:
    from builder.keras_bridge import to_keras
    from builder.training.frames import Frames
    from builder.training.pictures import scene_of

    settings = Settings(dataset=dataset, recipe=network.recipe)
    test = datasets.parts(dataset, settings.seed, settings.validation_share).test
    return Frames(scene_of(to_keras(network), network, settings), test)


def decoded(sent: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(b64decode(sent["data"]), "<f4").reshape(sent["shape"])


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


def test_the_answer_is_the_chance_of_each_class(home: Any) -> None:
    made = frames(DENSE, "digits")
    x, _ = made.shown.plan.measured(made.test.take(np.array([5])))
    answer = made.take(5)["answer"]
    assert answer["kind"] == "classes"
    np.testing.assert_allclose(answer["values"], np.asarray(made.shown.model(x[0]))[0], rtol=1e-5)


def test_a_frame_leaves_no_trace_in_the_model(home: Any) -> None:
    made = frames(zoo.network("digit_cnn"), "digits28")
    before = [variable.numpy().tobytes() for variable in made.shown.model.variables]
    made.take(0)
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
    node, layer = next((node, layer) for node, layer in made.shown.names.items() if made.shown.model.get_layer(layer).weights)
    weights = made.shown.model.get_layer(layer).trainable_weights
    before = [weight.numpy().copy() for weight in weights]
    for weight in weights:
        weight.assign(weight + 0.25)
    found = made.take(0)["layers"]
    count = sum(weight.size for weight in before)
    assert found[node]["moved"] == pytest.approx(0.25 * count**0.5 / sum((weight**2).sum() for weight in before) ** 0.5, rel=1e-4)
    assert all(block["moved"] in (0, None) for name, block in found.items() if name != node)


def test_units_that_no_sample_wakes_are_told_as_dead(home: Any) -> None:
    made = frames(zoo.network("iris_mlp"), "iris")
    node = made.shown.rectified[0]
    layer = made.shown.model.get_layer(made.shown.names[node])
    bias = np.zeros(layer.units, "float32")
    bias[: layer.units // 2] = -1e6
    layer.bias.assign(bias)
    layer.kernel.assign(np.abs(layer.kernel.numpy()))
    assert made.take(0)["layers"][node]["dead"] >= 0.5
