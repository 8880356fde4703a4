"""Probes over a batch of samples: dead units, calibration and the loss around the weights, against numpy and Keras."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder import zoo
from builder.datasets import parts
from builder.errors import BuilderError
from builder.keras_bridge import to_keras
from builder.network import Network
from builder.probes import OPERATIONS
from builder.probes.model.loaded import loaded
from builder.probes.training.calibration import calibrate
from builder.probes.training.directions import random_way
from builder.probes.training.landscape import survey
from builder.runs import Settings
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.run_folder import epoch_path

pytestmark = pytest.mark.usefixtures("home")


def made(place: Path, network: Network, dataset: str, epochs: int = 1, recipe: str = "supervised", **planted: np.ndarray) -> Any:
    """A run's folder, each epoch's weights a step from the last one's; returns the model of the last."""
    place.mkdir()
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset=dataset, recipe=recipe).model_dump_json())
    keras.utils.set_random_seed(1)
    random, model = np.random.default_rng(0), to_keras(network)
    for epoch in range(epochs):
        model.set_weights([each + 0.05 * random.normal(size=each.shape) for each in model.get_weights()])
        for name, value in planted.items():
            model.get_layer(name).bias.assign(value)
        write_arrays(epoch_path(place, epoch), layer_weights(model))
    return model


def op(name: str, place: Path, **arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer, arrays = OPERATIONS[name]({"run": str(place), **arguments}, {})
    json.dumps(answer, allow_nan=False)
    return answer, dict(arrays)


def test_a_planted_dead_unit_is_found_and_only_it(tmp_path: Path) -> None:
    """Large biases keep all units awake; one of -1000 puts one to sleep."""
    awake = {"conv_1": np.full(32, 1.0), "conv_2": np.full(64, 10.0), "dense": np.full(128, 300.0)}
    awake["conv_2"][17] = -1e3
    made(tmp_path / "run", zoo.network("digit_cnn"), "digits28", **awake)
    answer, arrays = op("dead", tmp_path / "run")
    assert [(each["name"], each["dead"], each["places"]) for each in answer["layers"]] == [
        ("conv_1", 0, []),
        ("conv_2", 1, [17]),
        ("dense", 0, []),
    ]
    assert arrays["layer:conv_2"].sum() == 1 and answer["check"]["value"] == 0


def test_dead_units_are_those_that_numpy_finds(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("iris_mlp"), "iris")
    hidden = next(layer for layer in model.layers if getattr(layer, "activation", None) is keras.activations.relu)
    hidden.bias.assign(np.linspace(-4, 1, hidden.units))
    write_arrays(epoch_path(tmp_path / "run", 0), layer_weights(model))
    _, arrays = op("dead", tmp_path / "run")
    x = parts("iris", seed=1).validation.x[:256]
    values = np.asarray(keras.Model(model.inputs, hidden.output)([x]))
    assert (arrays[f"layer:{hidden.name}"] == (values <= 0).all(axis=0)).all()
    assert 0 < arrays[f"layer:{hidden.name}"].sum() < hidden.units


def test_perfectly_calibrated_answers_have_next_to_no_error() -> None:
    random = np.random.default_rng(0)
    confidence = random.uniform(0.1, 1, 200_000)
    assert calibrate(confidence, random.random(200_000) < confidence).ece < 0.005


def test_confident_answers_that_are_wrong_have_their_confidence_as_error() -> None:
    assert calibrate(np.full(50, 0.9), np.zeros(50, bool)).ece == pytest.approx(0.9)
    assert calibrate(np.array([0.2, 1.0, 1.0]), np.array([True, True, False]), bins=10).ece == pytest.approx((0.8 + 2 * 0.5) / 3)


def test_calibration_of_a_run_is_that_of_keras_s_own_probabilities(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    unseen = parts("digits28", seed=1).test
    chances = np.asarray(model(unseen.x))
    answer, arrays = op("calibration", tmp_path / "run")
    expected = 0.0
    for low, high in zip(arrays["edges"], arrays["edges"][1:], strict=False):
        mine = (chances.max(1) > low) & (chances.max(1) <= high)
        if mine.any():
            expected += mine.mean() * abs((chances.argmax(1) == unseen.y)[mine].mean() - chances.max(1)[mine].mean())
    assert answer["ece"] == pytest.approx(expected, abs=1e-5)
    assert answer["answers"] == len(unseen) and abs(answer["check"]["value"]) < 1e-9


def test_calibration_asks_for_classes(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("diabetes_mlp"), "diabetes")
    with pytest.raises(BuilderError, match="a network that rates classes"):
        op("calibration", tmp_path / "run")


@pytest.mark.parametrize("recipe", ["autoencoder", "denoising"])
def test_a_network_that_gives_its_input_again_has_no_confidence_in_classes(tmp_path: Path, recipe: str) -> None:
    """The linear autoencoder gives 64 numbers for each digit, which look like scores of classes."""
    made(tmp_path / "run", zoo.network("linear_autoencoder"), "digits", recipe=recipe)
    with pytest.raises(BuilderError, match="a network that rates classes, but got one that gives its input again"):
        op("calibration", tmp_path / "run")


def test_the_centre_of_the_landscape_is_the_present_loss(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("iris_mlp"), "iris", epochs=4)
    before = loaded(tmp_path / "run").model.get_weights()
    answer, arrays = op("landscape", tmp_path / "run", side=5)
    seen = parts("iris", seed=1).validation
    model.compile(loss="sparse_categorical_crossentropy")
    assert answer["present"] == pytest.approx(float(model.evaluate(seen.x, seen.y, verbose=0)), rel=1e-5)
    assert answer["check"]["value"] == 0 and arrays["loss"].shape == (5, 5) and answer["samples"] == len(seen)
    assert (arrays["path"][-1] == 0).all() and answer["epochs"] == [0, 1, 2, 3]
    assert all(np.array_equal(a, b) for a, b in zip(loaded(tmp_path / "run").model.get_weights(), before, strict=True))


def test_directions_are_as_long_as_the_filters() -> None:
    kernel = np.random.default_rng(3).normal(size=(3, 3, 4, 6)).astype("float32")
    (way,) = random_way([kernel], seed=0)
    assert np.allclose((way**2).sum((0, 1, 2)), (kernel**2).sum((0, 1, 2)), rtol=1e-5)


def test_a_corner_of_the_landscape_is_the_loss_of_those_weights(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("iris_mlp"), "iris")
    found = survey(tmp_path / "run", side=3, seed=7)
    kernels = [weight for weight in model.trainable_weights if len(weight.shape) > 1]
    first, second = (random_way([each.numpy() for each in kernels], seed) for seed in (7, 8))
    for weight, one, other in zip(kernels, first, second, strict=True):
        weight.assign_add(found.a[2] * one + found.b[0] * other)
    seen = parts("iris", seed=1).validation
    model.compile(loss="sparse_categorical_crossentropy")
    assert found.loss[0, 2] == pytest.approx(float(model.evaluate(seen.x, seen.y, verbose=0)), rel=1e-4)


def test_the_path_lies_in_its_own_directions(tmp_path: Path) -> None:
    """Three epochs span a plane: seen from the last one, the other two are all of it."""
    made(tmp_path / "run", zoo.network("iris_mlp"), "iris", epochs=3)
    found = survey(tmp_path / "run", side=3, directions="path")
    assert np.allclose(found.share[:2], 1, atol=1e-5) and np.abs(found.path).max() == pytest.approx(1, abs=1e-5)
    with pytest.raises(BuilderError, match="at least three epochs"):
        made(tmp_path / "short", zoo.network("iris_mlp"), "iris", epochs=2)
        survey(tmp_path / "short", directions="path")


def test_the_samples_that_excite_a_unit_are_those_that_keras_finds(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    answer, arrays = op("top_samples", tmp_path / "run", layer="conv_2", unit=5, best=4, count=300)
    train = parts("digits28", seed=1).train
    maps = np.asarray(keras.Model(model.inputs, model.get_layer("conv_2").output)([train.x[:300]]))[..., 5]
    largest = maps.max(axis=(1, 2))
    assert answer["samples"] == np.argsort(-largest, kind="stable")[:4].tolist()
    assert np.allclose(answer["values"], np.sort(largest)[::-1][:4], atol=1e-5)
    for sample, (row, column) in zip(answer["samples"], answer["places"], strict=True):
        assert maps[sample, row, column] == pytest.approx(largest[sample], abs=1e-6)
    assert (arrays["samples"] == train.x[answer["samples"]]).all() and abs(answer["check"]["value"]) < 1e-5


@pytest.mark.parametrize(("layer", "unit", "sentence"), [("conv_9", 0, "one of conv_1"), ("dense", 128, "0 to 127")])
def test_a_unit_that_is_not_there_is_a_sentence(tmp_path: Path, layer: str, unit: int, sentence: str) -> None:
    made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    for name in ("top_samples", "maximise"):
        with pytest.raises(BuilderError, match=sentence):
            op(name, tmp_path / "run", layer=layer, unit=unit)


def test_histograms_count_every_number(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("iris_mlp"), "iris", epochs=3)
    answer, arrays = op("histograms", tmp_path / "run", bins=12)
    assert answer["epochs"] == [0, 1, 2] and answer["check"]["value"] == 0
    layer = next(each for each in model.layers if each.weights)
    kernel = layer.kernel.numpy()
    key = f"weights:{layer.name}/0"
    assert arrays[key].shape == (3, 12) and (arrays[key].sum(axis=1) == kernel.size).all()
    assert (arrays[key][2] == np.histogram(kernel, arrays[f"{key} edges"])[0]).all()
    values = np.asarray(keras.Model(model.inputs, layer.output)([parts("iris", seed=1).validation.x[:256]]))
    assert (arrays[f"activations:{layer.name}"].sum()) == values.size
    assert np.abs(arrays[f"activations:{layer.name}"] - np.histogram(values, arrays[f"activations:{layer.name} edges"])[0]).sum() <= 2


def test_weights_that_are_no_numbers_are_counted_apart(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("iris_mlp"), "iris")
    arrays = layer_weights(model)
    name = next(iter(arrays))
    arrays[name][0, :2] = np.nan
    write_arrays(epoch_path(tmp_path / "run", 0), arrays)
    answer, _ = op("histograms", tmp_path / "run", what="weights")
    assert answer["check"]["value"] == 2


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("landscape", {"side": 500}),
        ("landscape", {"span": "far"}),
        ("calibration", {"bins": 0}),
        ("histograms", {"bins": -3}),
        ("dead", {"count": 10**9}),
        ("integrated_gradients", {"steps": 10**6}),
        ("occlusion", {"stride": 0}),
        ("maximise", {"layer": "digits", "rate": float("nan")}),
        ("top_samples", {"layer": "digits", "best": 1e400}),
    ],
)
def test_a_number_out_of_bounds_is_a_sentence(tmp_path: Path, name: str, arguments: dict[str, Any]) -> None:
    made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    with pytest.raises(BuilderError, match=f"The probe's {list(arguments)[-1]} needs a number from"):
        op(name, tmp_path / "run", **arguments)


def test_a_landscape_in_pieces_is_the_same_as_in_one(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("iris_mlp"), "iris", epochs=3)
    whole, arrays = op("landscape", tmp_path / "run", side=5)
    pieces = [op("landscape", tmp_path / "run", side=5, points=[first, first + 9]) for first in (0, 9, 18)]
    assert np.allclose(np.concatenate([each["loss"] for _, each in pieces]), arrays["loss"].reshape(-1), rtol=1e-6)
    assert np.array_equal(pieces[0][1]["path"], arrays["path"]) and pieces[0][0]["epochs"] == whole["epochs"]
    assert len(pieces[1][1]["path"]) == 0 and pieces[1][0]["present"] == whole["present"]


def test_an_epoch_s_move_is_its_change_by_the_weights_before(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("iris_mlp"), "iris", epochs=4)
    (epoch_path(tmp_path / "run", 2)).unlink()  # thinned out: two epochs lie between
    answer, arrays = op("updates", tmp_path / "run")
    kept = [dict(np.load(epoch_path(tmp_path / "run", epoch))) for epoch in (0, 1, 3)]
    assert answer["epochs"] == [1, 3] and set(arrays) == {"dense_1/0", "output/0"}
    for place, gap in ((0, 1), (1, 2)):
        before, after = kept[place]["dense_1/0"], kept[place + 1]["dense_1/0"]
        assert arrays["dense_1/0"][place] == pytest.approx(np.linalg.norm(after - before) / np.linalg.norm(before) / gap, rel=1e-5)


def test_the_lines_of_a_layer_s_spread_are_its_quantiles(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("iris_mlp"), "iris", epochs=2)
    answer, arrays = op("spread", tmp_path / "run", epoch=1)
    seen = parts("iris", seed=1).validation.x[:256]
    hidden = np.asarray(keras.Model(model.inputs, model.get_layer("dense_1").output)(seen))
    assert np.allclose(arrays["layer:dense_1"], np.percentile(hidden, [5, 25, 50, 75, 95]), atol=1e-5)
    assert answer["dead"] == {"dense_1": int((hidden <= 0).all(axis=0).sum())} and answer["units"] == {"dense_1": 16}
