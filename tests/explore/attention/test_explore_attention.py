"""Explore's view of attention on real weights: what reaches the browser is what numpy computes from the epoch's file."""

import base64
import json
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder.datasets import parts
from builder.engine import calls
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from builder.words import format_number
from pages.explore.attention import attention, traced_number
from tests.kit.pages import Opened, html
from tests.kit.viewing import Runs, badges, heads_by_numpy, opener, page, runs_of, sent, softmax


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    kinds = {"reversal": ("reversal_attention", "reversal"), "pronouns": ("pronoun_encoder", "pronouns")}
    with runs_of(tmp_path_factory, kernels=True, **kinds, induction=("induction_transformer", "induction")) as found:
        yield found


@pytest.fixture(scope="module")
def opened(runs: Runs) -> Opened:
    return opener(runs)


def attention_by_numpy(run: Run, epoch: int, tokens: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """The one head of reversal_attention from the epoch's file, for sample 3 or tokens of one's own."""
    if tokens is None:
        tokens = parts("reversal", run.settings.seed, run.settings.validation_share).test.x[3]
    kept = weights(folder(run.id), epoch)
    x = kept["embedding/0"][tokens] + kept["position/0"]
    query, key, value = (np.einsum("tf,fhd->td", x, kept[f"attention/{at}"]) + kept[f"attention/{at + 1}"][0] for at in (0, 2, 4))
    return {"tokens": tokens, "key": key, "query": query, "value": value, "weights": softmax(query @ key.T / np.sqrt(key.shape[1]))}


@pytest.mark.parametrize("epoch", [0, 1])
def test_the_matrix_in_the_browser_is_what_numpy_computes(runs: Runs, opened: Opened, epoch: int) -> None:
    view, oracle = opened("pages.explore.attention.attention", "reversal", epoch), attention_by_numpy(runs["reversal"], epoch)
    block = sent(view, "attention")
    np.testing.assert_allclose(block["weights"]["attention"]["values"][0], oracle["weights"], atol=1e-5)
    assert block["layers"][0]["words"] == {end: [str(token) for token in oracle["tokens"]] for end in ("query", "key")}


def test_a_query_unfolds_into_its_real_vectors(runs: Runs, opened: Opened) -> None:
    view, oracle = opened("pages.explore.attention.attention", "reversal"), attention_by_numpy(runs["reversal"], 1)
    view.selectbox(key="attention_query").set_value(5).run()
    assert not view.exception
    block = sent(view, "unfolded")
    assert block["query"] == 5
    for name, right in (("query", oracle["query"][5]), ("key", oracle["key"]), ("value", oracle["value"])):
        np.testing.assert_allclose(block["arrays"][name], right, atol=1e-5)
    np.testing.assert_allclose(block["arrays"]["products"], oracle["key"] @ oracle["query"][5], atol=1e-4)
    np.testing.assert_allclose(block["arrays"]["sums"], oracle["weights"][5] @ oracle["value"], atol=1e-5)


def test_the_badges_say_what_was_checked(opened: Opened) -> None:
    said = " ".join(badges(opened("pages.explore.attention.attention", "reversal")))
    assert "Rows sum to 1" in said and "Difference to the run's output" in said
    assert "warning" not in said


def test_another_head_of_another_layer_is_shown(opened: Opened) -> None:
    view = opened("pages.explore.attention.attention", "pronouns")
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


def test_a_number_that_was_pressed_brings_the_head_that_gives_the_most_of_it(runs: Runs, opened: Opened) -> None:
    given, output = heads_by_numpy(runs["pronouns"])
    clear = np.abs(np.diff(np.abs(given), axis=0)[0])  # how far the larger part is ahead
    for best in (1, 0):
        query, unit = np.unravel_index(np.where(np.abs(given).argmax(axis=0) == best, clear, -1)[1:].argmax(), clear[1:].shape)
        query = int(query) + 1
        view = AppTest.from_function(page, default_timeout=180, args=("pages.explore.attention.attention", runs["pronouns"].id, 1, None))
        view.session_state[traced_number.KEY] = {"layer": "attention_1", "index": (query, int(unit)), "fresh": True}
        view.run()
        assert not view.exception
        assert sent(view, "attention")["chosen"] == {"layer": "attention_1", "head": best, "query": query}
        said = html(view)
        assert f"attention_1 [{query}, {unit}] = {format_number(output[query, unit])}" in said
        assert f"head {best} gives the most, {format_number(given[best, query, unit])}." in said
        assert any("parts add up" in badge and "warning" not in badge for badge in badges(view))
    view.selectbox(key="attention_head").set_value(1).run()
    assert f", head 1 gives {format_number(given[1, query, unit])}." in html(view)
    view.selectbox(key="attention_query").set_value(0).run()
    assert "gives the most" not in html(view) and not view.exception


def test_a_layer_of_one_head_has_nothing_to_choose(runs: Runs) -> None:
    view = AppTest.from_function(page, default_timeout=180, args=("pages.explore.attention.attention", runs["reversal"].id, 1, None))
    view.session_state[traced_number.KEY] = {"layer": "attention", "index": (4, 2), "fresh": True}
    view.run()
    assert not view.exception and "gives the most" not in html(view)
    assert sent(view, "attention")["chosen"] == {"layer": "attention", "head": 0, "query": 4}


def test_leaving_a_head_out_hiding_a_word_and_rollout_each_have_numbers(opened: Opened) -> None:
    view = opened("pages.explore.attention.attention", "pronouns")
    assert sent(view, "matrix")["matrices"][0]["values"].shape == (2, 2)
    assert "Without head 0 of attention_1 it" in html(view)
    view.segmented_control(key="attention_change").set_value("A position hidden").run()
    assert sent(view, "bars")["values"].shape == (9,) and "hidden it" in html(view)
    view.segmented_control(key="attention_change").set_value("Rollout").run()
    np.testing.assert_allclose(sent(view, "matrix")["matrices"][0]["values"].sum(axis=1), 1, atol=1e-5)
    assert not view.exception


def test_it_says_what_attention_does_not_prove(opened: Opened) -> None:
    assert "not why the network answered" in html(opened("pages.explore.attention.attention", "reversal"))


def test_many_weights_are_sent_one_head_at_a_time(monkeypatch: pytest.MonkeyPatch, opened: Opened) -> None:
    monkeypatch.setattr(attention, "FEW", 100)
    view = opened("pages.explore.attention.attention", "pronouns")
    view.selectbox(key="attention_head").set_value(1).run()
    block = sent(view, "attention")["weights"]
    assert block["attention_1"]["first"] == 1 and block["attention_1"]["values"].shape == (1, 9, 9) and len(block) == 1


def test_the_hand_example_follows_its_switches(opened: Opened) -> None:
    view = opened("pages.explore.attention.attention", "reversal")
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
        json.loads(element.proto.json)["matrices"] for element in view.get("bidi_component") if "_matrix" in element.proto.component_name
    ]
    one = next(matrix["values"] for matrices in found for matrix in matrices if matrix["title"] == "Output")
    return np.frombuffer(base64.b64decode(one["data"]), "<f4").reshape(one["shape"])


def test_a_sequence_of_ones_own_runs_through_the_same_network(runs: Runs, opened: Opened) -> None:
    view = opened("pages.explore.attention.attention", "reversal")
    field = view.text_input[0]
    assert field.value == "".join(map(str, attention_by_numpy(runs["reversal"], 1)["tokens"]))
    field.set_value("0123456789012345").run()
    assert not view.exception and not view.warning
    block = sent(view, "attention")
    assert "".join(block["layers"][0]["words"]["key"]) == "0123456789012345"
    oracle = attention_by_numpy(runs["reversal"], 1, np.array([*range(10), *range(6)]))
    np.testing.assert_allclose(block["weights"]["attention"]["values"][0], oracle["weights"], atol=1e-5)


@pytest.mark.parametrize(("typed", "said"), [("0123", "needs 16 tokens"), ("x123456789012345", "needs words of")])
def test_what_cannot_be_an_input_is_a_sentence(opened: Opened, typed: str, said: str) -> None:
    view = opened("pages.explore.attention.attention", "reversal")
    view.text_input[0].set_value(typed).run()
    assert not view.exception and said in view.warning[0].value


def test_the_next_token_follows_its_sliders_without_the_network(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    view = opened("pages.explore.attention.attention", "induction")
    view.segmented_control(key="attention_tab").set_value("Next token").run()
    assert not view.exception and view.selectbox(key="attention_query").value == 30
    monkeypatch.setattr(calls, "call", lambda *_, **__: pytest.fail("the network ran again"))
    view.slider(key="next_top_k induction").set_value(2).run()
    view.slider(key="next_temperature").set_value(0.5).run()
    before, after = (json.loads(element.proto.json) for element in view.get("bidi_component"))
    chances = [np.frombuffer(base64.b64decode(each["values"]["data"]), "<f4") for each in (before, after)]
    right = chances[0][:2] ** 2 / (chances[0][:2] ** 2).sum()
    np.testing.assert_allclose(chances[1], [*right, *[0] * 18], atol=1e-5)
    assert "2 of 20 tokens may be chosen" in html(view)
    table = view.dataframe[0].value
    assert list(table["Kept"][:3]) == ["yes", "yes", "no"]
    scores, scaled = (table[name].str.replace("−", "-").astype(float) for name in ("Score", "÷ temperature"))
    np.testing.assert_allclose(scaled, scores / 0.5, rtol=0.02)
    assert list(table["Chance among the kept"][:2]) == [format_number(float(each)) for each in right]


def test_what_comes_next_is_asked_only_where_the_network_learned_to_foretell_it(opened: Opened) -> None:
    view = opened("pages.explore.attention.attention", "reversal")
    assert "Next token" not in view.segmented_control(key="attention_tab").options


def test_positions_are_those_of_the_epoch(runs: Runs, opened: Opened) -> None:
    view = opened("pages.explore.attention.attention", "reversal")
    view.segmented_control(key="attention_tab").set_value("Positions").run()
    assert not view.exception
    np.testing.assert_allclose(
        sent(view, "matrix")["matrices"][0]["values"], weights(folder(runs["reversal"].id), 1)["position/0"], atol=1e-6
    )
