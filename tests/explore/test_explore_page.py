"""The Explore page alone: it opens on the run that ships without a kernel, remembers what is chosen, and says what is missing."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine import calls
from builder.engine.shipped import SHIPPED, install
from builder.errors import BuilderError
from builder.probes import OPERATIONS
from builder.probes.layers.shipped_answers import read_overview
from builder.runs import Run, Settings, Status, folder
from builder.store import Project, Store, default_store
from pages.explore import drawing, view
from pages.explore import html as marks
from pages.explore.layers import layers
from pages.frame.state import IN_ADDRESS
from tests.kit.making import stored
from tests.kit.numbers import number

PAGE = Path(__file__).resolve().parents[2] / "pages" / "3_explore.py"
ME = "session-me"
Opened = Callable[..., AppTest]
Asked = list[tuple[str, Mapping[str, Any]]]


@pytest.fixture
def store(home: Path) -> Store:
    for cached in (view.inspection, view.filters, view.whole_layer, drawing.asked):
        cached.cache_clear()
    return default_store()


@pytest.fixture
def project(store: Store) -> Project:
    return store.create_project(ME, "mine", [zoo.network("digit_cnn")])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the page asks of the probes kernel, which answers with numbers of the right shapes."""
    calls_made: Asked = []

    def call(kernel: str, op: str, arguments: Mapping[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        calls_made.append((op, arguments))
        kept = view.read_inspection(SHIPPED)
        assert kept is not None
        answer, values = dict(kept[0]), dict(kept[1])
        if op in ("filters", "layer", "lenses", "photograph"):
            return OPERATIONS[op](dict(arguments), arrays or {})
        if op == "overview":
            shipped = read_overview(SHIPPED)
            assert shipped is not None
            return {name: value for name, value in shipped[0].items() if name != "checks"}, shipped[1]
        if op == "self_check":
            return {"checks": [{"name": "The run's own output", "value": 0.0}]}, {}
        answer |= {name: arguments[name] for name in ("epoch", "part", "sample")}
        return answer, values

    monkeypatch.setattr(calls, "call", call)
    return calls_made


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the component of the levels is given."""
    found: list[dict[str, Any]] = []
    own = drawing.draw

    def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
        found.append(dict(data))
        return own(module, key, data, **callbacks)

    monkeypatch.setattr(drawing, "draw", draw)
    return found


@pytest.fixture
def opened(project: Project, asked: Asked) -> Opened:
    """Open the page as the project's owner."""

    def open_page(**query: str) -> AppTest:
        page = AppTest.from_file(str(PAGE), default_timeout=60)
        page.session_state["_owner"] = ME
        for key, value in {"project": project.id, **query}.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception
        return page

    return open_page


@pytest.fixture
def run(project: Project) -> Run:
    found = install(project.id)
    assert found is not None
    return found


def html(page: AppTest) -> str:
    """Every piece of HTML on the page."""
    return "\n".join(str(element.proto.body) for element in page.get("html"))


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


def test_an_address_with_a_layer_opens_it_in_full(opened: Opened, run: Run, blocks: Asked) -> None:
    page = opened(layer="conv_2", unit="all")
    assert not page.exception
    (block,) = blocks
    assert "network" not in block or block["place"]["level"] == 2
    layer = block["layer"]
    assert layer["name"] == "conv_2" and layer["numbers"].shape == (64, 11, 11) and sum(layer["counts"]) == 11 * 11 * 64
    assert layer["kernel"]["values"].shape == (64, 16, 3, 3) and layer["less"] is None
    assert "The run's own output" in "\n".join(element.value for element in page.markdown)


def test_an_address_with_a_number_opens_its_arithmetic(opened: Opened, run: Run, blocks: Asked) -> None:
    assert not opened(layer="conv_1", unit="5,11,14").exception
    answer = blocks[-1]["lens"]["answer"]
    assert (answer["layer"], answer["map"], answer["at"]) == ("conv_1", 5, [11, 14]) and answer["check"]["value"] < 1e-5


@pytest.mark.parametrize("unit", ["x", "-1", "5,99,99", "999999", "5,x", ",,", "²", "5,²", "9" * 5000, "5,٣,९", ":²", "½:5"])
def test_an_address_with_a_number_that_is_not_there_shows_the_nearest(opened: Opened, run: Run, blocks: Asked, unit: str) -> None:
    page = opened(layer="conv_1", unit=unit)
    assert not page.exception and not page.error and blocks[-1]["place"]["level"] > 1


@pytest.mark.parametrize(
    "query",
    [{"sample": "99999"}, {"sample": "-3"}, {"sample": "abc"}, {"epoch": "7"}, {"epoch": "x"}, {"layer": "gone"}]
    + [dict.fromkeys(("sample", "epoch", "part", "view", "unit"), text) for text in ("²", "9" * 5000, "-" * 5000, "1e9", "\x00")],
)
def test_an_address_that_asks_for_what_is_not_there_shows_the_nearest(opened: Opened, run: Run, query: dict[str, str]) -> None:
    page = opened(**query)
    assert not page.error and "It says" in html(page)


def test_a_run_whose_table_is_gone_says_so_and_another_run_can_be_chosen(opened: Opened, run: Run, store: Store, project: Project) -> None:
    gone = stored(zoo.network("first_model"), "moons", project=project.id)
    settings = gone.settings.model_copy(update={"dataset": "table:" + 20 * "0"})
    mine = store.create_run(project.id, gone.network, settings)
    shutil.copytree(folder(gone.id), folder(mine.id))
    page = opened(run=mine.id)
    assert "a table that is here" in page.error[0].value.replace("\\", "")
    page.selectbox(key="explore_run").select(run.id).run()
    assert not page.error and "It says" in html(page)


def linked(page: AppTest) -> dict[str, str]:
    """The address that the page writes, without the project."""
    chosen = page.session_state["_choices"]
    return {key: str(chosen[key]) for key in IN_ADDRESS[1:] if key in chosen and chosen[key] not in (None, "")}


def test_a_shared_link_shows_the_sample_that_the_other_person_looks_at_whatever_the_project_shows_since(run: Run, opened: Opened) -> None:
    page = opened(layer="conv_2")
    page.segmented_control(key="explore_part").set_value("train").run()
    number(page, key="explore_sample").set_value(5).run()
    link = linked(page)
    assert (link["part"], link["sample"]) == ("train", "5")
    page = opened()
    page.segmented_control(key="explore_part").set_value("validation").run()
    page.select_slider(key="explore_epoch").set_value(4).run()  # the owner goes on; the link says nothing of an epoch
    theirs = opened(**link)
    shown = theirs.segmented_control(key="explore_part").value, number(theirs, key="explore_sample").value
    assert shown == ("train", 5) and theirs.select_slider(key="explore_epoch").value == run.epoch


def test_everything_that_decides_what_is_looked_at_is_in_the_address(run: Run, opened: Opened, store: Store, project: Project) -> None:
    page = opened()
    page.segmented_control(key="explore_part").set_value("train").run()
    number(page, key="explore_sample").set_value(5).run()
    page.select_slider(key="explore_epoch").set_value(4).run()
    assert set(store.project(project.id).choices) == {"part", "sample", "epoch"} < set(IN_ADDRESS)


def test_the_fragment_writes_run_epoch_sample_and_view_into_the_address(run: Run, opened: Opened, project: Project) -> None:
    def written(page: AppTest) -> dict[str, str]:
        [proto] = [each.proto for each in page.get("bidi_component") if each.proto.component_name.endswith("_address_seen")]
        return json.loads(proto.json)["query"]

    page = opened()
    assert written(page) == {"project": project.id, "network": "digit_cnn", "run": run.id}
    page.select_slider(key="explore_epoch").set_value(4).run()
    number(page, key="explore_sample").set_value(5).run()
    page.segmented_control(key="explore_view_name").set_value("heat").run()
    seen = {"run": run.id, "epoch": "4", "sample": "5", "view": "heat"}
    assert written(page) == {"project": project.id, "network": "digit_cnn", **seen}


def test_a_change_of_one_field_sets_no_other_so_that_what_is_done_there_meanwhile_is_not_lost(run: Run, opened: Opened) -> None:
    """A browser that is told a field's value again takes it over a change that it has not sent yet."""

    def told(page: AppTest) -> list[str]:
        fields = [*page.selectbox, *page.segmented_control, *page.text_input, *page.select_slider]
        return [str(each.key) for each in fields if str(each.key).startswith("explore_") and each.proto.set_value]

    page = opened()
    page.select_slider(key="explore_epoch").set_value(4).run()
    assert told(page) == []
    number(page, key="explore_sample").set_value(5).run()
    assert told(page) == []
    page.button(key="explore_sample more").click().run()
    assert told(page) == ["explore_sample"]  # which the buttons beside it changed


def test_what_was_set_in_one_view_is_still_set_after_another_was_looked_at(run: Run, opened: Opened) -> None:
    page = opened(view="kernel")
    page.selectbox(key="kernel_side").select(96).run()
    page.toggle(key="kernel_colour").set_value(True).run()
    page.segmented_control(key="explore_view_name").set_value("layers").run()
    assert "kernel_side" not in [each.key for each in page.selectbox]
    page.segmented_control(key="explore_view_name").set_value("kernel").run()
    assert not page.exception
    assert (page.selectbox(key="kernel_side").value, page.toggle(key="kernel_colour").value) == (96, True)


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
