"""Two inputs of a person's own face each other: one is kept, another is made, and Compare sets them side by side."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import DATASETS, parts, record
from builder.probes import OPERATIONS
from builder.runs import Run, folder
from builder.store import default_store
from pages.explore import view
from pages.explore.compare import compare
from pages.explore.input import own_row, shelf
from pages.explore.input.own_inputs import DRAW, EDIT, TYPE, UPLOAD, Own
from tests.kit.kernel import answer_here
from tests.kit.making import stored

PAGE = Path(__file__).resolve().parents[3] / "pages" / "3_explore.py"
OWNER = "session-me"
KINDS = [
    ("digits", "lenet5", DRAW, UPLOAD, ("Uploaded picture", "Drawing 1")),
    ("pronouns", "pronoun_encoder", TYPE, TYPE, ("Typed input", "Typed input 1")),
    ("iris", "iris_mlp", EDIT, EDIT, ("Edited input", "Edited input 1")),
    ("moons", "points_mlp", EDIT, EDIT, ("Edited input", "Edited input 1")),
    ("sines", "sines_gru", EDIT, EDIT, ("Edited input", "Edited input 1")),
]
Opened = Callable[[str, str], tuple[AppTest, Run]]


@pytest.fixture
def opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Explore on Compare of a run with random weights; the operations themselves answer, in this process."""
    for cached in (compare.compared, own_row.ranges):
        cached.cache_clear()
    answer_here(monkeypatch)

    def open_page(network: str, dataset: str) -> tuple[AppTest, Run]:
        graph = zoo.network(network)
        project = default_store().create_project(OWNER, "mine", [graph])
        run = stored(graph, dataset, project=project.id)
        page = AppTest.from_file(str(PAGE), default_timeout=120)
        page.session_state["_owner"] = OWNER
        page.query_params.update({"project": project.id, "view": "compare"})
        return page, run

    return open_page


def gives(page: AppTest, dataset: str, source: str, values: np.ndarray) -> None:
    """A person's own input in the left column."""
    page.session_state["explore_own"] = {(dataset, source): Own(values)}
    page.session_state["explore_sources"] = {dataset: source}
    page.session_state["explore_steps_count"] = int(values.sum() * 1000)  # a table begins anew
    page.run()
    assert not page.exception and not page.error


def press(page: AppTest, words: str) -> None:
    next(button for button in page.button if words in button.label.replace("\\", "")).click().run()
    assert not page.exception and not page.error


def sent(page: AppTest) -> dict[str, Any]:
    """The comparison's block of data."""
    protos = [element.proto for element in page.get("bidi_component")]
    return next(json.loads(proto.json) for proto in protos if proto.component_name.endswith("_compare"))


def answer(said: dict[str, Any], name: str, targets: tuple[str, ...]) -> float:
    """What a prediction gives a class, or its number of this name."""
    if said["kind"] == "classes":
        return dict(zip(said["classes"], said["probabilities"], strict=True))[name]
    return said["values"][targets.index(name) if targets else int(name.rpartition(" ")[2])]


@pytest.mark.parametrize(("dataset", "network", "first", "second", "names"), KINDS)
def test_an_own_input_faces_another_that_was_kept(
    opened: Opened, dataset: str, network: str, first: str, second: str, names: tuple[str, str]
) -> None:
    page, run = opened(network, dataset)
    test = parts(dataset, 1, 0.2).test.x
    one, other = (test[place].astype("float32") for place in (5, 9))
    gives(page, dataset, first, one)
    press(page, "Keep this input for Compare")
    gives(page, dataset, second, other)
    page.segmented_control(key="compare_way").set_value("A kept input").run()
    assert not page.exception and not page.error
    block = sent(page)
    assert tuple(block["names"]) == names
    said = [OPERATIONS["inspect"]({"run": str(folder(run.id)), "layers": []}, {"input": each})[0]["prediction"] for each in (other, one)]
    for row in block["rows"]:
        assert row["values"] == pytest.approx([answer(each, row["name"], record(dataset).target_names) for each in said], abs=1e-6)
    assert block["rows"] and block["rows"][0]["values"][0] != block["rows"][0]["values"][1]
    assert "kept" not in str(page.query_params) and "Drawing" not in str(page.query_params)


def test_what_is_kept_has_its_name_on_both_sides_and_a_sample_is_not_kept(opened: Opened) -> None:
    page, _ = opened("iris_mlp", "iris")
    page.run()
    assert not [button for button in page.button if "Keep this" in button.label]
    rows = parts("iris", 1, 0.2).test.x
    for place in (3, 4):
        gives(page, "iris", EDIT, rows[place])
        press(page, "Keep this input for Compare")
    page.segmented_control(key="compare_way").set_value("A kept input").run()
    assert sent(page)["names"] == ["Edited input 2", "Edited input 1"]
    page.selectbox(key="compare_mine").set_value("Edited input 2").run()
    notes = "\n".join(str(element.proto.body) for element in page.get("html"))
    assert "This is Edited input 2 itself" in notes


def test_kept_inputs_can_be_let_go(opened: Opened) -> None:
    page, _ = opened("iris_mlp", "iris")
    gives(page, "iris", EDIT, parts("iris", 1, 0.2).test.x[3])
    press(page, "Keep this input for Compare")
    page.segmented_control(key="compare_way").set_value("A kept input").run()
    press(page, "Stop keeping Edited input 1")
    assert "A kept input" not in page.segmented_control(key="compare_way").options
    press(page, "Keep this input for Compare")
    assert [each.name for each in page.session_state[shelf.SHELF]["iris"]] == ["Edited input 2"]


def test_a_changed_form_is_kept_with_what_was_done_to_it(opened: Opened) -> None:
    page, _ = opened("iris_mlp", "iris")
    page.run()
    page.selectbox(key="explore_change iris").set_value("shift").run()
    press(page, "Keep this input for Compare")
    gives(page, "iris", EDIT, parts("iris", 1, 0.2).test.x[3])
    press(page, "Keep this input for Compare")
    names = [each.name for each in page.session_state[shelf.SHELF]["iris"]]
    assert names == ["Edited input 1, shifted by 10% of the range", "Test sample 0, shifted by 10% of the range"]


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session without a page."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(shelf.st, "session_state", state)
    return state


def test_the_oldest_goes_where_too_many_are_kept(session: dict[str, Any]) -> None:
    for value in range(shelf.MOST + 3):
        shelf.keep(DATASETS["iris"], view.given("Edited input", np.full(4, value)))
    kept = shelf.inputs(DATASETS["iris"])
    assert len(kept) == shelf.MOST
    assert [each.name for each in (kept[0], kept[-1])] == ["Edited input 11", "Edited input 4"]
    assert shelf.inputs(DATASETS["moons"]) == []


def test_the_oldest_goes_where_they_are_too_large_and_the_newest_stays(session: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_BYTES", 1_000)
    for value in range(3):
        shelf.keep(DATASETS["digits"], view.given("Drawing", np.full((10, 10, 1), value)))  # 400 bytes each
    assert [each.name for each in shelf.inputs(DATASETS["digits"])] == ["Drawing 3", "Drawing 2"]
    shelf.keep(DATASETS["digits"], view.given("Drawing", np.zeros((40, 40, 1))))
    assert [each.name for each in shelf.inputs(DATASETS["digits"])] == ["Drawing 4"]
