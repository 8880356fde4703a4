"""The overview's numbers against Keras: each that is shown is one that is there, however large the network and its input."""

import json
import resource
from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder import zoo
from builder.datasets import parts
from builder.engine.shipped import SHIPPED
from builder.errors import BuilderError
from builder.keras_bridge import to_keras
from builder.network import Network
from builder.network.edits import set_params
from builder.probes import OPERATIONS
from builder.probes.layers import overview
from builder.probes.layers.shipped_answers import read_overview
from builder.probes.model import cuts
from builder.probes.model import loaded as memory
from builder.probes.model.cuts import Cut
from builder.runs import Settings
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.load import model_at
from builder.runs.run_folder import epoch_path

pytestmark = pytest.mark.usefixtures("home")
MIB = 2**20


def made(place: Path, network: Network, dataset: str, **settings: Any) -> Any:
    """A run's folder with random weights; returns the Keras model that has them."""
    place.mkdir()
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset=dataset, **settings).model_dump_json())
    keras.utils.set_random_seed(0)
    model = to_keras(network)
    write_arrays(epoch_path(place, 0), layer_weights(model))
    return model


def ask(op: str, place: Path, **arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer, arrays = OPERATIONS[op]({"run": str(place), **arguments}, {})
    json.dumps(answer, allow_nan=False)
    return answer, dict(arrays)


@pytest.mark.parametrize("shape", [(26, 26, 32), (224, 224, 64), (5, 6, 7, 3), (40, 8), (300, 200), (10,), (4096,), (1, 1, 1000), ()])
@pytest.mark.parametrize("room", [16, 300, 9408, 300_000])
def test_what_is_left_of_an_output_fits_and_is_there(shape: tuple[int, ...], room: int) -> None:
    value = np.arange(int(np.prod(shape)), dtype="float32").reshape(shape)
    for cut in (cuts.card(shape, room), cuts.smaller(shape, room), cuts.fewer(shape, room)):
        found = cuts.taken(value, cut)
        assert found.size == cuts.numbers(shape, cut) and np.isin(found, value).all()
        assert len(np.unique(found)) == found.size
    assert cuts.taken(value, cuts.smaller(shape, room)).size <= max(room, cuts.laid(shape)[0])


def test_a_map_s_number_stands_where_its_index_says() -> None:
    value = np.random.default_rng(0).normal(size=(20, 30, 4))
    assert cuts.taken(value, Cut(3, 2, 3))[2, 4, 5] == value[8, 15, 2]
    assert cuts.taken(value[0], Cut(4, 1, 3))[2, 0, 5] == value[0, 15, 2]


@pytest.mark.parametrize("name", ["digit_cnn", "conv_autoencoder", "vae"])
def test_cards_are_what_keras_gives(tmp_path: Path, name: str) -> None:
    model = made(tmp_path / "run", zoo.network(name), "digits28")
    answer, arrays = ask("overview", tmp_path / "run", sample=3)
    x = parts("digits28", seed=1).test.x[3:4].reshape(1, *model.input_shape[1:])
    layers = {layer.name: layer for layer in model.layers}
    assert [each["name"] for each in answer["layers"]] == [layer.name for layer in model.layers]
    for each in answer["layers"]:
        own = layers[each["name"]]
        expected = x if each["layer"] == "Input" else np.asarray(keras.Model(model.inputs, own.output)(x, training=False))
        shown = cuts.taken(expected[0], Cut(len(arrays[f"card:{own.name}"]), *each["strides"]))
        np.testing.assert_allclose(arrays[f"card:{own.name}"], shown, atol=1e-5)
        assert each["high"] == pytest.approx(float(expected.max()), abs=1e-5)
        whole = np.abs(cuts.taken(expected[0], Cut(len(shown), 1, 1))).reshape(len(shown), -1).max(axis=1)
        np.testing.assert_allclose(arrays[f"extent:{own.name}"], whole, atol=1e-5)


def test_a_layer_comes_whole_with_its_histogram(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    answer, arrays = ask("layer", tmp_path / "run", layer="conv_2")
    _, whole = ask("inspect", tmp_path / "run", layers=["conv_2"], most=None)
    np.testing.assert_array_equal(arrays["maps"], np.moveaxis(whole["layer:conv_2"], -1, 0))
    expected, _ = np.histogram(whole["layer:conv_2"], len(answer["counts"]), (answer["low"], answer["high"]))
    assert answer["counts"] == expected.tolist() and answer["whole"]
    assert answer["spread"] == pytest.approx(whole["layer:conv_2"].std(), rel=1e-5)


@pytest.mark.parametrize("layer", ["conv_1", "digits", "input"])
def test_the_check_compares_with_the_run_itself(tmp_path: Path, layer: str) -> None:
    made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    assert all(check["value"] < 1e-6 for check in ask("self_check", tmp_path / "run", layer=layer)[0]["checks"])
    run = memory.loaded(tmp_path / "run")
    run.model.get_layer("conv_1").set_weights([each + 0.25 for each in run.model.get_layer("conv_1").get_weights()])
    checks = {check["name"]: check["value"] for check in ask("self_check", tmp_path / "run")[0]["checks"]}
    memory.forget()
    assert checks["The stored weights"] == pytest.approx(0.25, abs=1e-6) and checks["The run's own output"] > 1e-3


def test_cards_of_a_deep_network_are_full_around_one_layer_and_small_elsewhere() -> None:
    shapes = {f"layer_{number}": (56, 56, 256) for number in range(517)}
    found = overview.shared(shapes, "layer_300")
    sizes = {name: cuts.numbers(shapes[name], cut) for name, cut in found.items()}
    assert sum(sizes.values()) <= overview.MOST_CARDS
    assert sizes["layer_300"] == overview.FULL > sizes["layer_0"] > 0
    assert overview.shared({"a": (28, 28, 1)}, None)["a"] == Cut(1, 1, 1)


def test_a_run_s_model_has_the_stored_weights_and_draws_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    x = parts("digits28", seed=1).test.x[:2]
    monkeypatch.setattr(keras.initializers.GlorotUniform, "__call__", None)
    again = model_at(tmp_path / "run")
    np.testing.assert_array_equal(again(x), model(x))
    assert again.get_config() == model.get_config()


def test_stored_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    (tmp_path / "run" / "network.json").write_text(set_params(zoo.network("digit_cnn"), "dense", {"units": 64}).model_dump_json())
    with pytest.raises(BuilderError, match="64"):
        model_at(tmp_path / "run")


def test_the_kept_overview_is_what_the_run_that_ships_gives() -> None:
    kept = read_overview(SHIPPED)
    assert kept is not None
    answer, arrays = ask("overview", SHIPPED)
    for one, other in zip(kept[0]["layers"], answer["layers"], strict=True):
        assert (one["name"], one["shape"], one["high"]) == (other["name"], other["shape"], pytest.approx(other["high"], abs=1e-5))
    for name, value in arrays.items():
        np.testing.assert_allclose(kept[1][name], value, atol=1e-5)


def large(side: int) -> Network:
    """Convolutions that keep the size of their input: 16 maps take 64 MiB each at 1,024."""
    layers = [{"name": "input", "layer": "Input", "params": {"shape": [side, side, 1]}}]
    layers += [
        {"name": f"conv_{at}", "layer": "Conv2D", "params": {"filters": 16, "kernel_size": [3, 3], "padding": "same", "activation": "relu"}}
        for at in range(1, 17)
    ]
    layers += [
        {"name": "mean", "layer": "GlobalAveragePooling2D", "params": {}},
        {"name": "classes", "layer": "Dense", "params": {"units": 10}},
    ]
    names = [layer["name"] for layer in layers]
    edges = [{"source": one, "target": other} for one, other in pairwise(names)]
    return Network.model_validate({"name": "large", "nodes": layers, "edges": edges})


@pytest.mark.slow
def test_an_input_of_a_million_numbers_is_looked_at_in_little_memory(tmp_path: Path) -> None:
    model = made(tmp_path / "run", large(1024), "digits28")
    with pytest.raises(BuilderError, match=r"at most 512 MiB for their outputs, but .*1,024 MiB") as told:
        ask("inspect", tmp_path / "run")
    assert "fewer of its maps" in told.value.sentence
    ask("inspect", tmp_path / "run", layers=[])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, arrays = ask("overview", tmp_path / "run")
    deep, maps = ask("layer", tmp_path / "run", layer="conv_3")
    one, whole = ask("layer", tmp_path / "run", layer="conv_3", how="fewer")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 450, f"{grown:.0f} MiB"  # of 1,024 MiB of outputs
    assert sum(value.size for value in arrays.values()) < overview.MOST_CARDS + 1000
    assert deep["needs"] == 64 * MIB and not deep["whole"] and maps["maps"].shape[0] == 16
    assert maps["maps"].size <= overview.MOST_CLOSER and one["fewer"] == 1 and whole["maps"].shape == (1, 1024, 1024)
    x = parts("digits28", seed=1).test.x[:1]
    resized = ask("inspect", tmp_path / "run", layers=[])[1]["input"][None]
    assert resized.shape == (1, 1024, 1024, 1) and resized.max() <= x.max() + 1e-5
    own = np.asarray(keras.Model(model.inputs, model.get_layer("conv_3").output)(resized, training=False))[0]
    np.testing.assert_allclose(whole["maps"][0], own[..., 0], atol=1e-4)
    np.testing.assert_allclose(maps["maps"], cuts.taken(own, Cut(16, *deep["strides"])), atol=1e-4)
    assert deep["high"] == pytest.approx(float(own.max()), rel=1e-4) and sum(deep["counts"]) == own.size
    assert all(check["value"] < 1e-5 for check in ask("self_check", tmp_path / "run")[0]["checks"])
    for layer in ("conv_1", "conv_3"):  # the first reads the input itself
        lens, arrays = ask("lenses", tmp_path / "run", layer=layer, map=2, at=[500, 600])
        assert lens["at"] == [500, 600] and lens["check"]["value"] < 1e-5 and sum(each.nbytes for each in arrays.values()) < 8 * MIB
    memory.forget()
