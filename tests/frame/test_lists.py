"""Lists that people fill: every entry differs from every other, and what is made gets a name that says what it is."""

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine import calls
from builder.store import Store, default_store

APP = str(Path(__file__).resolve().parents[2] / "pages" / "frame" / "frame.py")
ME = "session-me"


@pytest.fixture
def store(home: Path) -> Store:
    return default_store()


@pytest.fixture
def app(home: Path) -> AppTest:
    calls.analyse(zoo.network("digit_cnn"), timeout=120)
    app = AppTest.from_file(APP, default_timeout=60)
    app.session_state["_owner"] = ME
    return app


def press(app: AppTest, label: str) -> None:
    [*_, button] = [button for button in app.button if button.label == label]
    button.click().run()
    assert not app.exception


def others(app: AppTest) -> Any:
    return next(box for box in app.selectbox if box.label == "Open another project")


def test_new_projects_are_called_after_their_network_and_the_day_and_none_like_another(app: AppTest, store: Store) -> None:
    app.run()
    for _ in range(2):
        press(app, "New project")
        next(box for box in app.selectbox if box.label == "Or a network of the zoo").select("lenet5").run()
        assert not app.exception
    newest, first, _ = (project.name for project in store.projects(ME))
    assert re.fullmatch(r"LeNet-5, \d+ [A-Z][a-z]+", first)
    assert newest == f"{first} 2"
    assert len(set(others(app).options)) == 2


def test_projects_that_were_given_one_name_are_told_apart_in_the_list(app: AppTest, store: Store) -> None:
    app.run()
    for _ in range(2):
        project = store.create_project(ME, "Lesson", [zoo.network("first_model")])
        store.rename_project(project.id, "Lesson")
    app.run()
    found = others(app).options
    assert len(found) == len(set(found)) == 2 and all(option.startswith("Lesson, changed ") for option in found)


def test_a_copy_of_a_copy_has_a_name_of_its_own(store: Store) -> None:
    first = store.create_project(ME, "Lesson", [zoo.network("first_model")])
    copies = [store.copy_project(first.id, ME) for _ in range(2)]
    assert [copy.name for copy in copies] == ["Copy of Lesson", "Copy of Lesson 2"]
    assert store.copy_project(first.id, "someone else").name == "Copy of Lesson"


def test_a_copy_says_that_it_brings_no_runs(app: AppTest) -> None:
    app.run()
    copy = next(button for button in app.button if button.label == "Make a copy")
    assert "The runs stay here" in copy.help


def test_the_ready_made_networks_differ_in_their_list_and_the_first_is_an_empty_one(app: AppTest, store: Store) -> None:
    app.run()
    box = next(box for box in app.selectbox if box.label == "New network")
    assert len(box.options) == len(set(box.options)) == len(zoo.ZOO) + 1
    box.select(box.options[0]).run()
    assert not app.exception
    made = store.work(app.session_state["_project"], app.session_state["_choices"]["network"]).network
    assert [node.layer for node in made.nodes] == ["Input"]


@pytest.mark.parametrize("page", ["1_build.py", "2_train.py", "3_explore.py"])
def test_a_page_has_one_heading_that_names_it_its_network_and_its_project(app: AppTest, page: str) -> None:
    app.run()
    app.switch_page(str(Path(APP).parents[1] / page)).run()
    assert not app.exception
    found = [each.proto.body for each in app.get("html") if "<h1" in each.proto.body]
    [project] = default_store().projects(ME)
    assert found == [f'<h1 class="spoken">{page[2:-3].capitalize()}: digit_cnn, {project.name}</h1>']
