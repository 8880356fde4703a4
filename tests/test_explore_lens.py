"""Explore's lens on the run that ships: its block of data, presses that ask Python, and layers without written arithmetic."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine import calls
from builder.errors import BuilderError
from builder.probes import OPS
from builder.runs import Run
from builder.runs.shipped import install
from builder.store import default_store
from pages.parts import explore_canvas, explore_data, explore_lens

ME = "session-me"
Sent = list[dict[str, Any]]


def page() -> None:
    import streamlit as st

    from builder.runs import epochs, folder
    from builder.store import default_store
    from pages.parts import explore_data, explore_lens, state

    state.current()
    run = default_store().run(st.session_state["run"])
    kept, dataset = epochs(folder(run.id)), explore_data.dataset_of(run)
    explore_lens.show(run, explore_data.view(run, kept, dataset), dataset, kept)


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


def test_it_opens_on_the_first_layers_largest_number_with_its_check(run: Run, sent: Sent) -> None:
    assert not opened(run).exception
    (block,) = sent
    assert block["layer"] == "conv_1" and [layer["name"] for layer in block["layers"]][-1] == "digits"
    answer, arrays = block["lens"]["answer"], block["lens"]["arrays"]
    assert answer["check"]["value"] < 1e-5
    assert arrays["own"][tuple(answer["at"])] == arrays["own"].max()


def test_a_pressed_number_of_another_layer_is_asked_for(run: Run, sent: Sent) -> None:
    asked = {"layer": "conv_2", "map": 9, "at": [3, 4]}
    test = opened(run, explore_lens_asked=asked, _choices={"layer": "conv_2"}, _project=run.project)
    assert not test.exception
    assert sent[-1]["map"] == 9 and sent[-1]["lens"]["answer"]["at"] == [3, 4]


def test_a_layer_whose_arithmetic_is_not_written_out_says_so_and_the_cards_stay(
    run: Run, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> Any:
        raise BuilderError("The arithmetic of LSTM", "a layer whose terms are written out", "one with steps of its own")

    monkeypatch.setattr(explore_canvas, "asked", missing)
    assert not opened(run).exception
    assert "LSTM" in sent[0]["sentence"] and len(sent[0]["layers"]) == 7


@pytest.mark.parametrize(
    ("shape", "kind", "maps"),
    [
        ((26, 26, 32), "maps", (32, 26, 26)),
        ((224, 224, 3), "maps", (3, 56, 56)),
        ((10,), "units", (10, 1, 1)),
        ((40, 8), "steps", (8, 1, 40)),
    ],
)
def test_a_card_shows_numbers_that_are_there(shape: tuple[int, ...], kind: str, maps: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).normal(size=shape).astype("float32")
    found = explore_lens.card("a", values, list(shape))
    assert found["kind"] == kind and found["maps"].shape == maps
    down, across = found["strides"]
    if kind == "maps":
        np.testing.assert_array_equal(found["maps"][1], values[::down, ::across, 1])


def test_the_cards_of_a_large_network_share_less_than_a_megabyte() -> None:
    names = [f"conv_{place}" for place in range(12)]
    large = np.zeros((224, 224, 64), "float32")
    found = explore_data.Inspection({}, {f"layer:{name}": large for name in names})
    most = explore_lens.share(found, names)
    sent = sum(explore_lens.card(name, large, [224, 224, 64], most)["maps"].nbytes for name in names)
    assert sent < 1e6
    small = explore_data.Inspection({}, {"layer:a": np.zeros((26, 26, 32), "float32")})
    assert explore_lens.card("a", small.arrays["layer:a"], [26, 26, 32], explore_lens.share(small, ["a"]))["strides"] == (1, 1)
