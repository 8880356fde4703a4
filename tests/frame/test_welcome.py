"""The welcome: one line with three doors on the first page, each one press, and gone once one was used."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.store import default_store
from builder.web.editing import make_edit

PAGES = Path(__file__).resolve().parents[2] / "pages"
DOORS = ["Watch it learn", "Build your own", "Look inside"]


@pytest.fixture
def app(home: Path) -> AppTest:
    app = AppTest.from_file(str(PAGES / "frame" / "frame.py"), default_timeout=60)
    app.session_state["_owner"] = "session-me"
    return app.run()


def doors(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.label in DOORS]


def came_with(app: AppTest) -> str:
    """What the line says beside its greeting."""
    [line] = [each.value for each in app.markdown if "Welcome" in each.value]
    return str(line.removeprefix("**Welcome.**").strip())


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def test_a_first_visit_is_shown_three_doors_and_what_the_finished_run_reached(app: AppTest) -> None:
    assert doors(app) == DOORS
    [line] = [each.value for each in app.markdown if "Welcome" in each.value]
    assert "digit" in line and "right on 98 % of what it had not seen" in line.replace("\\", "")


def test_what_the_run_reached_is_said_of_the_network_on_the_canvas_and_not_of_an_edited_one(app: AppTest) -> None:
    project = app.session_state["_project"]
    sentence = came_with(app)
    for edit in (
        {"kind": "set", "name": "conv_1", "params": {"filters": 8}},
        {"kind": "add_after", "after": "flatten", "layer": "Dropout"},
    ):
        make_edit(project, "digit_cnn", None, edit)
        assert came_with(app.run()) == "" and doors(app) == DOORS  # what was learned can still be looked at
        make_edit(project, "digit_cnn", None, {"kind": "undo"})
        assert came_with(app.run()) == sentence != ""
    default_store().add_network(project, zoo.network("lenet5"))
    app.session_state["_choices"]["network"] = "lenet5"
    assert came_with(app.run()) == "" and doors(app) == DOORS[:2]


@pytest.mark.parametrize("door", [*DOORS, "Close"])
def test_the_welcome_is_gone_once_a_door_was_used(app: AppTest, door: str) -> None:
    press(app, door)
    app.switch_page(str(PAGES / "1_build.py")).run()
    assert doors(app) == []


def test_watch_it_learn_asks_the_canvas_to_play(app: AppTest) -> None:
    assert "_play" not in app.session_state
    press(app, "Watch it learn")
    assert app.session_state["_play"] > 0


def test_build_your_own_asks_at_once_with_what_to_begin(app: AppTest) -> None:
    press(app, "Build your own")
    assert "Empty network" in [button.label for button in app.button]


def test_look_inside_chooses_the_finished_run(app: AppTest) -> None:
    [run] = default_store().runs(project_id=app.session_state["_project"])
    press(app, "Look inside")
    assert app.session_state["_choices"]["run"] == run.id


def test_who_looks_at_someone_else_s_project_is_not_offered_to_change_it(home: Path) -> None:
    theirs = default_store().create_project("someone else", "Theirs", [zoo.network("first_model")])
    app = AppTest.from_file(str(PAGES / "frame" / "frame.py"), default_timeout=60)
    app.query_params["project"] = theirs.id
    assert doors(app.run()) == []


def test_train_says_that_the_finished_run_came_along(app: AppTest) -> None:
    app.switch_page(str(PAGES / "2_train.py")).run()
    assert any("came with Layerloom" in each.value for each in app.info)
