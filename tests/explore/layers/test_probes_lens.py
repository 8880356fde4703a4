"""The arithmetic of one number against the layer's own output, over every form of every layer type that it is written for."""

from itertools import pairwise, product
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.keras_bridge import to_keras
from builder.keras_bridge.layers import make_layer
from builder.network import Network
from builder.probes import OPERATIONS
from builder.probes.layers.lens import RULES, rule_of, terms
from builder.probes.layers.terms import Terms, activated
from builder.runs import Settings
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.run_folder import epoch_path

pytestmark = pytest.mark.usefixtures("home")
NINE = np.arange(9.0).reshape(3, 3, 1)


def test_the_convolution_of_the_book() -> None:
    """d2l.ai, convolutional layers: 0..8 in a square with the kernel 0 1 2 3; a flipped kernel would give 5 11 23 29."""
    kernel = np.array([[0.0, 1], [2, 3]]).reshape(2, 2, 1, 1)
    params = {"filters": 1, "kernel_size": [2, 2]}
    found = [[terms("Conv2D", params, [NINE], [kernel, np.zeros(1)], (y, x, 0)) for x in range(2)] for y in range(2)]
    assert [[each.result for each in row] for row in found] == [[19, 25], [37, 43]]
    corner = found[1][0]
    assert corner.values[..., 0].tolist() == [[3, 4], [6, 7]] and corner.products[..., 0].tolist() == [[0, 4], [12, 21]]
    assert corner.places[..., 0, :2].tolist() == [[[1, 0], [1, 1]], [[2, 0], [2, 1]]]


def test_the_max_pooling_of_the_book() -> None:
    params = {"pool_size": [2, 2], "strides": [1, 1]}
    assert [[terms("MaxPooling2D", params, [NINE], [], (y, x, 0)).result for x in range(2)] for y in range(2)] == [[4, 5], [7, 8]]


@pytest.mark.parametrize(("length", "size", "stride", "padding"), [*product((5, 6, 11), (1, 2, 3), (1, 2, 3), (0, 1, 2))])
def test_the_output_s_size_is_that_of_the_guide(length: int, size: int, stride: int, padding: int) -> None:
    """arXiv 1603.07285: floor((n + 2p - k) / s) + 1, and the last window still fits."""
    padded = np.zeros((length + 2 * padding, 1))
    expected = (length + 2 * padding - size) // stride + 1
    assert keras.layers.Conv1D(1, size, strides=stride)(padded[None]).shape[1] == expected
    params = {"filters": 1, "kernel_size": size, "strides": stride}
    places = [terms("Conv1D", params, [padded], [np.ones((size, 1, 1)), np.zeros(1)], (at, 0)).places for at in (expected - 1, expected)]
    assert places[0].max() < len(padded) and places[0].min() >= 0
    assert places[1].min() == -1


CONVOLUTIONS = [
    (layer, {**params, "kernel_size": kernel, "padding": padding, **step})
    for layer, params in (
        ("Conv2D", {"filters": 4}),
        ("Conv2D", {"filters": 4, "groups": 2, "activation": "relu"}),
        ("Conv2D", {"filters": 3, "use_bias": False, "activation": "softmax"}),
        ("SeparableConv2D", {"filters": 3, "depth_multiplier": 2}),
        ("DepthwiseConv2D", {"depth_multiplier": 2, "activation": "tanh"}),
    )
    for kernel in ([3, 2], [2, 4])
    for padding in ("valid", "same")
    for step in ({}, {"strides": [2, 2]}, {"dilation_rate": [2, 2]})
] + [
    (layer, {**params, "kernel_size": kernel, "padding": padding, **step})
    for layer, params in (("Conv1D", {"filters": 4, "groups": 2}), ("SeparableConv1D", {"filters": 3}), ("DepthwiseConv1D", {}))
    for kernel in (2, 3)
    for padding in (("valid", "same", "causal") if layer == "Conv1D" else ("valid", "same"))
    for step in ({}, {"strides": 2}, {"dilation_rate": 2})
]
CONVOLUTIONS += [
    (f"Conv{axes}DTranspose", {"filters": 3, "kernel_size": [size] * axes if axes == 2 else size, "padding": padding, **step})
    for axes in (1, 2)
    for size in (2, 3, 4)
    for padding in ("valid", "same")
    for step in ({}, {"strides": 2}, {"strides": 3, "activation": "relu"}, {"strides": 2, "output_padding": 1}, {"dilation_rate": 2})
]
POOLINGS = [
    (f"{kind}Pooling{axes}D", {"pool_size": [size] * axes if axes == 2 else size, "padding": padding, **step})
    for kind in ("Max", "Average")
    for axes in (1, 2)
    for size in (2, 3)
    for padding in ("valid", "same")
    for step in ({}, {"strides": 1}, {"strides": 2})
]
OTHERS: list[tuple[str, dict[str, Any]]] = [
    *((f"Global{kind}Pooling{axes}D", form) for kind in ("Average", "Max") for axes in (1, 2) for form in ({}, {"keepdims": True})),
    ("Dense", {"units": 5}),
    ("Dense", {"units": 5, "activation": "softmax"}),
    ("Dense", {"units": 5, "activation": "log_softmax", "use_bias": False}),
    ("Activation", {"activation": "gelu"}),
    ("Activation", {"activation": "softmax"}),
    ("Softmax", {}),
    ("Softmax", {"axis": 1}),
    ("ReLU", {}),
    ("ReLU", {"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.2}),
    ("LeakyReLU", {}),
    ("PReLU", {}),
    ("PReLU", {"shared_axes": [1, 2]}),
    ("ELU", {"alpha": 0.7}),
    ("Rescaling", {"scale": 0.5, "offset": 0.25}),
    ("BatchNormalization", {}),
    ("BatchNormalization", {"center": False}),
    ("BatchNormalization", {"scale": False}),
    *((name, {}) for name in ("LayerNormalization", "RMSNormalization", "UnitNormalization")),
    ("LayerNormalization", {"center": False, "epsilon": 0.1}),
    ("LayerNormalization", {"scale": False, "axis": 2}),
    ("Flatten", {}),
    ("Reshape", {"target_shape": [-1, 2]}),
    ("Permute", {"dims": [2, 1, 3]}),
    ("UpSampling2D", {"size": [2, 3]}),
    ("UpSampling1D", {"size": 3}),
    ("ZeroPadding2D", {"padding": [[1, 0], [2, 1]]}),
    ("ZeroPadding2D", {"padding": 1}),
    ("ZeroPadding1D", {"padding": [1, 2]}),
    ("Cropping2D", {"cropping": [1, 2]}),
    ("Cropping1D", {"cropping": 1}),
    ("RepeatVector", {"n": 3}),
    ("Identity", {}),
    ("Dropout", {"rate": 0.5}),
    ("SpatialDropout1D", {"rate": 0.5}),
    ("SpatialDropout2D", {"rate": 0.5}),
    ("GaussianNoise", {"stddev": 1.0}),
    ("GaussianDropout", {"rate": 0.5}),
    ("AlphaDropout", {"rate": 0.5}),
    ("ActivityRegularization", {"l2": 0.1}),
    ("Embedding", {"input_dim": 7, "output_dim": 3}),
    *((name, {}) for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")),
    ("Concatenate", {"axis": 1}),
]
LISTED = {layer for layer, _ in (*CONVOLUTIONS, *POOLINGS, *OTHERS)}
OTHERS += [(name, layer.start()) for name, layer in LAYERS.items() if rule_of(name) and name not in LISTED]  # as it is added


def shape_of(layer: str) -> tuple[int, ...]:
    """An input that the type takes."""
    if layer == "RepeatVector":
        return (4,)
    return (9, 4) if "1D" in layer else (7, 8, 4)


def agrees(layer: str, params: dict[str, Any], count: int = 12) -> None:
    """Numbers at random places of the output, and the last, against Keras."""
    random = np.random.default_rng(len(str(params)))
    merge = LAYERS[layer].family == "merge"
    inputs = [random.normal(size=shape_of(layer)).astype("float32") for _ in range(2 if merge else 1)]
    if layer == "Embedding":
        inputs = [random.integers(0, 7, (6,))]
    made = make_layer(layer, params, name="layer", trainable=True)
    made([each[None] for each in inputs] if merge else inputs[0][None])
    made.set_weights([np.abs(each + random.normal(0, 0.3, each.shape)) for each in made.get_weights()])
    value = np.asarray(made([each[None] for each in inputs] if merge else inputs[0][None], training=False))[0]
    indices = [tuple(size - 1 for size in value.shape), *(tuple(random.integers(0, value.shape)) for _ in range(count))]
    for index in indices:
        assert terms(layer, params, inputs, made.get_weights(), index).result == pytest.approx(float(value[index]), abs=1e-5)


@pytest.mark.parametrize(("layer", "params"), CONVOLUTIONS, ids=lambda each: each if isinstance(each, str) else "")
def test_a_convolution_s_number_is_its_window_times_its_kernel(layer: str, params: dict[str, Any]) -> None:
    if set(params) >= {"dilation_rate"} and layer.startswith("Depthwise") and params["padding"] == "same":
        params = {**params, "kernel_size": 3 if layer.endswith("1D") else [3, 3]}
    agrees(layer, params)


@pytest.mark.parametrize(("layer", "params"), POOLINGS, ids=lambda each: each if isinstance(each, str) else "")
def test_a_pooling_s_number_is_of_its_window(layer: str, params: dict[str, Any]) -> None:
    agrees(layer, params)


@pytest.mark.parametrize(("layer", "params"), OTHERS, ids=lambda each: each if isinstance(each, str) else "")
def test_any_other_number_is_its_terms_put_together(layer: str, params: dict[str, Any]) -> None:
    agrees(layer, params)


def test_every_rule_is_tried() -> None:
    assert {rule_of(layer) for layer, _ in (*CONVOLUTIONS, *POOLINGS, *OTHERS)} == set(RULES)


@pytest.mark.parametrize("activation", [name for name in LAYERS["Dense"].param("activation").choices if name])
def test_every_activation_of_the_catalogue_is_written_out(activation: str) -> None:
    row = np.linspace(-4, 4, 9)
    expected = np.asarray(keras.activations.get(activation)(row[None].astype("float32")))[0]
    assert [activated(activation, float(each), row) for each in row] == pytest.approx(expected.tolist(), abs=1e-5)


def test_padding_is_told_apart_from_a_zero() -> None:
    kernel = np.ones((3, 3, 1, 1))
    found = terms("Conv2D", {"filters": 1, "kernel_size": [3, 3], "padding": "same"}, [NINE], [kernel, np.ones(1)], (0, 0, 0))
    assert found.inside[..., 0].tolist() == [[False] * 3, [False, True, True], [False, True, True]]
    assert found.total == 0 + 1 + 3 + 4 + 1 and found.bias == 1


def test_a_layer_with_steps_of_its_own_says_so() -> None:
    for layer in ("LSTM", "GroupNormalization", "MultiHeadAttention"):
        with pytest.raises(BuilderError, match=f"The arithmetic of {layer}"):
            terms(layer, {}, [NINE], [], (0, 0, 0))


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "digits"
    place.mkdir()
    network: Network = zoo.network("digit_cnn")
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset="digits28").model_dump_json())
    keras.utils.set_random_seed(0)
    write_arrays(epoch_path(place, 0), layer_weights(to_keras(network)))
    return place


def test_a_run_s_numbers_are_followed_from_the_answer_to_the_pixels(digits: Path) -> None:
    """Each layer's number is explained by numbers that the layer before gave."""
    index: list[int] = [7]
    for after, before in pairwise(["digits", "dense", "flatten", "pool_2", "conv_2", "pool_1", "conv_1", "input"]):
        answer, arrays = OPERATIONS["lens"]({"run": str(digits), "sample": 5, "layer": after, "index": index}, {})
        assert abs(answer["check"]["value"]) < 1e-5
        _, seen = OPERATIONS["inspect"]({"run": str(digits), "sample": 5, "layers": [before], "most": None}, {})
        values = seen["input"] if before == "input" else seen[f"layer:{before}"]
        places = arrays["places"].reshape(-1, arrays["places"].shape[-1])
        assert np.allclose(values[tuple(places.T)], arrays["values"].reshape(-1), atol=1e-6)
        index = places[np.abs(arrays["products"]).argmax()].tolist()


def test_the_chances_add_up(digits: Path) -> None:
    answers = [OPERATIONS["lens"]({"run": str(digits), "layer": "digits", "index": [unit]}, {}) for unit in range(10)]
    assert sum(answer["result"] for answer, _ in answers) == pytest.approx(1)
    assert np.allclose(answers[0][1]["row"], [answer["total"] for answer, _ in answers])


@pytest.mark.parametrize(
    ("layer", "index", "sentence"),
    [("conv_9", [0], "one of conv_1"), ("dense", [128], "a place in 128"), ("dense", [0, 0], "a place in 128")],
)
def test_what_is_not_there_is_a_sentence(digits: Path, layer: str, index: list[int], sentence: str) -> None:
    with pytest.raises(BuilderError, match=sentence):
        OPERATIONS["lens"]({"run": str(digits), "layer": layer, "index": index}, {})


def test_a_mean_leaves_padding_out() -> None:
    found: Terms = terms("AveragePooling2D", {"pool_size": [2, 2], "padding": "same"}, [NINE], [], (1, 1, 0))
    assert found.result == 8 and found.inside.sum() == 1


def test_a_decoder_s_numbers_are_explained_too(tmp_path: Path) -> None:
    place, network = tmp_path / "run", zoo.network("seq2seq_transformer")
    place.mkdir()
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset="reversal", recipe="sequence_to_sequence").model_dump_json())
    write_arrays(epoch_path(place, 0), layer_weights(to_keras(network)))
    for node in network.nodes:
        if rule_of(node.layer):
            index = [2, 3] if node.layer != "Flatten" else [3]
            answer, _ = OPERATIONS["lens"]({"run": str(place), "layer": node.name, "index": index}, {})
            assert abs(answer["check"]["value"]) < 1e-4, node.name
