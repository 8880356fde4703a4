"""Explore's view of gates on real weights, as numpy computes them, and what all views of sequences share."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from builder.datasets import parts, record
from builder.engine import calls
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from pages.explore import drawing
from pages.explore.attention import attention
from pages.explore.recurrent import recurrent as explore_recurrent
from tests.kit.viewing import Opened, Runs, badges, opener, runs_of, sent


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
    assert fits == {"reversal": ["Attention"], "pronouns": ["Attention"], "adding": ["Gates"], "copying": ["Gates"], "digits": []}


def test_what_was_asked_before_is_kept(runs: Runs, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    opened("pages.explore.recurrent.recurrent", "adding")
    monkeypatch.setattr(calls, "call", lambda *_, **__: pytest.fail("asked again"))
    opened("pages.explore.recurrent.recurrent", "adding")
    assert drawing.asked.cache_info().maxsize is not None


def test_arrays_of_any_depth_become_text_that_json_carries() -> None:
    block = drawing.sendable({"a": [np.arange(6).reshape(2, 3)], "b": {"c": 1}})
    assert json.loads(json.dumps(block)) == block
    assert block["a"][0]["shape"] == [2, 3] and len(base64.b64decode(block["a"][0]["data"])) == 24


def test_a_sentence_compares_answers_or_values() -> None:
    from pages.explore.attention.ablation import sentence

    iris, adding = record("iris"), record("adding")
    name = iris.classes[0]
    assert (
        sentence("Without it", np.array([0.9, 0.1, 0]), np.array([0.6, 0.4, 0]), iris)
        == f"Without it it still says {name} (0.600), before 0.900."
    )
    assert "instead of" in sentence("Without it", np.array([0.9, 0.1, 0]), np.array([0.1, 0.9, 0]), iris)
    assert sentence("Without it", np.array([1.0]), np.array([0.5]), adding) == "Without it it says 0.5 instead of 1."
    steps = np.eye(3)[[0, 1, 2]]
    assert sentence("Without it", steps, steps[[0, 1, 1]], iris) == "Without it 1 of its 3 answers change."


def test_the_drawings_bring_their_own_scripts() -> None:
    root = Path(drawing.ROOT) / "assets" / "inspect"
    for module in ("attention", "unfolded", "matrix", "bars", "recurrent", "growth"):
        assert "export const { draw, leave } = mounted(" in (root / f"{module}.js").read_text()


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


@pytest.mark.parametrize(
    ("module", "name"), [("pages.explore.attention.attention", "pronouns"), ("pages.explore.recurrent.recurrent", "adding")]
)
def test_an_epoch_that_was_seen_shows_at_once(opened: Opened, module: str, name: str) -> None:
    view, took = opened(module, name), []
    for _ in range(5):
        view.run()
        took.append(view.session_state["took"])
    assert not view.exception and min(took) < 0.1, took  # of the 0.3 s from a step of the slider to the screen
