"""Explore's page as a person meets it: the run that ships, epochs and samples, waiting, failing, nothing trained yet."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st

from builder import zoo
from builder.engine import calls
from builder.engine.shipped import SHIPPED
from builder.errors import BuilderError
from builder.runs import Run, Settings, Status, folder
from builder.store import Project, Store
from pages.explore import html as marks
from pages.explore.layers import layers
from tests.kit.kernel import Asked
from tests.kit.pages import Opened, html


def test_it_opens_on_the_run_that_ships_without_a_kernel(opened: Opened, run: Run, asked: Asked, blocks: Asked) -> None:
    page = opened()
    assert asked == []
    (block,) = blocks
    nodes = block["network"]["nodes"]
    assert [node["name"] for node in nodes] == ["input", "conv_1", "pool_1", "conv_2", "pool_2", "flatten", "dense", "digits"]
    assert [node["y"] for node in nodes] == list(range(8)) and block["place"]["level"] == 1
    assert nodes[-1]["classes"] == list("0123456789") and nodes[1]["words"] == "26 × 26 × 32"
    assert "It says" in html(page) and not page.error


def test_another_epoch_is_asked_for_and_remembered(opened: Opened, run: Run, asked: Asked, store: Store, project: Project) -> None:
    page = opened()
    page.select_slider(key="explore_epoch").set_value(4).run()
    assert not page.exception
    assert [(op, arguments["epoch"]) for op, arguments in asked] == [("inspect", 4), ("overview", 4), ("self_check", 4)]
    assert store.project(project.id).choices["epoch"] == 4
    page.select_slider(key="explore_epoch").set_value(0).run()
    assert asked[-1][1]["epoch"] == 0


def test_the_next_sample_and_another_part_are_remembered(opened: Opened, run: Run, asked: Asked, store: Store, project: Project) -> None:
    page = opened()
    page.button(key="explore_sample more").click().run()
    assert {arguments["sample"] for _, arguments in asked} == {1}
    assert store.project(project.id).choices["sample"] == 1
    assert store.project(project.id).choices.get("epoch", "") == ""


def test_what_was_seen_before_is_not_asked_for_again(opened: Opened, run: Run, asked: Asked) -> None:
    page = opened()
    for epoch in (4, 8, 4, 8):
        page.select_slider(key="explore_epoch").set_value(epoch).run()
    assert [arguments["epoch"] for op, arguments in asked if op == "overview"] == [4, 8]


def test_playing_goes_from_untrained_to_the_last_epoch_and_ends(opened: Opened, run: Run, asked: Asked) -> None:
    page = opened()
    play = next(button for button in page.button if button.label == "Play from untrained")
    play.click().run()
    for _ in range(10):
        page.run()
    assert not page.exception
    assert [arguments["epoch"] for op, arguments in asked if op == "inspect"] == [0, 1, 2, 4, 8]  # the last one's inspection ships
    assert page.session_state["explore_playing"] is False
    assert page.select_slider(key="explore_epoch").value == 12


def test_without_a_run_it_says_what_to_do(opened: Opened) -> None:
    page = opened()
    assert "Train this network" in "\n".join(element.value for element in page.markdown)
    assert any("is not trained yet" in element.proto.body for element in page.get("html"))
    assert [button.label for button in page.button] == ["Go to Train"]


def test_a_run_that_has_no_weights_yet_is_waited_for(opened: Opened, store: Store, project: Project) -> None:
    run = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"))
    page = opened()
    assert any("digit_cnn 1 is queued" in element.proto.body for element in page.get("html"))
    assert not [button for button in page.button if button.label == "Go to Train"]
    store.update_run(run.id, status=Status.failed)
    page.run()
    assert [button.label for button in page.button] == ["Go to Train"]


def test_a_probe_that_fails_is_a_sentence_with_a_way_on(opened: Opened, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened()

    def broken(*_: Any, **__: Any) -> Any:
        raise BuilderError("Looking at every layer", "at most 512 MiB for their outputs", "3.0 GiB")

    monkeypatch.setattr(calls, "call", broken)
    page.select_slider(key="explore_epoch").set_value(2).run()
    assert not page.exception
    assert "512 MiB" in page.error[0].value and [button.label for button in page.button if button.key == "explore_again"]


def test_a_run_of_a_deleted_table_is_a_sentence(opened: Opened, run: Run, store: Store, home: Path) -> None:
    store.update_run(run.id, settings=Settings(dataset="table:" + "0" * 20))
    assert "deleted" in opened().error[0].value


def test_names_from_people_are_text() -> None:
    said = {"classes": ["<img src=x onerror=alert(1)>", "b"], "probabilities": [0.9, 0.1], "target": 0}
    assert "<img" not in marks.bars(said) and "&lt;img" in marks.bars(said)
    assert "<b>" not in marks.figures({"<b>": "<i>"}) and "<i>" not in marks.figures({"<b>": "<i>"})
    assert "<b>" not in marks.note("<b>")


def test_the_right_class_is_always_among_the_bars() -> None:
    chances = np.linspace(1, 0.1, 10) / 5.5
    said = {"classes": list("abcdefghij"), "probabilities": chances.tolist(), "target": 9}
    assert ">j<" in marks.bars(said) and marks.bars(said).count('class="track"') == 5


def test_a_deep_network_is_turned_over_page_by_page() -> None:
    names = [f"layer {place}" for place in range(30)]
    assert layers.page_of(names, "layer 13") == names[12:24]
    assert layers.page_of(names, "layer 29") == names[24:]


def test_the_shipped_run_comes_whole(run: Run, store: Store) -> None:
    assert run.status == Status.finished and run.epoch == 12
    assert store.events(run.id)[-1].kind == "status"
    files = {path.relative_to(SHIPPED) for path in SHIPPED.rglob("*") if path.is_file()}
    copied = {path.relative_to(folder(run.id)) for path in folder(run.id).rglob("*") if path.is_file()}
    assert files - copied == {Path("run.json"), Path("events.json")} and not copied - files


@pytest.mark.parametrize(("ready", "told"), [(False, 1), (True, 0)])
def test_the_first_look_says_what_it_waits_for_where_the_view_will_be(
    opened: Opened, run: Run, monkeypatch: pytest.MonkeyPatch, ready: bool, told: int
) -> None:
    said: list[str] = []
    own = st.spinner

    def spinner(text: str, **more: Any) -> Any:
        said.append(text)
        return own(text, **more)

    monkeypatch.setattr(st, "spinner", spinner)
    monkeypatch.setattr(calls, "status", lambda: {"device": "CPU", "ready": True, "looks": ready})
    assert len(opened().get("spinner")) == 0  # gone with the first picture
    assert sum("TensorFlow is loading" in text for text in said) == told
