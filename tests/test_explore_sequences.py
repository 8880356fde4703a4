"""Explore's views of attention and of gates on real weights: what reaches the browser is what numpy computes from the epoch's file."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import store as stores
from builder import zoo
from builder.datasets import parts, record
from builder.engine import calls
from builder.network import Network
from builder.runs import Run, Settings, Status, folder
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.folder import epoch_path, weights
from pages.parts import explore_attention, explore_canvas, explore_recurrent

Runs = dict[str, Run]


def page(module: str, run_id: str, epoch: int) -> None:
    """A view alone, as the Explore page calls it."""
    import importlib
    import time

    import streamlit as st

    from builder.datasets import record
    from builder.runs import epochs, folder
    from builder.store import default_store
    from pages.parts.explore_data import View

    run = default_store().run(run_id)
    view, start = importlib.import_module(f"pages.parts.{module}"), time.perf_counter()
    view.show(run, View(run.id, epoch, "test", 3), record(run.settings.dataset), epochs(folder(run.id)))
    st.session_state["took"] = time.perf_counter() - start


def made(network: Network, dataset: str, recipe: str = "supervised") -> Run:
    """A finished run with the random weights of two epochs."""
    import keras

    from builder.keras_bridge import to_keras

    settings = Settings(dataset=dataset, recipe=recipe, epochs=1)
    now = time.time()
    run = stores.default_store().create_run(None, network, settings, status=Status.finished, epoch=1, started=now, ended=now)
    place = folder(run.id)
    place.mkdir(parents=True, exist_ok=True)
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(settings.model_dump_json())
    for epoch in range(2):
        keras.utils.set_random_seed(epoch)
        write_arrays(epoch_path(place, epoch), layer_weights(to_keras(network)))
    return run


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUILDER_HOME", str(tmp_path_factory.mktemp("views") / "home"))
        patch.delenv("BUILDER_DATABASE_URL", raising=False)
        explore_canvas.asked.cache_clear()
        yield {
            "reversal": made(zoo.network("reversal_attention"), "reversal"),
            "pronouns": made(zoo.network("pronoun_encoder"), "pronouns"),
            "adding": made(zoo.network("adding_lstm"), "adding"),
            "copying": made(zoo.network("copy_gru"), "copy_memory"),
            "digits": made(zoo.network("digit_cnn"), "digits28"),
        }
        calls.shut_down()
        explore_canvas.asked.cache_clear()


@pytest.fixture(scope="module")
def opened(runs: Runs) -> Callable[..., AppTest]:
    def open_view(module: str, name: str, epoch: int = 1) -> AppTest:
        view = AppTest.from_function(page, default_timeout=180, args=(module, runs[name].id, epoch))
        view.run()
        assert not view.exception
        return view

    return open_view


def sent(view: AppTest, component: str) -> dict[str, Any]:
    """The block of data of a drawing, its arrays unpacked."""

    def unpacked(value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"shape", "data"}:
            return np.frombuffer(base64.b64decode(value["data"]), "<f4").reshape(value["shape"])
        if isinstance(value, dict):
            return {name: unpacked(each) for name, each in value.items()}
        return [unpacked(each) for each in value] if isinstance(value, list) else value

    protos = [element.proto for element in view.get("bidi_component")]
    found = [json.loads(proto.json) for proto in protos if proto.component_name.endswith(f"layerloom_{component}")]
    assert found, f"{component} is not among {[proto.component_name for proto in protos]}"
    return unpacked(found[0])


def html(view: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in view.get("html"))


def badges(view: AppTest) -> list[str]:
    return [element.value for element in view.markdown if "-badge[" in element.value]


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def attention_by_numpy(run: Run, epoch: int, tokens: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """The one head of reversal_attention from the epoch's file, for sample 3 or tokens of one's own."""
    if tokens is None:
        tokens = parts("reversal", run.settings.seed, run.settings.validation_share).test.x[3]
    kept = weights(folder(run.id), epoch)
    x = kept["embedding/0"][tokens] + kept["position/0"]
    query, key, value = (np.einsum("tf,fhd->td", x, kept[f"attention/{at}"]) + kept[f"attention/{at + 1}"][0] for at in (0, 2, 4))
    return {"tokens": tokens, "key": key, "query": query, "value": value, "weights": softmax(query @ key.T / np.sqrt(key.shape[1]))}


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
def test_the_matrix_in_the_browser_is_what_numpy_computes(runs: Runs, opened: Callable[..., AppTest], epoch: int) -> None:
    view, oracle = opened("explore_attention", "reversal", epoch), attention_by_numpy(runs["reversal"], epoch)
    block = sent(view, "attention")
    np.testing.assert_allclose(block["weights"]["attention"]["values"][0], oracle["weights"], atol=1e-5)
    assert block["layers"][0]["words"] == {end: [str(token) for token in oracle["tokens"]] for end in ("query", "key")}


def test_a_query_unfolds_into_its_real_vectors(runs: Runs, opened: Callable[..., AppTest]) -> None:
    view, oracle = opened("explore_attention", "reversal"), attention_by_numpy(runs["reversal"], 1)
    view.selectbox(key="attention_query").set_value(5).run()
    assert not view.exception
    block = sent(view, "unfolded")
    assert block["query"] == 5
    for name, right in (("query", oracle["query"][5]), ("key", oracle["key"]), ("value", oracle["value"])):
        np.testing.assert_allclose(block["arrays"][name], right, atol=1e-5)
    np.testing.assert_allclose(block["arrays"]["products"], oracle["key"] @ oracle["query"][5], atol=1e-4)
    np.testing.assert_allclose(block["arrays"]["sums"], oracle["weights"][5] @ oracle["value"], atol=1e-5)


def test_the_badges_say_what_was_checked(opened: Callable[..., AppTest]) -> None:
    said = " ".join(badges(opened("explore_attention", "reversal")))
    assert "Rows sum to 1" in said and "Difference to the run's output" in said
    assert "warning" not in said


def test_another_head_of_another_layer_is_shown(opened: Callable[..., AppTest]) -> None:
    view = opened("explore_attention", "pronouns")
    assert sent(view, "attention")["chosen"] == {"layer": "attention_1", "head": 0, "query": 0}
    view.selectbox(key="attention_layer").set_value("attention_2").run()
    view.selectbox(key="attention_head").set_value(1).run()
    assert not view.exception
    block = sent(view, "attention")
    assert block["chosen"]["layer"] == "attention_2" and block["chosen"]["head"] == 1
    assert {name: each["values"].shape for name, each in block["weights"].items()} == dict.fromkeys(
        ("attention_1", "attention_2"), (2, 9, 9)
    )
    assert "the" in block["layers"][0]["words"]["key"]


def test_leaving_a_head_out_hiding_a_word_and_rollout_each_have_numbers(opened: Callable[..., AppTest]) -> None:
    view = opened("explore_attention", "pronouns")
    assert sent(view, "matrix")["matrices"][0]["values"].shape == (2, 2)
    assert "Without head 0 of attention_1 it" in html(view)
    view.segmented_control(key="attention_change").set_value("A position hidden").run()
    assert sent(view, "bars")["values"].shape == (9,) and "hidden it" in html(view)
    view.segmented_control(key="attention_change").set_value("Rollout").run()
    np.testing.assert_allclose(sent(view, "matrix")["matrices"][0]["values"].sum(axis=1), 1, atol=1e-5)
    assert not view.exception


def test_it_says_what_attention_does_not_prove(opened: Callable[..., AppTest]) -> None:
    assert "not why the network answered" in html(opened("explore_attention", "reversal"))


def test_many_weights_are_sent_one_head_at_a_time(monkeypatch: pytest.MonkeyPatch, opened: Callable[..., AppTest]) -> None:
    monkeypatch.setattr(explore_attention, "FEW", 100)
    view = opened("explore_attention", "pronouns")
    view.selectbox(key="attention_head").set_value(1).run()
    block = sent(view, "attention")["weights"]
    assert block["attention_1"]["first"] == 1 and block["attention_1"]["values"].shape == (1, 9, 9) and len(block) == 1


def test_the_hand_example_follows_its_switches(opened: Callable[..., AppTest]) -> None:
    view = opened("explore_attention", "reversal")
    view.segmented_control(key="attention_tab").set_value("By hand").run()
    assert not view.exception
    np.testing.assert_allclose(outputs(view)[0], [1.864, 6.319, 1.704], atol=1e-3)
    view.toggle(key="by_hand_scale").set_value(False).run()
    np.testing.assert_allclose(outputs(view)[0], [1.937, 6.683, 1.595], atol=1e-3)
    view.toggle(key="by_hand_positions").set_value(True).run()
    assert not view.exception and not view.error


def outputs(view: AppTest) -> np.ndarray:
    """The matrix of the hand example's last step."""
    found = [
        json.loads(element.proto.json)["matrices"]
        for element in view.get("bidi_component")
        if "layerloom_matrix" in element.proto.component_name
    ]
    one = next(matrix["values"] for matrices in found for matrix in matrices if matrix["title"] == "Output")
    return np.frombuffer(base64.b64decode(one["data"]), "<f4").reshape(one["shape"])


@pytest.mark.parametrize("epoch", [0, 1])
def test_states_and_gates_in_the_browser_are_what_numpy_computes(runs: Runs, opened: Callable[..., AppTest], epoch: int) -> None:
    view, oracle = opened("explore_recurrent", "adding", epoch), lstm_by_numpy(runs["adding"], epoch)
    block = sent(view, "recurrent")
    assert [each["name"] for each in block["names"]] == ["hidden", "cell", "forget_gate", "input_gate", "output_gate", "candidate"]
    for name, right in oracle.items():
        np.testing.assert_allclose(block["arrays"][name], right, atol=1e-5)
    assert block["input"]["rows"] == list(record("adding").features) and block["steps"][:3] == ["0", "1", "2"]
    assert "The gates give the layer's output" in " ".join(badges(view))


def test_which_step_matters_and_how_the_gradient_fades(opened: Callable[..., AppTest]) -> None:
    view = opened("explore_recurrent", "adding")
    assert sent(view, "bars")["values"].shape == (50,)
    lines = {each["name"]: each["values"] for each in sent(view, "growth")["series"]}
    assert set(lines) == {"this layer", "SimpleRNN", "LSTM", "GRU"}
    assert all(len(values) == 51 and values[0] == pytest.approx(1) for values in lines.values())
    assert not view.info and not [said for said in badges(view) if "warning" in said]


def test_a_view_is_for_the_networks_that_have_its_layers(runs: Runs) -> None:
    fits = {
        name: [view.TITLE for view in (explore_attention, explore_recurrent) if view.applies(run, record(run.settings.dataset))]
        for name, run in runs.items()
    }
    assert fits == {"reversal": ["Attention"], "pronouns": ["Attention"], "adding": ["Gates"], "copying": ["Gates"], "digits": []}


def test_what_was_asked_before_is_kept(runs: Runs, opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    opened("explore_recurrent", "adding")
    monkeypatch.setattr(calls, "call", lambda *_, **__: pytest.fail("asked again"))
    opened("explore_recurrent", "adding")
    assert explore_canvas.asked.cache_info().maxsize is not None


def test_arrays_of_any_depth_become_text_that_json_carries() -> None:
    block = explore_canvas.sendable({"a": [np.arange(6).reshape(2, 3)], "b": {"c": 1}})
    assert json.loads(json.dumps(block)) == block
    assert block["a"][0]["shape"] == [2, 3] and len(base64.b64decode(block["a"][0]["data"])) == 24


def test_a_sentence_compares_answers_or_values() -> None:
    from pages.parts.explore_changes import sentence

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
    root = Path(explore_canvas.ROOT) / "assets" / "inspect"
    for module in ("attention", "unfolded", "matrix", "bars", "recurrent", "growth"):
        assert "export const { draw, leave } = mounted(" in (root / f"{module}.js").read_text()


def test_a_sequence_of_ones_own_runs_through_the_same_network(runs: Runs, opened: Callable[..., AppTest]) -> None:
    view = opened("explore_attention", "reversal")
    field = view.text_input[0]
    assert field.value == "".join(map(str, attention_by_numpy(runs["reversal"], 1)["tokens"]))
    field.set_value("0123456789012345").run()
    assert not view.exception and not view.warning
    block = sent(view, "attention")
    assert "".join(block["layers"][0]["words"]["key"]) == "0123456789012345"
    oracle = attention_by_numpy(runs["reversal"], 1, np.array([*range(10), *range(6)]))
    np.testing.assert_allclose(block["weights"]["attention"]["values"][0], oracle["weights"], atol=1e-5)


@pytest.mark.parametrize(("typed", "said"), [("0123", "takes 16 tokens"), ("x123456789012345", "is not among the words")])
def test_what_cannot_be_an_input_is_a_sentence(opened: Callable[..., AppTest], typed: str, said: str) -> None:
    view = opened("explore_attention", "reversal")
    view.text_input[0].set_value(typed).run()
    assert not view.exception and said in view.warning[0].value


def test_the_next_token_follows_its_sliders_without_the_network(opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    view = opened("explore_attention", "reversal")
    view.segmented_control(key="attention_tab").set_value("Next token").run()
    assert not view.exception
    monkeypatch.setattr(calls, "call", lambda *_, **__: pytest.fail("the network ran again"))
    view.slider(key="next_top_k").set_value(2).run()
    view.slider(key="next_temperature").set_value(0.5).run()
    before, after = (json.loads(element.proto.json) for element in view.get("bidi_component"))
    chances = [np.frombuffer(base64.b64decode(each["values"]["data"]), "<f4") for each in (before, after)]
    right = chances[0][:2] ** 2 / (chances[0][:2] ** 2).sum()
    np.testing.assert_allclose(chances[1], [*right, *[0] * 8], atol=1e-5)
    assert "2 of 10 tokens may be chosen" in html(view)


def test_positions_are_those_of_the_epoch(runs: Runs, opened: Callable[..., AppTest]) -> None:
    view = opened("explore_attention", "reversal")
    view.segmented_control(key="attention_tab").set_value("Positions").run()
    assert not view.exception
    np.testing.assert_allclose(
        sent(view, "matrix")["matrices"][0]["values"], weights(folder(runs["reversal"].id), 1)["position/0"], atol=1e-6
    )


def test_gates_of_tokens_have_their_words_at_the_steps_and_take_others(opened: Callable[..., AppTest]) -> None:
    view = opened("explore_recurrent", "copying")
    block, words = sent(view, "recurrent"), view.text_input[0].value
    assert len(block["steps"]) == 40 and sent(view, "matrix")["matrices"][0]["values"].shape == (40, 40)
    other = words.split() if " " in words else list(words)
    other[0] = other[1] if other[0] != other[1] else other[-1]
    view.text_input[0].set_value(("" if " " not in words else " ").join(other)).run()
    assert not view.exception and not view.warning
    changed = sent(view, "recurrent")
    assert changed["steps"][0] != block["steps"][0]
    assert np.abs(changed["arrays"]["hidden"][0] - block["arrays"]["hidden"][0]).max() > 1e-4


@pytest.mark.parametrize(("module", "name"), [("explore_attention", "pronouns"), ("explore_recurrent", "adding")])
def test_an_epoch_that_was_seen_shows_at_once(opened: Callable[..., AppTest], module: str, name: str) -> None:
    view, took = opened(module, name), []
    for _ in range(5):
        view.run()
        took.append(view.session_state["took"])
    assert not view.exception and min(took) < 0.1, took  # of the 0.3 s from a step of the slider to the screen
