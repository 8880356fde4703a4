"""Probes against Keras itself: what every layer makes of an input, at every epoch, and what the network says."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import parts, record
from builder.engine.shipped import SHIPPED
from builder.errors import BuilderError
from builder.keras_bridge import to_keras
from builder.network import Network, apply
from builder.probes import OPERATIONS, PROBES
from builder.probes.input.previews import kept_preview
from builder.probes.layers.shipped_answers import read_inspection
from builder.probes.model import loaded as memory
from builder.probes.model.predicting import probabilities
from builder.probes.saving import save
from builder.runs import Settings
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.run_folder import epoch_path

pytestmark = pytest.mark.usefixtures("home")


def made(place: Path, network: Network, dataset: str, epochs: int = 2) -> list[Any]:
    """A run's folder with random weights for each epoch; returns the Keras models that have them."""
    place.mkdir()
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset=dataset).model_dump_json())
    models = []
    for epoch in range(epochs):
        keras.utils.set_random_seed(epoch)
        models.append(to_keras(network))
        write_arrays(epoch_path(place, epoch), layer_weights(models[-1]))
    return models


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A run of the digit CNN, and its model at each epoch."""
    place = tmp_path_factory.mktemp("runs") / "digits"
    return place, made(place, zoo.network("digit_cnn"), "digits28")


def inspect(place: Path, **arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer, arrays = OPERATIONS["inspect"]({"run": str(place), **arguments}, {})
    json.dumps(answer, allow_nan=False)
    return answer, dict(arrays)


@pytest.mark.parametrize("epoch", [1, 0, 1])
def test_every_layer_s_output_is_what_keras_gives_at_that_epoch(digits: tuple[Path, list[Any]], epoch: int) -> None:
    place, models = digits
    answer, arrays = inspect(place, epoch=epoch, sample=3)
    x = parts("digits28", seed=1).test.x[3:4]
    assert (arrays["input"] == x[0]).all()
    layers = [layer for layer in models[epoch].layers if not isinstance(layer, keras.layers.InputLayer)]
    assert [each["name"] for each in answer["layers"]] == [layer.name for layer in layers]
    for layer in layers:
        expected = keras.Model(models[epoch].inputs, layer.output)(x, training=False)[0]
        assert np.allclose(arrays[f"layer:{layer.name}"], expected, atol=1e-5)
    assert answer["epochs"] == [0, 1] and answer["epoch"] == epoch


def test_figures_are_of_the_whole_output(digits: tuple[Path, list[Any]]) -> None:
    answer, arrays = inspect(digits[0], layers=["conv_1"], most=None)
    (figures,) = (each for each in answer["layers"] if each["name"] == "conv_1")
    values = arrays["layer:conv_1"]
    assert figures["shape"] == [26, 26, 32] and figures["maps"] == 32 and figures["layer"] == "Conv2D"
    assert figures["low"] == values.min() and figures["high"] == values.max()
    assert figures["mean"] == pytest.approx(values.mean(), rel=1e-5)
    assert figures["zeros"] == pytest.approx((values == 0).mean())
    assert [name for name in arrays if name.startswith("layer:")] == ["layer:conv_1"]


def test_only_as_many_maps_are_sent_as_are_asked_for(digits: tuple[Path, list[Any]]) -> None:
    _, arrays = inspect(digits[0], layers=["conv_2"], most=5)
    _, whole = inspect(digits[0], layers=["conv_2"], most=None)
    assert (arrays["layer:conv_2"] == whole["layer:conv_2"][..., :5]).all()


def test_the_prediction_is_the_last_layer_s_row(digits: tuple[Path, list[Any]]) -> None:
    answer, arrays = inspect(digits[0], sample=8)
    said = answer["prediction"]
    assert said["probabilities"] == pytest.approx(arrays["layer:digits"].tolist())
    assert said["answer"] == int(arrays["layer:digits"].argmax()) and said["classes"] == list("0123456789")
    assert said["target"] == int(parts("digits28").test.y[8]) and said["right"] == (said["answer"] == said["target"])


def test_a_second_look_traces_nothing_again(digits: tuple[Path, list[Any]]) -> None:
    inspect(digits[0])
    function = memory.loaded(digits[0]).function
    before = function.experimental_get_tracing_count()
    for sample in range(10):
        inspect(digits[0], sample=sample)
    assert memory.loaded(digits[0]).function is function and function.experimental_get_tracing_count() == before == 1


def test_few_models_stay_in_memory(tmp_path: Path) -> None:
    network = zoo.network("points_mlp")
    for place in range(memory.KEPT + 2):
        made(tmp_path / str(place), network, "moons", epochs=1)
        inspect(tmp_path / str(place))
    assert len(memory._kept) <= memory.KEPT


def test_raw_scores_become_probabilities_and_say_so(tmp_path: Path) -> None:
    network = zoo.network("digit_cnn")
    network = apply(network, {"kind": "set", "name": "digits", "params": {"activation": "linear"}}, LAYERS)
    made(tmp_path / "run", network, "digits28", epochs=1)
    answer, arrays = inspect(tmp_path / "run")
    expected = keras.ops.softmax(arrays["layer:digits"]).numpy()
    assert answer["prediction"]["probabilities"] == pytest.approx(expected.tolist(), rel=1e-5)
    assert answer["prediction"]["note"] == "The softmax of the raw scores."


def test_one_unit_stands_for_the_second_of_two_classes() -> None:
    assert probabilities(np.array([0.25]), raw=False)[0].tolist() == [0.75, 0.25]
    assert probabilities(np.array([0.0]), raw=True)[0].tolist() == [0.5, 0.5]


def test_a_regression_predicts_a_number(tmp_path: Path) -> None:
    (model,) = made(tmp_path / "run", zoo.network("diabetes_mlp"), "diabetes", epochs=1)
    answer, arrays = inspect(tmp_path / "run", sample=2)
    said = answer["prediction"]
    assert said["kind"] == "values"
    assert said["values"] == pytest.approx(np.asarray(model(arrays["input"][None]))[0].tolist(), rel=1e-4)
    assert said["target"] == pytest.approx(parts("diabetes").test.y[2].tolist())


def test_pictures_are_resized_as_they_were_for_training(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("lenet5"), "digits", epochs=1)
    answer, arrays = inspect(tmp_path / "run")
    assert answer["steps"] == ["Resize 8 × 8 to 32 × 32, bilinear"]
    assert arrays["raw"].shape == (8, 8, 1) and arrays["input"].shape == (32, 32, 1)


def test_a_person_s_own_input_is_looked_at(digits: tuple[Path, list[Any]]) -> None:
    own = np.random.default_rng(0).random((28, 28, 1)).astype("float32")
    answer, arrays = OPERATIONS["inspect"]({"run": str(digits[0])}, {"input": own})
    assert (arrays["raw"] == own).all() and answer["prediction"]["target"] is None
    with pytest.raises(BuilderError, match="The sample needs the shape"):
        OPERATIONS["inspect"]({"run": str(digits[0])}, {"input": own[:5]})


@pytest.mark.parametrize(
    ("arguments", "sentence"), [({"sample": 270}, "0 to 269"), ({"part": "all"}, "one of train"), ({"epoch": 7}, "0, 1")]
)
def test_what_is_not_there_is_a_sentence(digits: tuple[Path, list[Any]], arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BuilderError, match=sentence):
        inspect(digits[0], **arguments)


def test_a_run_without_weights_says_so(tmp_path: Path) -> None:
    for op in ("inspect", "filters", "test"):
        with pytest.raises(BuilderError, match="They appear as soon as it starts"):
            OPERATIONS[op]({"run": str(tmp_path)}, {})


def test_outputs_that_would_fill_the_memory_are_refused(digits: tuple[Path, list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    run = memory.loaded(digits[0])
    one = np.zeros((1, 28, 28, 1), "float32")
    assert memory.output_bytes(run, one) == 4 * (26 * 26 * 32 + 13 * 13 * 32 + 11 * 11 * 64 + 5 * 5 * 64 + 1600 + 128 + 10)
    monkeypatch.setattr(memory, "MOST_OUTPUTS", 1000)
    with pytest.raises(BuilderError, match="at most"):
        inspect(digits[0])


def test_filters_are_the_kernels_without_building_a_model(digits: tuple[Path, list[Any]]) -> None:
    place, models = digits
    answer, arrays = OPERATIONS["filters"]({"run": str(place), "epoch": 0}, {})
    assert [each["name"] for each in answer["layers"]] == ["conv_1", "conv_2", "dense", "digits"]
    assert (arrays["layer:conv_2"] == models[0].get_layer("conv_2").kernel.numpy()).all()


def test_the_test_is_keras_s_own_evaluation(digits: tuple[Path, list[Any]]) -> None:
    place, models = digits
    unseen = parts("digits28", seed=1).test
    models[1].compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    expected = models[1].evaluate(unseen.x, unseen.y, verbose=0, return_dict=True)
    answer, _ = OPERATIONS["test"]({"run": str(place)}, {})
    assert answer["metrics"] == pytest.approx(expected, rel=1e-4) and answer["samples"] == len(unseen)


def test_a_preview_is_kept_on_the_disk(home: Path) -> None:
    assert kept_preview("moons") is None
    _, found = OPERATIONS["preview"]({"dataset": "moons"}, {})
    again = kept_preview("moons")
    assert again is not None and (again["x"] == found["x"]).all() and (again["y"] == found["y"]).all()
    assert abs(float(found["y"].mean()) - 0.5) < 0.02


@pytest.mark.parametrize("probe", [name for name, probe in PROBES.items() if probe.by_layer])
def test_every_probe_of_layers_writes_arrays_a_picture_and_a_page(digits: tuple[Path, list[Any]], tmp_path: Path, probe: str) -> None:
    for ending in (".npz", ".png", ".html"):
        save(digits[0], probe, tmp_path / f"out{ending}")
    assert Image.open(tmp_path / "out.png").width > 100
    assert "conv_2" in (tmp_path / "out.html").read_text()
    with np.load(tmp_path / "out.npz", allow_pickle=False) as arrays:
        assert "conv_2" in arrays.files


def test_feature_maps_in_a_file_are_the_input_and_one_array_a_layer(digits: tuple[Path, list[Any]], tmp_path: Path) -> None:
    save(digits[0], "feature_maps", tmp_path / "out.npz", sample=3, epoch=1)
    _, expected = inspect(digits[0], sample=3, epoch=1, most=None)
    with np.load(tmp_path / "out.npz", allow_pickle=False) as arrays:
        assert arrays.files == ["input", "conv_1", "pool_1", "conv_2", "pool_2", "flatten", "dense", "digits"]
        assert all(np.allclose(arrays[name], expected["input" if name == "input" else f"layer:{name}"]) for name in arrays.files)


def test_a_wrong_probe_layer_or_ending_is_a_sentence(digits: tuple[Path, list[Any]], tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match="feature_maps, filters"):
        save(digits[0], "maps", tmp_path / "out.npz")
    with pytest.raises(BuilderError, match="one of conv_1, pool_1"):
        save(digits[0], "feature_maps", tmp_path / "out.npz", layer="conv_9")
    with pytest.raises(BuilderError, match=r"an ending of \.npz"):
        save(digits[0], "feature_maps", tmp_path / "out.pdf")


def test_the_inspection_that_ships_is_what_the_kernel_computes() -> None:
    kept = read_inspection(SHIPPED)
    assert kept is not None
    answer, arrays = inspect(SHIPPED, epoch=kept[0]["epoch"], sample=kept[0]["sample"], part=kept[0]["part"])
    assert [each["name"] for each in answer["layers"]] == [each["name"] for each in kept[0]["layers"]]
    assert answer["prediction"]["probabilities"] == pytest.approx(kept[0]["prediction"]["probabilities"], abs=1e-4)
    assert arrays.keys() == kept[1].keys()
    assert all(np.allclose(arrays[name], kept[1][name], rtol=2e-3, atol=1e-3) for name in arrays)


def test_the_run_that_ships_knows_the_digits() -> None:
    answer, _ = OPERATIONS["test"]({"run": str(SHIPPED)}, {})
    assert answer["metrics"]["accuracy"] > 0.95
    assert answer["samples"] == round(record("digits28").count * 0.15)
