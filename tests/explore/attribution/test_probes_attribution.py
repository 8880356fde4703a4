"""Attributions against references written on `tf.GradientTape`, and against what is known of them."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from builder import zoo
from builder.errors import BuilderError
from builder.probes.attribution.gradcam import first_choice, grad_cam, gradcam, with_places
from builder.probes.attribution.integrated_gradients import integrate, integrated_gradients
from builder.probes.attribution.maximise import maximise_unit
from builder.probes.attribution.randomising import random_weights, spearman
from builder.probes.attribution.saliency import gradient, saliency, smooth_gradient
from builder.probes.attribution.target import target_of
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.samples import Sample, sample
from builder.runs import Settings
from tests.kit.making import chain, made

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    place = tmp_path_factory.mktemp("runs") / "digits"
    return place, made(place, zoo.network("digit_cnn"), "digits28", spread=0.05)[0]


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
    assert gradcam({"run": str(digits[0]), "check": False}, {})[0]["layer"] == "conv_2"


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
    model = made(tmp_path / "run", chain("iris", *layers), "iris", spread=0.05)[0]
    run = loaded(tmp_path / "run")
    asked = target_of(run, sample(run, "test", 0))
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
    model = made(tmp_path / "run", chain("iris", *layers), "iris", spread=0.05)[0]
    _, arrays = saliency({"run": str(tmp_path / "run"), "target": 2}, {})
    assert np.allclose(arrays["attribution"], model.get_layer("scores").kernel[:, 2], atol=1e-6)


def test_one_unit_speaks_for_both_of_two_classes(tmp_path: Path) -> None:
    layers = (("input", "Input", {"shape": [2]}), ("unit", "Dense", {"units": 1, "activation": "sigmoid"}))
    model = made(tmp_path / "run", chain("points", *layers), "moons", spread=0.05)[0]
    kernel = model.get_layer("unit").kernel.numpy()[:, 0]
    for target, sign in ((1, 1), (0, -1)):
        _, arrays = saliency({"run": str(tmp_path / "run"), "target": target}, {})
        assert np.allclose(arrays["attribution"], sign * kernel, atol=1e-6)


def test_integrated_gradients_of_a_linear_network_are_exact(tmp_path: Path) -> None:
    layers = (("input", "Input", {"shape": [4]}), ("scores", "Dense", {"units": 3, "activation": "softmax"}))
    model = made(tmp_path / "run", chain("iris", *layers), "iris", spread=0.05)[0]
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
    made(tmp_path / "run", chain("wine", *layers), "wine", spread=0.05)
    answer, arrays = gradcam({"run": str(tmp_path / "run"), "check": False}, {})
    assert answer["layer"] == "conv" and arrays["attribution"].shape == (11,)


def test_a_network_of_rows_has_no_heat_map(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("iris_mlp"), "iris", spread=0.05)
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
    model = made(place, chain("words", *layers), "iris", spread=0.05)[0]
    run = loaded(place)
    known = sample.__globals__["datasets"].record("iris")
    x = np.array([[3, 1, 4, 8, 0, 0]], "float32")
    return run, Sample(known, x[0], x, None, (), 1), model


def test_tokens_are_explained_at_their_embedding_and_padding_gets_nothing(tmp_path: Path) -> None:
    run, one, model = tokens_run(tmp_path / "run")
    asked = target_of(run, one)
    assert asked.point.shape == (6, 4)
    expected = keras.Model(model.inputs, model.get_layer("lstm").output)([one.x]) @ model.get_layer("classes").kernel
    assert asked.score == pytest.approx(float(np.max(expected + model.get_layer("classes").bias)), abs=1e-5)
    found = integrate(run, asked)
    assert abs(found.gap) < 1e-3
    assert (found.attribution[4:] == 0).all() and (np.abs(found.attribution[:4]).sum(-1) > 0).all()


def test_both_maps_reach_into_a_nested_model() -> None:
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
    assert with_places(run) == ["backbone/inner_conv", "backbone/inner_pool"] and first_choice(run) == "backbone/inner_conv"
    x = np.random.default_rng(0).random((1, 12, 12, 1)).astype("float32")
    asked = target_of(run, Sample(sample.__globals__["datasets"].record("iris"), x[0], x, None, (), 1), target=1)
    cam = grad_cam(run, asked, "backbone/inner_conv")
    split = keras.Model(inner.inputs, [inner.get_layer("inner_conv").output, inner.output])
    with tf.GradientTape() as tape:
        inside, after = split([x])
        score = (tf.reshape(after, (1, -1)) @ last.kernel.value + last.bias.value)[0, 1]
    weights = tf.reduce_mean(tape.gradient(score, inside), axis=(0, 1, 2))
    assert np.abs(cam.heat - tf.nn.relu(tf.reduce_sum(inside[0] * weights, -1))).max() < 1e-5
    points = tf.constant(np.concatenate([x * (step + 0.5) / 8 for step in range(8)]))
    with tf.GradientTape() as tape:
        tape.watch(points)
        rows = tf.reshape(inner(points), (8, -1)) @ last.kernel.value + last.bias.value
        total = tf.reduce_sum(rows[:, 1])
    expected = x[0] * tape.gradient(total, points).numpy().mean(axis=0)
    assert np.abs(integrate(run, asked, 8).attribution - expected).max() < 1e-5


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


def test_covered_tokens_lose_their_embedding(tmp_path: Path) -> None:
    from builder.probes.attribution.occlusion import occlude

    run, one, _ = tokens_run(tmp_path / "run")
    found = occlude(run, target_of(run, one))
    assert found.attribution.shape == (6,) and np.allclose(found.attribution[4:], 0, atol=1e-6)


@pytest.mark.parametrize("name", ["reversal_attention", "pronoun_encoder", "induction_transformer", "seq2seq_transformer"])
def test_transformers_are_explained_at_the_step_that_is_asked_for(tmp_path: Path, name: str) -> None:
    dataset = {"reversal_attention": "reversal", "pronoun_encoder": "pronouns", "induction_transformer": "induction"}.get(name, "reversal")
    made(tmp_path / "run", zoo.network(name), dataset, zoo.network(name).recipe, spread=0.05)
    answer, arrays = integrated_gradients({"run": str(tmp_path / "run"), "sample": 1, "steps": 64, "step": None}, {})
    assert arrays["attribution"].shape == arrays["input"].shape
    assert abs(answer["gap"]) < 0.05 * max(abs(answer["rise"]), 1) and np.abs(arrays["attribution"]).sum() > 0


def test_a_causal_step_owes_nothing_to_what_comes_after(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("induction_transformer"), "induction", spread=0.05)
    _, arrays = saliency({"run": str(tmp_path / "run"), "step": 4}, {})
    assert (arrays["attribution"][5:] == 0).all() and (arrays["attribution"][:5] > 0).all()


def test_tokens_cannot_be_made_up(tmp_path: Path) -> None:
    run, _, _ = tokens_run(tmp_path / "run")
    with pytest.raises(BuilderError, match="numbers that can change a little"):
        maximise_unit(run, "lstm", 0)
