"""A model that Keras saved comes back as the network it was, and as nothing else."""

import json
import zipfile
from pathlib import Path

import keras
import pytest

from builder import zoo
from builder.__main__ import main
from builder.catalogue import LAYERS
from builder.engine.opening import open_bytes, open_keras
from builder.errors import BuilderError
from builder.keras_bridge import analyse, to_keras
from builder.keras_bridge.from_keras import Opened, network_of
from builder.network import Network, apply
from builder.web.editing import opened

LARGEST = 30_000_000  # parameters of a model that a test may make
SMALL = sorted(name for name in zoo.ZOO if analyse(zoo.network(name)).total_params < LARGEST)


def reopened(model: keras.Model) -> Opened:
    """The network of a model's own description."""
    return network_of(json.loads(model.to_json()), "it")


def same(network: Network, model: keras.Model) -> None:
    """The network has the model's counts and output shapes."""
    found = analyse(network)
    assert found.problems == ()
    assert found.total_params == model.count_params()
    assert found.trainable_params == sum(int(keras.ops.size(each)) for each in model.trainable_weights)
    shapes = sorted(str(tuple(each.shape[1:])) for each in model.outputs)
    assert sorted(str(report.output_shape) for report in found.layers if report.name in {each.name for each in network.outputs}) == shapes


@pytest.mark.parametrize("name", SMALL)
def test_every_network_of_the_zoo_comes_back(name: str) -> None:
    network = zoo.network(name)
    found, notes = reopened(to_keras(network))
    assert notes == ()
    ours, theirs = analyse(network), analyse(found)
    assert [(each.name, each.layer, each.output_shape, each.params) for each in theirs.layers if each.layer != "Input"] == [
        (each.name, each.layer, each.output_shape, each.params)
        for each in sorted(ours.layers, key=lambda each: [node.name for node in found.nodes].index(each.name))
        if each.layer != "Input"
    ]
    assert sorted((edge.source, edge.target) for edge in found.edges) == sorted((edge.source, edge.target) for edge in network.edges)


@pytest.mark.parametrize("name", ["MobileNetV2", "DenseNet121"])
def test_a_model_of_keras_applications_comes_back_with_its_counts(name: str) -> None:
    model = getattr(keras.applications, name)(weights=None, input_shape=(96, 96, 3), classes=7)
    same(reopened(model).network, model)


def test_a_model_inside_a_model_is_laid_out_flat_and_stays_frozen() -> None:
    inside = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Flatten()], name="inside")
    inside.trainable = False
    start = keras.Input((8, 8, 3))
    model = keras.Model(start, keras.layers.Dense(2)(inside(start)))
    found = reopened(model).network
    assert [node.layer for node in found.nodes] == ["Input", "Conv2D", "Flatten", "Dense"]
    assert [node.trainable for node in found.nodes] == [True, False, False, True]
    same(found, model)


def test_branches_ports_and_causal_masks_come_back() -> None:
    words, images = keras.Input((6, 8), name="words"), keras.Input((4, 8), name="images")
    looked = keras.layers.MultiHeadAttention(2, 4, name="cross")(words, images)
    masked = keras.layers.MultiHeadAttention(2, 4, name="own")(looked, looked, use_causal_mask=True)
    model = keras.Model([words, images], keras.layers.Add()([looked, masked]))
    found = reopened(model).network
    assert {(edge.source, edge.target_port) for edge in found.inputs_of("cross")} == {("words", "query"), ("images", "value")}
    assert found.node("own").params["use_causal_mask"] is True
    same(found, model)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_saved_file_is_opened_without_keras(tmp_path: Path, suffix: str) -> None:
    model = to_keras(zoo.network("digit_cnn"))
    model.save(tmp_path / f"mine{suffix}")
    found, notes = open_keras(tmp_path / f"mine{suffix}")
    assert not notes
    same(found, model)
    again, _ = open_bytes((tmp_path / f"mine{suffix}").read_bytes(), f"../../{'x' * 300}{suffix}")
    assert again == found


def test_a_sequential_model_that_names_no_input_says_what_to_do(tmp_path: Path) -> None:
    keras.Sequential([keras.layers.Dense(2)]).save(tmp_path / "open.keras")
    with pytest.raises(BuilderError, match=r"keras\.Input"):
        open_keras(tmp_path / "open.keras")


def test_a_layer_of_ones_own_stays_in_its_place_and_is_named(tmp_path: Path) -> None:
    config = json.loads(to_keras(zoo.network("digit_cnn")).to_json())
    layer = config["config"]["layers"][2]
    layer.update(module="mine", class_name="Squash", registered_name="mine>Squash")
    found, notes = network_of(config, "it")
    assert found.node(layer["name"]).layer == "Squash"
    assert "Squash" in notes[0]
    assert next(problem.node for problem in analyse(found).problems) == layer["name"]


def test_a_layer_that_is_called_twice_is_refused_by_name() -> None:
    start, shared = keras.Input((4,)), keras.layers.Dense(4, name="shared")
    with pytest.raises(BuilderError, match="shared"):
        reopened(keras.Model(start, shared(shared(start))))


def test_the_command_line_and_the_menu_open_the_same_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = to_keras(zoo.network("lenet5"))
    model.save(tmp_path / "mine.keras")
    assert main(["summary", str(tmp_path / "mine.keras"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total_params"] == model.count_params()
    network, _ = opened((tmp_path / "mine.keras").read_bytes(), "mine.keras")
    assert network == open_keras(tmp_path / "mine.keras")[0]


def test_a_strange_layer_can_be_opened_drawn_and_deleted(tmp_path: Path) -> None:
    config = json.loads(to_keras(zoo.network("digit_cnn")).to_json())
    config["config"]["layers"][2].update(module="mine", class_name="Squash", registered_name="mine>Squash")
    with zipfile.ZipFile(tmp_path / "strange.keras", "w") as file:
        file.writestr("config.json", json.dumps(config))
    network, notes = opened((tmp_path / "strange.keras").read_bytes(), "strange.keras")
    assert notes
    healed = apply(network, {"kind": "delete", "name": config["config"]["layers"][2]["name"]}, LAYERS)
    assert len(analyse(healed).layers) == len(network.nodes) - 1


def test_an_uploaded_file_that_cannot_be_read_is_named_as_the_person_named_it() -> None:
    with pytest.raises(BuilderError, match=r"^holiday\.keras needs"):
        open_bytes(b"PK no archive", "holiday.keras")
