"""Recurrent layers from the inside, against Keras: gates give the layer's output, gradients are TensorFlow's own."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import parts
from builder.errors import BuilderError
from builder.network import Network
from builder.probes.recurrent.gates import GATES, gates, output_of, read
from builder.probes.recurrent.lookback import lookback
from builder.probes.recurrent.through_time import norms, steps_of, through_time
from builder.probes.saving import save
from tests.kit.making import made
from tests.kit.probing import look

pytestmark = pytest.mark.usefixtures("home")


def sentences(layer: str, params: dict[str, Any], mask_zero: bool = True) -> Network:
    """Sentences padded on the left, embedded, one recurrent layer, an answer."""
    sequences = params.get("return_sequences") or params.get("layer", {}).get("params", {}).get("return_sequences")
    nodes = [
        ("input", "Input", {"shape": [9], "dtype": "int32"}),
        ("embedding", "Embedding", {"input_dim": 51, "output_dim": 5, "mask_zero": mask_zero}),
        ("memory", layer, params),
        *([("flatten", "Flatten", {})] if sequences else []),
        ("noun", "Dense", {"units": 10, "activation": "softmax"}),
    ]
    names = [name for name, _, _ in nodes]
    return Network(
        nodes=[{"name": name, "layer": kind, "params": given} for name, kind, given in nodes],
        edges=[{"source": a, "target": b} for a, b in pairwise(names)],
    )


KINDS = [
    ("LSTM", {}),
    ("LSTM", {"use_bias": False, "recurrent_activation": "hard_sigmoid"}),
    ("GRU", {"reset_after": True}),
    ("GRU", {"reset_after": False}),
    ("GRU", {"use_bias": False, "activation": "elu"}),
    ("SimpleRNN", {}),
    ("SimpleRNN", {"activation": "relu"}),
]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize(("kind", "params"), KINDS)
def test_gates_from_the_weights_give_the_output_of_keras(kind: str, params: dict[str, Any], sequences: bool, backwards: bool) -> None:
    random = np.random.default_rng(1)
    layer = getattr(keras.layers, kind)(6, return_sequences=sequences, go_backwards=backwards, **params)
    x = random.normal(size=(1, 12, 3)).astype("float32")
    layer(x)
    layer.set_weights([random.normal(0, 0.5, weight.shape) for weight in layer.get_weights()])
    for mask in (None, np.array([0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0], bool)):
        expected = layer(x, mask=None if mask is None else keras.ops.convert_to_tensor(mask[None]))[0]
        found = read(layer, x[0], mask)
        assert np.allclose(output_of(layer, found["hidden"], mask), expected, atol=1e-6)
        assert {"hidden", *LAYERS[kind].gates} <= found.keys() and all(value.shape == (12, 6) for value in found.values())


def test_an_lstm_s_cell_is_what_its_gates_say() -> None:
    layer = keras.layers.LSTM(4)
    x = np.random.default_rng(2).normal(size=(1, 9, 2)).astype("float32")
    layer(x)
    found = read(layer, x[0])
    before = np.vstack([np.zeros((1, 4)), found["cell"][:-1]])
    assert np.allclose(found["cell"], found["forget_gate"] * before + found["input_gate"] * found["candidate"], atol=1e-6)
    assert np.allclose(found["hidden"], found["output_gate"] * np.tanh(found["cell"]), atol=1e-6)
    cell = keras.layers.LSTM(4, return_state=True)
    cell(x)
    cell.set_weights(layer.get_weights())
    assert np.allclose(found["cell"][-1], cell(x)[2][0], atol=1e-6)


def test_forget_gates_start_open() -> None:
    keras.utils.set_random_seed(0)
    layer = keras.layers.LSTM(64)
    x = np.zeros((1, 1, 8), "float32")
    layer(x)
    assert np.allclose(read(layer, x[0])["forget_gate"], 1 / (1 + np.exp(-1)), atol=1e-6)


@pytest.mark.parametrize("name", ["adding_lstm", "adding_gru", "adding_rnn", "stocks_lstm", "copy_gru"])
def test_a_run_s_gates_are_checked_against_its_own_layer(tmp_path: Path, name: str) -> None:
    dataset = {"adding": "adding", "stocks": "stocks", "copy": "copy_memory"}[name.split("_")[0]]
    made(tmp_path / "run", zoo.network(name), dataset, spread=0.05)
    answer, arrays = look(gates, tmp_path / "run", sample=1)
    assert answer["checks"][0]["value"] < 1e-5
    assert all(arrays[each].shape == arrays["hidden"].shape for each in answer["names"])
    assert ("cell" in arrays) == (answer["kind"] == "LSTM")


@pytest.mark.parametrize("mode", ["concat", "sum", "mul", "ave"])
@pytest.mark.parametrize("sequences", [False, True])
def test_both_directions_are_read(tmp_path: Path, mode: str, sequences: bool) -> None:
    inner = {"layer": "LSTM", "params": {"units": 4, "return_sequences": sequences}}
    made(tmp_path / "run", sentences("Bidirectional", {"layer": inner, "merge_mode": mode}), "pronouns", spread=0.05)
    short = int(np.flatnonzero(parts("pronouns").test.x[:, 0] == 0)[0])
    for sample in (short, short + 1):
        answer, arrays = look(gates, tmp_path / "run", sample=sample)
        assert answer["checks"][0]["value"] < 1e-5
        assert arrays["hidden"].shape == arrays["cell"].shape == (9, 8)
        assert [each["units"] for each in answer["directions"]] == [[0, 4], [4, 8]]


def test_two_kinds_of_layers_stand_under_their_direction(tmp_path: Path) -> None:
    back = {"layer": "GRU", "params": {"units": 4, "go_backwards": True}}
    params = {"layer": {"layer": "LSTM", "params": {"units": 4}}, "backward_layer": back}
    made(tmp_path / "run", sentences("Bidirectional", params), "pronouns", spread=0.05)
    answer, arrays = look(gates, tmp_path / "run")
    assert answer["checks"][0]["value"] < 1e-5
    assert arrays["forward_forget_gate"].shape == (9, 4) and arrays["backward_update_gate"].shape == (9, 4)


def test_the_probe_s_file_has_hidden_cell_and_each_gate(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("adding_lstm"), "adding", spread=0.05)
    found = GATES.compute(tmp_path / "run", None, 0, None)
    assert all(found[name].shape == (50, 64) for name in ("hidden", "cell", *LAYERS["LSTM"].gates))
    assert found["input"].shape == (50, 2) and found["check"] < 1e-5
    for ending in (".npz", ".png", ".html"):
        save(tmp_path / "run", "gates", tmp_path / f"out{ending}")
    assert "forget_gate" in (tmp_path / "out.html").read_text()


def test_a_network_without_recurrence_says_so(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("points_mlp"), "moons", spread=0.05)
    with pytest.raises(BuilderError, match="a recurrent layer"):
        look(gates, tmp_path / "run")


def direct(model: Any, x: np.ndarray, place: str, step: int) -> np.ndarray:
    """The length of d (highest logit of a step) / d (a layer's output) at each of its steps, written directly."""
    import tensorflow as tf

    first = keras.Model(model.inputs, model.get_layer(place).output)(x)
    with tf.GradientTape() as tape:
        tape.watch(first)
        values = first
        names = [layer.name for layer in model.layers]
        for name in names[names.index(place) + 1 : -1]:
            values = model.get_layer(name)(values)
        kernel, bias = model.layers[-1].weights
        scores = tf.reshape(tf.matmul(values, kernel) + bias, (-1, kernel.shape[1]))[step]
        best = tf.reduce_max(scores)
    return np.linalg.norm(tape.gradient(best, first)[0], axis=-1)


@pytest.mark.parametrize(("kind", "step"), [("LSTM", -1), ("GRU", 0), ("SimpleRNN", -1)])
def test_what_matters_is_the_gradient_by_each_token_s_embedding(tmp_path: Path, kind: str, step: int) -> None:
    model = made(tmp_path / "run", sentences(kind, {"units": 6}, mask_zero=False), "pronouns", spread=0.05)[0]
    answer, arrays = look(lookback, tmp_path / "run", sample=4)
    x = parts("pronouns").test.x[4:5]
    assert np.allclose(arrays["strength"][step], direct(model, x, "embedding", step), rtol=1e-3, atol=1e-6)
    assert answer["checks"][0]["value"] < 0.02 and len(answer["tokens"]) == 9


def test_each_step_s_answer_looks_back_only(tmp_path: Path) -> None:
    model = made(tmp_path / "run", zoo.network("copy_gru"), "copy_memory", spread=0.05)[0]
    _, arrays = look(lookback, tmp_path / "run")
    assert arrays["strength"].shape == (40, 40) and not np.triu(arrays["strength"], 1).any()
    x = parts("copy_memory").test.x[:1]
    assert np.allclose(arrays["strength"][12], direct(model, x, "embedding", 12), rtol=1e-3, atol=1e-6)
    _, one = look(lookback, tmp_path / "run", step=12)
    assert np.allclose(one["strength"][0], arrays["strength"][12], rtol=1e-4, atol=1e-7)


def test_numbers_that_come_in_have_a_slope_of_their_own(tmp_path: Path) -> None:
    import tensorflow as tf

    model = made(tmp_path / "run", zoo.network("adding_lstm"), "adding", spread=0.05)[0]
    _, arrays = look(lookback, tmp_path / "run", sample=2)
    x = tf.constant(parts("adding").test.x[2:3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = model(x)
    assert np.allclose(arrays["strength"][0], np.linalg.norm(tape.gradient(value, x)[0], axis=-1), rtol=1e-3, atol=1e-7)


def both_ways(sequences: bool, mode: str) -> dict[str, Any]:
    return {"layer": {"layer": "LSTM", "params": {"units": 4, "return_sequences": sequences}}, "merge_mode": mode}


ONE_OF_EACH = [
    ("LSTM", {"units": 5, "return_sequences": True}),
    ("GRU", {"units": 5}),
    ("GRU", {"units": 5, "reset_after": False, "go_backwards": True, "return_sequences": True}),
    ("SimpleRNN", {"units": 5, "return_sequences": True}),
    ("Bidirectional", both_ways(True, "concat")),
]
THE_REST = [
    ("LSTM", {"units": 5}),
    ("GRU", {"units": 5, "return_sequences": True}),
    ("SimpleRNN", {"units": 5}),
    *(("Bidirectional", both_ways(sequences, mode)) for sequences, mode in ((False, "sum"), (True, "mul"), (False, "ave"))),
]


@pytest.mark.parametrize(("kind", "params"), [*ONE_OF_EACH, *(pytest.param(*each, marks=pytest.mark.slow) for each in THE_REST)])
def test_gradients_handed_back_step_by_step_are_tensorflow_s(tmp_path: Path, kind: str, params: dict[str, Any]) -> None:
    made(tmp_path / "run", sentences(kind, params), "pronouns", spread=0.05)
    short = int(np.flatnonzero(parts("pronouns").test.x[:, 0] == 0)[0])
    for sample in (short, short + 1):
        answer, arrays = look(through_time, tmp_path / "run", sample=sample)
        assert answer["checks"][0]["value"] < 1e-5
        assert arrays["gradient"].shape == arrays["input_gradient"].shape == (9,) and arrays["norms"].shape == (10,)


def test_the_norms_are_of_the_product_of_all_steps_slopes() -> None:
    import tensorflow as tf

    keras.utils.set_random_seed(3)
    layer = keras.layers.GRU(5)
    x = np.random.default_rng(0).normal(size=(1, 12, 3)).astype("float32")
    layer(x)
    steps = steps_of(layer, x[0], None)
    for back in (1, 4, 12):
        start = tf.constant(steps.before[12 - back][None])
        with tf.GradientTape() as tape:
            tape.watch(start)
            end = layer(x[:, 12 - back :], initial_state=start)
        assert norms(steps.jacobians)[back] == pytest.approx(np.linalg.norm(tape.batch_jacobian(end, start)[0], 2), rel=1e-4)
