"""Explore's view of gates on real weights, as numpy computes them, and what all views of sequences share."""

import base64
import json
from collections.abc import Iterator

import numpy as np
import pytest

from builder.datasets import parts, record
from builder.engine import calls
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from pages.explore import drawing
from pages.explore.attention import attention
from pages.explore.recurrent import lookback
from pages.explore.recurrent import recurrent as explore_recurrent
from pages.explore.view import Inspection
from tests.kit.making import chain, stored
from tests.kit.pages import Opened, html
from tests.kit.viewing import Runs, badges, opener, runs_of, sent

FRAMES = chain(
    "frames",
    ("input", "Input", {"shape": [28, 28, 1]}),
    ("frames", "Reshape", {"target_shape": [7, 112]}),
    ("each", "TimeDistributed", {"layer": {"layer": "Dense", "params": {"units": 5}}}),
    ("gru", "GRU", {"units": 4}),
    ("digit", "Dense", {"units": 10, "activation": "softmax"}),
)
BACK = {"layer": "GRU", "params": {"units": 3, "go_backwards": True, "activation": "softsign"}}
WAYS = chain(
    "ways",
    ("input", "Input", {"shape": [9], "dtype": "int32"}),
    ("embedding", "Embedding", {"input_dim": 60, "output_dim": 4, "mask_zero": True}),
    ("both", "Bidirectional", {"layer": {"layer": "LSTM", "params": {"units": 3}}, "backward_layer": BACK}),
    ("noun", "Dense", {"units": 10, "activation": "softmax"}),
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with runs_of(
        tmp_path_factory,
        reversal=("reversal_attention", "reversal"),
        pronouns=("pronoun_encoder", "pronouns"),
        adding=("adding_lstm", "adding"),
        copying=("copy_gru", "copy_memory"),
        digits=("digit_cnn", "digits28"),
    ) as found:
        found |= {"frames": stored(FRAMES, "digits28"), "ways": stored(WAYS, "pronouns")}
        yield found


@pytest.fixture(scope="module")
def opened(runs: Runs) -> Opened:
    return opener(runs)


def lstm_by_numpy(run: Run, epoch: int) -> dict[str, np.ndarray]:
    """Every step of adding_lstm, Keras's order of gates: input, forget, candidate, output."""
    x = parts("adding", run.settings.seed, run.settings.validation_share).test.x[3]
    kernel, recurrent, bias = (weights(folder(run.id), epoch)[f"lstm/{at}"] for at in range(3))
    hidden, cell, rows = np.zeros(len(recurrent)), np.zeros(len(recurrent)), []
    for step in x:
        parts_of = np.split(step @ kernel + hidden @ recurrent + bias, 4)
        i, f, o = (1 / (1 + np.exp(-parts_of[at])) for at in (0, 1, 3))
        cell = f * cell + i * np.tanh(parts_of[2])
        hidden = o * np.tanh(cell)
        rows.append((hidden, cell, f, i, o, np.tanh(parts_of[2])))
    names = ("hidden", "cell", "forget_gate", "input_gate", "output_gate", "candidate")
    return {name: np.stack(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}


@pytest.mark.parametrize("epoch", [0, 1])
def test_states_and_gates_in_the_browser_are_what_numpy_computes(runs: Runs, opened: Opened, epoch: int) -> None:
    view, oracle = opened("pages.explore.recurrent.recurrent", "adding", epoch), lstm_by_numpy(runs["adding"], epoch)
    block = sent(view, "recurrent")
    assert [each["name"] for each in block["names"]] == ["hidden", "cell", "forget_gate", "input_gate", "output_gate", "candidate"]
    for name, right in oracle.items():
        np.testing.assert_allclose(block["arrays"][name], right, atol=1e-5)
    assert block["input"]["rows"] == list(record("adding").features) and block["steps"][:3] == ["0", "1", "2"]
    assert "The gates give the layer's output" in " ".join(badges(view))


def test_over_the_gates_stands_what_reaches_the_layer_where_the_network_s_input_is_no_sequence(runs: Runs, opened: Opened) -> None:
    block = sent(opened("pages.explore.recurrent.recurrent", "frames"), "recurrent")
    run = runs["frames"]
    x, kept = parts("digits28", run.settings.seed, run.settings.validation_share).test.x[3], weights(folder(run.id), 1)
    np.testing.assert_allclose(block["input"]["values"], x.reshape(7, 112) @ kept["each/0"] + kept["each/1"], atol=1e-5)
    assert block["input"]["title"] == "What reaches gru" and block["input"]["rows"] == list("01234") and len(block["steps"]) == 7


def test_two_kinds_of_directions_have_their_own_arrays_activations_and_lines(opened: Opened) -> None:
    view = opened("pages.explore.recurrent.recurrent", "ways")
    block = sent(view, "recurrent")
    assert {each["name"]: each["way"] for each in block["names"]}["backward_update_gate"] == "backward"
    assert [(way["name"], way["activation"], way["back"]) for way in block["directions"]] == [
        ("forward", "tanh", False),
        ("backward", "softsign", True),
    ]
    lines = {each["name"]: each["values"] for each in sent(view, "growth")["series"]}
    assert {"forward", "backward"} < set(lines) and not np.array_equal(lines["forward"], lines["backward"])
    assert "of the forward direction" in html(view)


def test_which_step_matters_and_how_the_gradient_fades(opened: Opened) -> None:
    view = opened("pages.explore.recurrent.recurrent", "adding")
    assert sent(view, "bars")["values"].shape == (50,)
    lines = {each["name"]: each["values"] for each in sent(view, "growth")["series"]}
    assert set(lines) == {"this layer", "SimpleRNN", "LSTM", "GRU"}
    assert all(len(values) == 51 and values[0] == pytest.approx(1) for values in lines.values())
    assert not view.info and not [said for said in badges(view) if "warning" in said]


def test_a_view_is_for_the_networks_that_have_its_layers(runs: Runs) -> None:
    fits = {
        name: [view.TITLE for view in (attention, explore_recurrent) if view.applies(run, record(run.settings.dataset))]
        for name, run in runs.items()
    }
    assert fits == {"frames": ["Gates"], "ways": ["Gates"]} | {
        "reversal": ["Attention"],
        "pronouns": ["Attention"],
        "adding": ["Gates"],
        "copying": ["Gates"],
        "digits": [],
    }


@pytest.mark.parametrize(
    ("module", "name"), [("pages.explore.attention.attention", "pronouns"), ("pages.explore.recurrent.recurrent", "adding")]
)
def test_an_epoch_that_was_seen_is_not_asked_for_again(opened: Opened, monkeypatch: pytest.MonkeyPatch, module: str, name: str) -> None:
    opened(module, name)
    monkeypatch.setattr(calls, "call", lambda *_, **__: pytest.fail("asked again"))
    opened(module, name)


def test_arrays_of_any_depth_become_text_that_json_carries() -> None:
    block = drawing.sendable({"a": [np.arange(6).reshape(2, 3)], "b": {"c": 1}})
    assert json.loads(json.dumps(block)) == block
    assert block["a"][0]["shape"] == [2, 3] and len(base64.b64decode(block["a"][0]["data"])) == 24


def test_a_sentence_compares_answers_or_values() -> None:
    from pages.explore.attention.ablation import sentence

    iris, adding = record("iris"), record("adding")
    name = iris.classes[0]
    assert (
        sentence("Without it", np.array([0.9, 0.1, 0]), np.array([0.6, 0.4, 0]), iris, True)
        == f"Without it it still says {name} (0.600), before 0.900."
    )
    assert "instead of" in sentence("Without it", np.array([0.9, 0.1, 0]), np.array([0.1, 0.9, 0]), iris, True)
    assert sentence("Without it", np.array([1.0]), np.array([0.5]), adding, False) == "Without it it says 0.5 instead of 1."
    steps = np.eye(3)[[0, 1, 2]]
    assert sentence("Without it", steps, steps[[0, 1, 1]], iris, True) == "Without it 1 of 3 answers changes."
    assert sentence("Without it", steps, steps[[1, 0, 2]], iris, True) == "Without it 2 of 3 answers change."


@pytest.mark.parametrize(("last", "verb"), [(0.01, "fades"), (1.0, "lasts"), (40.0, "explodes")])
@pytest.mark.parametrize("direction", ["", "forward"])
def test_a_gradient_through_time_fades_lasts_or_explodes_in_either_direction(last: float, verb: str, direction: str) -> None:
    said = lookback.sentence(np.array([1.0, last]), Inspection({"largest": None, "direction": direction}, {}))
    where = " of the forward direction" if direction else ""
    assert said == f"After 1 step a small change of the state{where} is at most {last:.2g} times as large: it {verb}."


def test_gates_of_tokens_have_their_words_at_the_steps_and_take_others(opened: Opened) -> None:
    view = opened("pages.explore.recurrent.recurrent", "copying")
    block, words = sent(view, "recurrent"), view.text_input[0].value
    assert len(block["steps"]) == 40 and sent(view, "matrix")["matrices"][0]["values"].shape == (40, 40)
    other = words.split() if " " in words else list(words)
    other[0] = other[1] if other[0] != other[1] else other[-1]
    view.text_input[0].set_value(("" if " " not in words else " ").join(other)).run()
    assert not view.exception and not view.warning
    changed = sent(view, "recurrent")
    assert changed["steps"][0] != block["steps"][0]
    assert np.abs(changed["arrays"]["hidden"][0] - block["arrays"]["hidden"][0]).max() > 1e-4
