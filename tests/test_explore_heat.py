"""Explore's heat maps on the run that ships: six methods over one input, each with its check, and what excites a unit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine import calls
from builder.probes import OPS
from builder.runs import Run
from builder.runs.shipped import install
from builder.store import default_store
from pages.parts import explore_canvas, explore_data, explore_heat

ME = "session-me"
Sent = list[dict[str, Any]]


def page() -> None:
    import streamlit as st

    from builder.runs import epochs, folder
    from builder.store import default_store
    from pages.parts import explore_data, explore_heat, state

    state.current()
    run = default_store().run(st.session_state["run"])
    kept, dataset = epochs(folder(run.id)), explore_data.dataset_of(run)
    explore_heat.show(run, explore_data.view(run, kept, dataset), dataset, kept)


@pytest.fixture
def run(home: Path) -> Run:
    for cached in (explore_data.inspection, explore_canvas.asked):
        cached.cache_clear()
    found = install(default_store().create_project(ME, "mine", [zoo.network("digit_cnn")]).id)
    assert found is not None
    return found


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the component is given; probes answer in this process."""
    blocks: Sent = []
    own = explore_canvas.draw

    def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
        blocks.append(dict(data))
        return own(module, key, data, **callbacks)

    def call(kernel: str, op: str, arguments: dict[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        return OPS[op](arguments, arrays or {})

    monkeypatch.setattr(explore_canvas, "draw", draw)
    monkeypatch.setattr(calls, "call", call)
    return blocks


def opened(run: Run, **state: Any) -> AppTest:
    test = AppTest.from_function(page, default_timeout=60)
    for name, value in {"_owner": ME, "run": run.id, **state}.items():
        test.session_state[name] = value
    test.query_params["project"] = run.project
    return test.run()


def test_all_methods_come_over_the_input_each_with_its_check(run: Run, sent: Sent) -> None:
    test = opened(run)
    assert not test.exception
    (block,) = sent
    assert [each["title"] for each in block["methods"]] == [method.title for method in explore_heat.METHODS]
    assert all(each["map"].shape == (28, 28) and each["good"] and each["badge"]["text"] for each in block["methods"])
    assert block["input"].shape == (28, 28, 1)


def test_another_class_is_explained(run: Run, sent: Sent) -> None:
    test = opened(run)
    test.selectbox(key="heat_target").set_value(7).run()
    assert not test.exception
    assert sent[-1]["title"] == "What speaks for 7"
    assert not np.array_equal(sent[0]["methods"][1]["map"], sent[-1]["methods"][1]["map"])


def test_integrated_gradients_add_up_to_the_rise_less_the_printed_gap(run: Run, sent: Sent) -> None:
    opened(run)
    found = next(each for each in sent[0]["methods"] if each["title"] == "Integrated gradients")
    gap, rise = (float(word.replace("−", "-")) for word in (found["badge"]["text"].split()[1], found["badge"]["text"].split()[3]))
    assert float(found["map"].sum()) == pytest.approx(rise + gap, abs=0.02)


def test_an_input_is_made_up_for_a_unit_when_it_is_asked_for(run: Run, sent: Sent) -> None:
    test = opened(run)
    test.selectbox(key="excite_layer").set_value("digits").run()
    assert test.number_input(key="excite_unit").max == 9
    test.button(key="excite_make").click().run()
    assert not test.exception
    bodies = "".join(str(each.proto.body) for each in test.get("html"))
    assert "The input that was made up" in bodies and bodies.count("<figure") == 9


def test_only_what_learns_an_answer_has_something_that_speaks_for_it(run: Run) -> None:
    dataset = explore_data.dataset_of(run)
    assert explore_heat.applies(run, dataset)
    turned = run.model_copy(update={"settings": run.settings.model_copy(update={"recipe": "autoencoder"})})
    assert not explore_heat.applies(turned, dataset)


@pytest.mark.parametrize(
    ("shape", "given", "flat"), [((8, 6, 3), (8, 6, 3), (8, 6)), ((20, 4), (20, 4), (4, 20)), ((20, 4), (5,), (4, 20)), ((9,), (9,), (9,))]
)
def test_maps_have_the_inputs_places(shape: tuple[int, ...], given: tuple[int, ...], flat: tuple[int, ...]) -> None:
    assert explore_heat.flat(np.ones(given), np.zeros(shape), False).shape == flat
