"""A project that is deleted while somebody looks on: a calm sentence and a way on, on every page, and nobody finds themselves elsewhere unasked."""

from pathlib import Path
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.store import Project, default_store
from builder.web import editing
from builder.web.owner import COOKIE
from tests.kit.pages import deletion_form
from tests.kit.routes import ORIGIN, small, visitor

APP = str(Path(__file__).resolve().parents[2] / "pages" / "frame" / "frame.py")
OWNER = "session-owner"


@pytest.fixture
def theirs(home: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(editing.calls, "analyse", small)
    return default_store().create_project(OWNER, "Theirs", [zoo.network("digit_cnn"), zoo.network("iris_mlp")])


def looking(project: Project, page: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["project"] = project.id
    app.run()
    if page != "Build":
        app.switch_page(str(Path(APP).parents[1] / page)).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("page", ["Build", "2_train.py", "3_explore.py"])
def test_a_project_that_is_deleted_meanwhile_is_said_to_be_gone_and_a_press_leads_on(theirs: Project, page: str) -> None:
    app = looking(theirs, page)
    default_store().delete_project(theirs.id)
    app.run()
    assert not app.exception and [button.label for button in app.button] == ["Open my own project"]
    assert "it was deleted while you had it open" in app.warning[0].value
    app.button[0].click().run()
    assert not app.exception and not app.warning
    assert app.session_state["_project"] != theirs.id and default_store().project(app.session_state["_project"])


def test_a_part_of_a_page_that_finds_its_project_gone_says_so_too(theirs: Project) -> None:
    def part(project: str) -> None:
        import streamlit as st

        from builder.store import default_store
        from pages.frame.failures import show_failure

        st.session_state["_project"] = project
        try:
            default_store().project(project)
        except Exception as error:
            show_failure(error)

    default_store().delete_project(theirs.id)
    app = AppTest.from_function(part, kwargs={"project": theirs.id}).run()
    assert "it was deleted" in app.warning[0].value and not app.error


def gone(project: Project, what: str) -> None:
    """Press the owner's own button."""
    form = deletion_form(project, what, OWNER)
    next(button for button in form.button if button.label == f"Delete {what}").click().run()
    assert not form.exception


@pytest.mark.parametrize("what", ["project", "network"])
def test_who_looks_on_hears_at_once_that_it_was_deleted(theirs: Project, what: str) -> None:
    with visitor() as client:
        client.get("/")
        address = f"/api/projects/{theirs.id}/watch?network=digit_cnn&canvas=here&revision=0"
        headers: Any = {**ORIGIN, "Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
        with client.websocket_connect(address, headers=headers) as socket:
            gone(theirs, what)
            with pytest.raises(WebSocketDisconnect) as closed:
                socket.receive_json()
    assert closed.value.code == 1008
