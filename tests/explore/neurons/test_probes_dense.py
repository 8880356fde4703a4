"""Dense layers: responses over the plane, weights as pictures, and a weight edited by hand, against Keras models of the test's own."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import DATASETS, parts
from builder.errors import BuilderError
from builder.network import Edge, Network, Node, apply
from builder.probes import OPERATIONS
from builder.probes.model.loaded import loaded
from builder.probes.neurons.weights import axis_names
from builder.runs.run_folder import weights
from tests.kit.making import chain, made

pytestmark = pytest.mark.usefixtures("home")


def op(name: str, run: Path, **arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer, arrays = OPERATIONS[name]({"run": str(run), **arguments}, {})
    json.dumps(answer, allow_nan=False)
    return answer, dict(arrays)


@pytest.fixture
def moons(tmp_path: Path) -> tuple[Path, list[Any]]:
    """A run on the two moons with two epochs of random weights, and the models that have them."""
    return tmp_path / "run", made(tmp_path / "run", zoo.network("points_mlp"), "moons", epochs=2, spread=0.5)


def grid(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """(rows, columns, 2): the plane's points."""
    return np.stack(np.meshgrid(arrays["x"], arrays["y"]), axis=-1)


def test_every_neuron_s_response_is_what_keras_gives_at_that_point(moons: tuple[Path, list[Any]]) -> None:
    import keras

    place, models = moons
    for epoch, model in enumerate(models):
        answer, arrays = op("plane", place, epoch=epoch)
        step, points = answer["step"], grid(arrays)
        assert [each["name"] for each in answer["layers"]] == ["dense_1", "dense_2", "output"]
        for name in ("dense_1", "dense_2"):
            direct = np.asarray(keras.Model(model.inputs, model.get_layer(name).output)(points.reshape(-1, 2))).reshape(
                *points.shape[:2], -1
            )
            assert np.allclose(np.moveaxis(arrays[f"layer:{name}"], 0, -1), direct[::step, ::step], atol=1e-5)
        whole = np.asarray(model(points.reshape(-1, 2))).reshape(*points.shape[:2], 2)
        assert np.allclose(np.moveaxis(arrays["answer"], 0, -1), whole, atol=1e-5)
        assert answer["rating"] and answer["check"]["value"] < 1e-5


def test_the_plane_holds_all_of_the_data_and_its_largest_y_is_on_top(moons: tuple[Path, list[Any]]) -> None:
    _, arrays = op("plane", moons[0], part="train")
    x = DATASETS["moons"].load().x
    assert (arrays["x"].min() < x[:, 0].min(), arrays["x"].max() > x[:, 0].max()) == (True, True)
    assert arrays["y"][0] > x[:, 1].max() and arrays["y"][-1] < x[:, 1].min()
    assert np.array_equal(arrays["points"], parts("moons", 1).train.x[:400])


def test_one_number_of_the_plane_is_the_sum_of_the_layer_before(moons: tuple[Path, list[Any]]) -> None:
    answer, arrays = op("plane", moons[0])
    before = arrays["layer:dense_1"][:, 7, 11].astype("float64")
    total = before @ arrays["kernel:dense_2"][:, 3] + arrays["bias:dense_2"][3]
    assert arrays["layer:dense_2"][3, 7, 11] == pytest.approx(np.tanh(total), abs=1e-5)
    assert answer["layers"][1]["source"] == "dense_1" and answer["layers"][0]["source"] == "input"


def test_one_unit_with_a_sigmoid_gives_chances_of_both_classes(tmp_path: Path) -> None:
    (model,) = made(tmp_path / "run", zoo.network("first_model"), "circles", spread=0.5)
    answer, arrays = op("plane", tmp_path / "run", side=31)
    assert arrays["answer"].shape == (2, 31, 31) and np.allclose(arrays["answer"].sum(axis=0), 1)
    assert np.allclose(arrays["answer"][1].reshape(-1), np.asarray(model(grid(arrays).reshape(-1, 2)))[:, 0], atol=1e-5)
    assert answer["rating"]


def test_points_that_are_given_again_are_no_chances_of_classes(tmp_path: Path) -> None:
    """Two outputs and two classes: an autoencoder of points looks like a classifier."""
    network = apply(zoo.network("points_mlp"), {"kind": "set", "name": "output", "params": {"units": 2, "activation": "linear"}}, LAYERS)
    (model,) = made(tmp_path / "run", network, "moons", recipe="autoencoder", spread=0.5)
    answer, arrays = op("plane", tmp_path / "run", side=31)
    assert not answer["rating"]
    assert np.allclose(arrays["answer"].reshape(2, -1).T, np.asarray(model(grid(arrays).reshape(-1, 2))), atol=1e-5)


def test_data_of_more_numbers_have_no_plane(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("iris_mlp"), "iris")
    with pytest.raises(BuilderError, match="two numbers"):
        op("plane", tmp_path / "run")


def test_a_first_layer_s_weights_are_drawn_in_the_picture_s_shape(tmp_path: Path) -> None:
    (model,) = made(tmp_path / "run", zoo.network("mlp"), "digits28", spread=0.1)
    answer, arrays = op("layer_weights", tmp_path / "run", layer="dense_1", first=3)
    kernel = model.get_layer("dense_1").kernel.numpy()
    assert (answer["kind"], answer["picture"], answer["shape"]) == ("fields", [28, 28, 1], [784, 128])
    assert np.array_equal(arrays["values"][2], kernel[:, 5].reshape(28, 28)) and len(arrays["values"]) == 64
    assert [each["value"] < 1e-4 for each in answer["checks"]] == [True, True]


def test_weights_behind_convolutions_are_drawn_map_by_map(tmp_path: Path) -> None:
    (model,) = made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    answer, arrays = op("layer_weights", tmp_path / "run", layer="dense")
    assert answer["picture"] == [5, 5, 64]
    kernel = model.get_layer("dense").kernel.numpy().reshape(5, 5, 64, 128)
    row, column = divmod(13, 8)  # the 13th map among eight in a row, a line between
    assert np.array_equal(arrays["values"][9, row * 6 : row * 6 + 5, column * 6 : column * 6 + 5], kernel[..., 13, 9])
    assert np.isneginf(arrays["values"][9, 5]).all()


def test_a_convolution_s_weights_are_pictures_of_its_windows_with_named_axes(tmp_path: Path) -> None:
    (model,) = made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    answer, arrays = op("layer_weights", tmp_path / "run", layer="conv_2")
    kernel = model.get_layer("conv_2").kernel.numpy()
    assert answer["kind"] == "fields" and answer["picture"] == [3, 3, 32] and answer["axes"] == ["row", "column", "channel", "filter"]
    assert arrays["values"].shape == (64, 6 * 4 - 1, 6 * 4 - 1)
    for channel in (0, 7, 31):
        top, left = 4 * (channel // 6), 4 * (channel % 6)
        assert np.array_equal(arrays["values"][5, top : top + 3, left : left + 3], kernel[..., channel, 5])


@pytest.mark.parametrize(
    ("layer", "array", "axes", "shape"),
    [
        ("Conv1D", "kernel", 3, "step channel filter"),
        ("Conv2DTranspose", "kernel", 4, "row column filter channel"),
        ("DepthwiseConv2D", "kernel", 4, "row column channel copy"),
        ("SeparableConv2D", "depthwise_kernel", 4, "row column channel copy"),
        ("SeparableConv2D", "pointwise_kernel", 4, "row column channel filter"),
        ("Dense", "kernel", 2, "input unit"),
        ("Embedding", "embeddings", 2, "token number"),
        ("MultiHeadAttention", "query kernel", 3, "input head number"),
        ("MultiHeadAttention", "attention_output kernel", 3, "head number unit"),
        ("MultiHeadAttention", "value bias", 2, "head number"),
    ],
)
def test_every_axis_of_an_array_says_what_it_counts(layer: str, array: str, axes: int, shape: str) -> None:
    assert axis_names(Node(name="it", layer=layer), array, axes) == shape.split()


def test_weights_behind_other_neurons_and_any_layer_s_arrays_are_matrices(tmp_path: Path) -> None:
    (model,) = made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    answer, arrays = op("layer_weights", tmp_path / "run", layer="digits")
    assert answer["kind"] == "matrix" and np.array_equal(arrays["values"], model.get_layer("digits").kernel.numpy())
    answer, arrays = op("layer_weights", tmp_path / "run", layer="conv_1", array=1)
    assert np.array_equal(arrays["values"], model.get_layer("conv_1").bias.numpy()[None])
    with pytest.raises(BuilderError, match="flatten"):
        op("layer_weights", tmp_path / "run", layer="flatten")


def test_a_weight_s_value_is_told_and_a_place_that_is_not_there_is_the_nearest(tmp_path: Path) -> None:
    (model,) = made(tmp_path / "run", zoo.network("digit_cnn"), "digits28")
    kernel = model.get_layer("conv_2").kernel.numpy()
    for asked, place in (([1, 2, 30, 63], (1, 2, 30, 63)), ([9, 0, 99, 0], (2, 0, 31, 0)), ([1], (0, 0, 0, 0)), (None, (0, 0, 0, 0))):
        answer, _ = op("layer_weights", tmp_path / "run", layer="conv_2", place=asked)
        assert tuple(answer["place"]) == place and answer["value"] == kernel[place]
        assert answer["largest"] == np.abs(kernel).max()


def test_an_array_of_millions_is_sent_in_part(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("small_cnn"), "digits28")
    answer, arrays = op("layer_weights", tmp_path / "run", layer="dense", first=90, part="train")
    assert answer["shape"] == [30752, 100] and "whole" not in arrays and arrays["values"].shape[0] == 9
    assert answer["picture"] == [31, 31, 32] and arrays["values"].shape[1:] == (6 * 32 - 1, 6 * 32 - 1) and answer["shown"] == 9


def test_the_columns_of_a_table_have_their_names(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("iris_mlp"), "iris")
    assert op("layer_weights", tmp_path / "run")[0]["names"] == list(DATASETS["iris"].features)


def test_an_edited_weight_does_what_it_does_in_keras(moons: tuple[Path, list[Any]]) -> None:
    place, models = moons
    seen, unseen = parts("moons", 1).validation, parts("moons", 1).test
    answer, arrays = op("with_edits", place, epoch=1, sample=4, edits=[["dense_2", 0, [3, 5], 2.5], ["output", 1, [1], -1.25]])
    model = models[1]
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    for state, name in (("before", "before"), ("after", "after")):
        if state == "after":
            kernel, bias = model.get_layer("dense_2").kernel.numpy(), model.get_layer("output").bias.numpy()
            assert answer["old"] == [pytest.approx(kernel[3, 5]), pytest.approx(bias[1])]
            kernel[3, 5], bias[1] = 2.5, -1.25
            model.get_layer("dense_2").kernel.assign(kernel)
            model.get_layer("output").bias.assign(bias)
        figures = model.evaluate(seen.x, seen.y, verbose=0, return_dict=True)
        assert answer[state]["metrics"]["loss"] == pytest.approx(figures["loss"], rel=1e-4)
        assert answer[state]["metrics"]["accuracy"] == pytest.approx(figures["accuracy"])
        assert np.allclose(answer[state]["prediction"]["probabilities"], np.asarray(model(unseen.x[4:5]))[0], atol=1e-5)
        whole = np.asarray(model(grid(arrays).reshape(-1, 2)))
        assert np.allclose(arrays[f"{name}:answer"].reshape(2, -1).T, whole, atol=1e-5)
    changed = arrays["before:answer"].argmax(0) != arrays["after:answer"].argmax(0)
    assert answer["moved"] == pytest.approx(changed.mean()) and changed.any()
    assert [each["value"] for each in answer["checks"]] == [0, 0]


def test_the_run_s_own_weights_are_never_touched(moons: tuple[Path, list[Any]]) -> None:
    place, models = moons
    before = op("plane", place)[1]["answer"]
    changed = op("with_edits", place, edits=[["dense_1", 0, [0, 0], 40.0]])
    assert not np.array_equal(changed[1]["before:answer"], changed[1]["after:answer"])
    assert np.array_equal(op("plane", place)[1]["answer"], before)
    assert all(np.array_equal(a, b) for a, b in zip(loaded(place, 1).model.get_weights(), models[1].get_weights(), strict=True))
    assert np.array_equal(weights(place, 1)["dense_1/0"], models[1].get_layer("dense_1").kernel.numpy())


def test_without_an_edit_nothing_changes_and_undone_edits_leave_no_trace(moons: tuple[Path, list[Any]]) -> None:
    place, _ = moons
    op("with_edits", place, edits=[["dense_1", 0, [1, 2], 9.0]])
    answer, arrays = op("with_edits", place)
    assert answer["before"] == answer["after"] and answer["moved"] == 0
    assert np.array_equal(arrays["before:answer"], arrays["after:answer"])
    again, _ = op("with_edits", place, edits=[["dense_1", 0, [1, 2], 3.0], ["dense_1", 0, [1, 2], 4.0]])
    assert again["old"][1] == 3.0 and again["checks"][0]["value"] == 0


def test_other_data_have_figures_and_a_prediction_but_no_plane(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("diabetes_mlp"), "diabetes")
    answer, arrays = op("with_edits", tmp_path / "run", edits=[["output", 1, [0], 100.0]])
    assert set(arrays) == {"before:output", "after:output"}
    assert float((arrays["after:output"] - arrays["before:output"])[0]) == pytest.approx(100, abs=1e-3)
    assert answer["after"]["metrics"]["loss"] != answer["before"]["metrics"]["loss"] and answer["moved"] is None


@pytest.mark.parametrize(
    "edit",
    [
        ["gone", 0, [0, 0], 1.0],
        ["dense_1", 2, [0, 0], 1.0],
        ["dense_1", "0", [0, 0], 1.0],
        ["dense_1", 0, [0], 1.0],
        ["dense_1", 0, [0, 16], 1.0],
        ["dense_1", 0, [-1, 0], 1.0],
        ["dense_1", 0, [0, 0], float("inf")],
        ["dense_1", 0, [0, 0], "1"],
        ["dense_1", 0, [0, 0], 1e9],
    ],
)
def test_an_edit_of_what_is_not_there_is_a_sentence(moons: tuple[Path, list[Any]], edit: list[Any]) -> None:
    with pytest.raises(BuilderError):
        op("with_edits", moons[0], edits=[edit])


@pytest.mark.parametrize(
    ("network", "dataset"),
    [("stocks_lstm", "stocks"), ("pronoun_encoder", "pronouns"), ("linear_autoencoder", "digits"), ("seq2seq_transformer", "reversal")],
)
def test_any_kind_of_network_has_weights_to_draw_and_to_set(tmp_path: Path, network: str, dataset: str) -> None:
    graph = zoo.network(network)
    made(tmp_path / "run", graph, dataset, recipe=graph.recipe)
    layer = op("layer_weights", tmp_path / "run")[0]["layers"][-1]
    shape = layer["arrays"][0]["shape"]
    answer, arrays = op("with_edits", tmp_path / "run", edits=[[layer["name"], 0, [length - 1 for length in shape], 3.0]])
    assert [each["value"] for each in answer["checks"]] == [0, 0]
    assert answer["after"]["metrics"]["loss"] != answer["before"]["metrics"]["loss"]
    assert not np.array_equal(arrays["before:output"], arrays["after:output"])


@pytest.mark.parametrize("between", [name for name, layer in LAYERS.items() if layer.passes and layer.name not in ("Flatten", "Reshape")])
def test_weights_behind_a_layer_that_passes_its_input_on_are_drawn_as_pictures(between: str, tmp_path: Path) -> None:
    network = chain(
        "behind",
        ("input", "Input", {"shape": [28, 28, 1]}),
        ("pool", "MaxPooling2D", {"pool_size": 4}),
        ("between", between, LAYERS[between].start()),
        ("flatten", "Flatten", {}),
        ("digits", "Dense", {"units": 10, "activation": "softmax"}),
    )
    if between == "SpatialDropout1D":
        rows = Node(name="rows", layer="Reshape", params={"target_shape": [49, 1]})
        edges = [Edge(source="pool", target="rows"), Edge(source="rows", target="between"), *network.edges[2:]]
        network = network.model_copy(update={"nodes": (*network.nodes, rows), "edges": (network.edges[0], *edges)})
    made(tmp_path, network, "digits28")
    answer, _ = op("layer_weights", tmp_path, layer="digits")
    assert (answer["kind"], answer["picture"]) == ("fields", [7, 7, 1])


def test_a_single_learned_number_is_drawn_and_set(tmp_path: Path) -> None:
    nodes = [Node(name="input", layer="Input", params={"shape": [9], "dtype": "int32"})]
    nodes += [Node(name="embedding", layer="Embedding", params={"input_dim": 60, "output_dim": 4})]
    nodes += [Node(name="look", layer="Attention", params={"score_mode": "concat"}), Node(name="mean", layer="GlobalAveragePooling1D")]
    nodes += [Node(name="noun", layer="Dense", params={"units": 10, "activation": "softmax"})]
    wires = [("input", "embedding"), ("embedding", "look"), ("embedding", "look"), ("look", "mean"), ("mean", "noun")]
    network = Network(name="scores", nodes=tuple(nodes), edges=tuple(Edge(source=source, target=target) for source, target in wires))
    (model,) = made(tmp_path, network, "pronouns", spread=0.3)
    drawn, _ = op("layer_weights", tmp_path, layer="look")
    assert drawn["value"] == float(model.get_layer("look").weights[0].numpy()) and drawn["shape"] == []
    answer, arrays = op("with_edits", tmp_path, edits=[["look", 0, [], 5.0]])
    model.get_layer("look").weights[0].assign(5.0)
    np.testing.assert_allclose(arrays["after:output"], model(parts("pronouns").test.x[:1])[0], atol=1e-5)
    assert answer["old"] == [drawn["value"]] and all(check["value"] == 0 for check in answer["checks"])
