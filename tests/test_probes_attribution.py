"""Attributions against references written on `tf.GradientTape`, and against what is known of them."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from builder import zoo
from builder.errors import BuilderError
from builder.keras_bridge import to_keras
from builder.network import Edge, Network, Node
from builder.probes.explaining import question
from builder.probes.gradcam import grad_cam, gradcam, last_with_places
from builder.probes.integrated_gradients import integrate, integrated_gradients
from builder.probes.loaded import Loaded, loaded
from builder.probes.maximise import maximise, maximise_unit
from builder.probes.occlusion import occlusion
from builder.probes.randomising import random_weights, spearman
from builder.probes.saliency import gradient, saliency, smooth_gradient
from builder.probes.samples import Sample, sample
from builder.runs import Settings
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.folder import epoch_path

pytestmark = pytest.mark.usefixtures("home")


def made(place: Path, network: Network, dataset: str, seed: int = 0) -> Any:
    """A run's folder with random weights, biases too; returns the Keras model that has them."""
    place.mkdir()
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset=dataset).model_dump_json())
    keras.utils.set_random_seed(seed)
    model = to_keras(network)
    random = np.random.default_rng(seed)
    model.set_weights([each + random.normal(0, 0.05, each.shape) for each in model.get_weights()])
    write_arrays(epoch_path(place, 0), layer_weights(model))
    return model


def chain(name: str, *layers: tuple[str, str, dict[str, Any]]) -> Network:
    nodes = tuple(Node(name=each, layer=layer, params=params) for each, layer, params in layers)
    edges = tuple(Edge(source=before.name, target=after.name) for before, after in pairwise(nodes))
    return Network(name=name, nodes=nodes, edges=edges)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    place = tmp_path_factory.mktemp("runs") / "digits"
    return place, made(place, zoo.network("digit_cnn"), "digits28")


def logits(model: Any, x: Any) -> Any:
    """The digit CNN's scores, its last Dense written out."""
    before = keras.Model(model.inputs, model.get_layer("dense").output)
    kernel, bias = model.get_layer("digits").weights
    return before([x]) @ kernel.value + bias.value


def reference_integral(model: Any, x: np.ndarray, steps: int) -> tuple[np.ndarray, int]:
    """Integrated gradients of the highest score from zeros; all steps in one batch, as rounding decides ties of max pooling."""
    index = int(np.argmax(logits(model, x)))
    points = tf.constant(np.concatenate([x * (step + 0.5) / steps for step in range(steps)]))
    with tf.GradientTape() as tape:
        tape.watch(points)
        score = tf.reduce_sum(logits(model, points)[:, index])
    return x[0] * tape.gradient(score, points).numpy().mean(axis=0), index


def test_integrated_gradients_equal_the_sum_written_out(digits: tuple[Path, Any]) -> None:
    place, model = digits
    answer, arrays = integrated_gradients({"run": str(place), "sample": 4}, {})
    expected, index = reference_integral(model, arrays["input"][None], 32)
    json.dumps(answer, allow_nan=False)
    assert answer["target"] == index
    assert np.abs(arrays["attribution"] - expected).max() < 1e-5
    rise = float(logits(model, arrays["input"][None])[0, index] - logits(model, np.zeros((1, 28, 28, 1)))[0, index])
    assert answer["rise"] == pytest.approx(rise, abs=1e-5)
    assert answer["gap"] == pytest.approx(float(expected.sum()) - rise, abs=1e-5)


@pytest.mark.parametrize("layer", ["conv_1", "conv_2", "pool_2"])
def test_grad_cam_equals_the_formula_written_out(digits: tuple[Path, Any], layer: str) -> None:
    place, model = digits
    answer, arrays = gradcam({"run": str(place), "sample": 2, "layer": layer, "check": False, "target": 7}, {})
    kernel, bias = model.get_layer("digits").weights
    both = keras.Model(model.inputs, [model.get_layer(layer).output, model.get_layer("dense").output])
    with tf.GradientTape() as tape:
        maps, dense = both([arrays["input"][None]])
        score = (dense @ kernel.value + bias.value)[0, 7]
    weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
    expected = tf.nn.relu(tf.reduce_sum(maps[0] * weights, axis=-1))
    assert answer["target"] == 7 and answer["score"] == pytest.approx(float(score), abs=1e-5)
    assert np.abs(arrays["attribution"] - expected).max() < 1e-5
    assert arrays["overlay"].shape == (28, 28)


def test_grad_cam_takes_the_last_layer_with_places(digits: tuple[Path, Any]) -> None:
    assert gradcam({"run": str(digits[0]), "check": False}, {})[0]["layer"] == "pool_2"


def test_saliency_is_the_gradient_of_the_score_before_softmax(digits: tuple[Path, Any]) -> None:
    place, model = digits
    answer, arrays = saliency({"run": str(place), "sample": 1}, {})
    x = tf.constant(arrays["input"][None])
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = tf.reduce_max(logits(model, x))
    expected = tape.gradient(score, x)[0]
    assert np.abs(arrays["attribution"] - expected).max() < 1e-5
    assert answer["check"]["value"] < 0.02
    _, product = saliency({"run": str(place), "sample": 1, "method": "gradient_times_input"}, {})
    assert np.abs(product["attribution"] - expected * x[0]).max() < 1e-5


def test_smoothgrad_is_the_mean_gradient_of_noisy_copies(tmp_path: Path) -> None:
    layers = (
        ("input", "Input", {"shape": [4]}),
        ("hidden", "Dense", {"units": 6, "activation": "tanh"}),
        ("scores", "Dense", {"units": 3, "activation": "softmax"}),
    )
    model = made(tmp_path / "run", chain("iris", *layers), "iris")
    run = loaded(tmp_path / "run")
    asked = question(run, sample(run, "test", 0))
    (hidden, bias), kernel = model.get_layer("hidden").get_weights(), model.get_layer("scores").kernel.numpy()[:, asked.target]
    noise = np.random.default_rng(5).normal(0, 0.3 * np.ptp(asked.point), (40, 4))
    slopes = 1 - np.tanh((asked.point + noise) @ hidden + bias) ** 2  # (copies, hidden)
    found = smooth_gradient(run, asked, samples=40, noise=0.3, seed=5)
    assert np.allclose(found, ((slopes * kernel) @ hidden.T).mean(axis=0), atol=1e-5)
    assert np.allclose(smooth_gradient(run, asked, noise=1e-6), gradient(run, asked), atol=1e-4)


def test_explaining_changes_nothing_of_the_network(digits: tuple[Path, Any]) -> None:
    place, model = digits
    run = loaded(place)
    one = sample(run, "test", 0)
    gradcam({"run": str(place)}, {})
    assert np.allclose(run.model(one.x), model(one.x), atol=1e-6)
    assert float(np.sum(run.model(one.x))) == pytest.approx(1)


def test_a_softmax_layer_is_seen_through(tmp_path: Path) -> None:
    layers = (("input", "Input", {"shape": [4]}), ("scores", "Dense", {"units": 3}), ("chances", "Softmax", {}))
    model = made(tmp_path / "run", chain("iris", *layers), "iris")
    _, arrays = saliency({"run": str(tmp_path / "run"), "target": 2}, {})
    assert np.allclose(arrays["attribution"], model.get_layer("scores").kernel[:, 2], atol=1e-6)


def test_one_unit_speaks_for_both_of_two_classes(tmp_path: Path) -> None:
    layers = (("input", "Input", {"shape": [2]}), ("unit", "Dense", {"units": 1, "activation": "sigmoid"}))
    model = made(tmp_path / "run", chain("points", *layers), "moons")
    kernel = model.get_layer("unit").kernel.numpy()[:, 0]
    for target, sign in ((1, 1), (0, -1)):
        _, arrays = saliency({"run": str(tmp_path / "run"), "target": target}, {})
        assert np.allclose(arrays["attribution"], sign * kernel, atol=1e-6)


def test_integrated_gradients_of_a_linear_network_are_exact(tmp_path: Path) -> None:
    layers = (("input", "Input", {"shape": [4]}), ("scores", "Dense", {"units": 3, "activation": "softmax"}))
    model = made(tmp_path / "run", chain("iris", *layers), "iris")
    answer, arrays = integrated_gradients({"run": str(tmp_path / "run"), "target": 1, "steps": 1}, {})
    assert np.allclose(arrays["attribution"], arrays["input"] * model.get_layer("scores").kernel[:, 1], atol=1e-5)
    assert abs(answer["gap"]) < 1e-5


def test_grad_cam_works_along_a_sequence(tmp_path: Path) -> None:
    layers = (
        ("input", "Input", {"shape": [13, 1]}),
        ("conv", "Conv1D", {"filters": 5, "kernel_size": 3, "activation": "relu"}),
        ("mean", "GlobalAveragePooling1D", {}),
        ("classes", "Dense", {"units": 3, "activation": "softmax"}),
    )
    made(tmp_path / "run", chain("wine", *layers), "wine")
    answer, arrays = gradcam({"run": str(tmp_path / "run"), "check": False}, {})
    assert answer["layer"] == "conv" and arrays["attribution"].shape == (11,)


def test_a_network_of_rows_has_no_heat_map(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("iris_mlp"), "iris")
    with pytest.raises(BuilderError, match="a layer with places"):
        gradcam({"run": str(tmp_path / "run")}, {})


def tokens_run(place: Path) -> tuple[Loaded, Sample, Any]:
    """A masked LSTM over tokens, and one padded sentence."""
    layers = (
        ("input", "Input", {"shape": [6], "dtype": "int32"}),
        ("table", "Embedding", {"input_dim": 9, "output_dim": 4, "mask_zero": True}),
        ("lstm", "LSTM", {"units": 5}),
        ("classes", "Dense", {"units": 3, "activation": "softmax"}),
    )
    model = made(place, chain("words", *layers), "iris")
    run = loaded(place)
    known = sample.__globals__["datasets"].record("iris")
    x = np.array([[3, 1, 4, 8, 0, 0]], "float32")
    return run, Sample(known, x[0], x, None, (), 1), model


def test_tokens_are_explained_at_their_embedding_and_padding_gets_nothing(tmp_path: Path) -> None:
    run, one, model = tokens_run(tmp_path / "run")
    asked = question(run, one)
    assert asked.point.shape == (6, 4)
    expected = keras.Model(model.inputs, model.get_layer("lstm").output)([one.x]) @ model.get_layer("classes").kernel
    assert asked.score == pytest.approx(float(np.max(expected + model.get_layer("classes").bias)), abs=1e-5)
    found = integrate(run, asked)
    assert abs(found.gap) < 1e-3
    assert (found.attribution[4:] == 0).all() and (np.abs(found.attribution[:4]).sum(-1) > 0).all()


def test_the_heat_map_reaches_into_a_nested_model() -> None:
    """A backbone inside a model: Keras alone refuses (not connected to `inputs`)."""
    keras.utils.set_random_seed(3)
    inner_input = keras.Input((12, 12, 1))
    maps = keras.layers.Conv2D(4, 3, activation="relu", name="inner_conv")(inner_input)
    inner = keras.Model(inner_input, keras.layers.MaxPooling2D(name="inner_pool")(maps), name="backbone")
    outer_input = keras.Input((12, 12, 1))
    last = keras.layers.Dense(3, activation="softmax", name="classes")
    outer = keras.Model(outer_input, last(keras.layers.Flatten(name="flatten")(inner(outer_input))))
    network = chain("nested", ("input", "Input", {"shape": [12, 12, 1]}), ("backbone", "Opaque", {}), ("flatten", "Flatten", {}),
                    ("classes", "Dense", {"units": 3, "activation": "softmax"}))  # fmt: skip
    names = {name: name for name in ("backbone", "flatten", "classes")}
    everything = keras.Model(outer.inputs, [outer.get_layer("flatten").input, outer.get_layer("flatten").output, last.output])
    run = Loaded(network, Settings(dataset="digits28"), outer, names, everything, None, 0)
    assert last_with_places(run) == "backbone/inner_pool"
    x = np.random.default_rng(0).random((1, 12, 12, 1)).astype("float32")
    asked = question(run, Sample(sample.__globals__["datasets"].record("iris"), x[0], x, None, (), 1), target=1)
    cam = grad_cam(run, asked, "backbone/inner_conv")
    split = keras.Model(inner.inputs, [inner.get_layer("inner_conv").output, inner.output])
    with tf.GradientTape() as tape:
        inside, after = split([x])
        score = (tf.reshape(after, (1, -1)) @ last.kernel.value + last.bias.value)[0, 1]
    weights = tf.reduce_mean(tape.gradient(score, inside), axis=(0, 1, 2))
    assert np.abs(cam.heat - tf.nn.relu(tf.reduce_sum(inside[0] * weights, -1))).max() < 1e-5


def test_random_weights_are_put_back(digits: tuple[Path, Any]) -> None:
    run = loaded(digits[0])
    before = run.model.get_weights()
    with random_weights(run, 1):
        assert not np.array_equal(run.model.get_weights()[0], before[0])
        assert np.allclose(np.sort(run.model.get_weights()[0], None), np.sort(before[0], None))
    assert all(np.array_equal(a, b) for a, b in zip(run.model.get_weights(), before, strict=True))


def test_rank_correlation_is_scipy_s() -> None:
    stats = pytest.importorskip("scipy.stats")
    random = np.random.default_rng(0)
    a, b = random.integers(0, 5, 50), random.normal(size=50)
    assert spearman(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)
    assert spearman(a, np.ones(50)) == 0


def test_occlusion_is_the_score_s_fall_when_a_patch_is_covered(digits: tuple[Path, Any]) -> None:
    place, model = digits
    answer, arrays = occlusion({"run": str(place), "sample": 3, "size": 7, "stride": 7, "fill": 0.5}, {})
    assert arrays["corners"].tolist() == [[7 * row, 7 * column] for row in range(4) for column in range(4)]
    x = arrays["input"][None]
    for (top, left), fall in zip(arrays["corners"], arrays["falls"], strict=True):
        covered = x.copy()
        covered[:, top : top + 7, left : left + 7] = 0.5
        change = (logits(model, x) - logits(model, covered))[0, answer["target"]]
        assert fall == pytest.approx(float(change), abs=1e-5)
        assert arrays["attribution"][top + 3, left + 3] == pytest.approx(float(fall))
    assert answer["check"]["value"] < 1e-5


def test_patches_reach_every_border_and_stay_few(digits: tuple[Path, Any]) -> None:
    _, arrays = occlusion({"run": str(digits[0]), "size": 5, "stride": 4}, {})
    assert arrays["corners"].max() == 23 and arrays["attribution"].shape == (28, 28)
    _, arrays = occlusion({"run": str(digits[0]), "size": 1, "stride": 1}, {})
    assert len(arrays["falls"]) <= 1024


def test_a_row_s_numbers_are_covered_one_by_one(tmp_path: Path) -> None:
    layers = (("input", "Input", {"shape": [4]}), ("scores", "Dense", {"units": 3, "activation": "softmax"}))
    model = made(tmp_path / "run", chain("iris", *layers), "iris")
    _, arrays = occlusion({"run": str(tmp_path / "run"), "target": 0}, {})
    assert np.allclose(arrays["attribution"], arrays["input"] * model.get_layer("scores").kernel[:, 0], atol=1e-5)


def test_covered_tokens_lose_their_embedding(tmp_path: Path) -> None:
    from builder.probes.occlusion import occlude

    run, one, _ = tokens_run(tmp_path / "run")
    found = occlude(run, question(run, one))
    assert found.attribution.shape == (6,) and np.allclose(found.attribution[4:], 0, atol=1e-6)


def test_a_made_up_input_excites_its_unit_more_than_any_sample(digits: tuple[Path, Any]) -> None:
    answer, arrays = maximise({"run": str(digits[0]), "layer": "digits", "unit": 3}, {})
    assert answer["check"]["value"] > 0 and arrays["image"].shape == (28, 28, 1)
    assert arrays["image"].min() >= 0 and arrays["image"].max() <= 1
    assert answer["value"] == pytest.approx(float(logits(digits[1], arrays["image"][None])[0, 3]), abs=1e-4)
    assert arrays["history"][-1] > arrays["history"][0]


def test_regularisation_makes_the_picture_calmer(digits: tuple[Path, Any]) -> None:
    run = loaded(digits[0])
    rough, calm = (maximise_unit(run, "conv_2", 0, roughness=weight, decay=0, steps=60).image for weight in (0.0, 10.0))
    assert np.abs(np.diff(calm, axis=0)).mean() < np.abs(np.diff(rough, axis=0)).mean()


def test_tokens_cannot_be_made_up(tmp_path: Path) -> None:
    run, _, _ = tokens_run(tmp_path / "run")
    with pytest.raises(BuilderError, match="numbers that can change a little"):
        maximise_unit(run, "lstm", 0)


@pytest.mark.parametrize("name", ["reversal_attention", "pronoun_encoder", "induction_transformer", "seq2seq_transformer"])
def test_transformers_are_explained_at_the_step_that_is_asked_for(tmp_path: Path, name: str) -> None:
    dataset = {"reversal_attention": "reversal", "pronoun_encoder": "pronouns", "induction_transformer": "induction"}.get(name, "reversal")
    made(tmp_path / "run", zoo.network(name), dataset)
    answer, arrays = integrated_gradients({"run": str(tmp_path / "run"), "sample": 1, "steps": 64, "step": None}, {})
    assert arrays["attribution"].shape == arrays["input"].shape
    assert abs(answer["gap"]) < 0.05 * max(abs(answer["rise"]), 1) and np.abs(arrays["attribution"]).sum() > 0


def test_a_causal_step_owes_nothing_to_what_comes_after(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("induction_transformer"), "induction")
    _, arrays = saliency({"run": str(tmp_path / "run"), "step": 4}, {})
    assert (arrays["attribution"][5:] == 0).all() and (arrays["attribution"][:5] > 0).all()
