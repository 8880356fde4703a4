"""Every canvas hears of a change as soon as it is made: the form's, another tab's, the owner's on a student's screen."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from builder.store import Project, default_store
from builder.web import editing
from builder.web.broadcast import Broadcast, changes
from builder.web.owner import COOKIE
from tests.kit.routes import ORIGIN


def address(project: Project, revision: str = "0") -> str:
    return f"/api/projects/{project.id}/watch?network=digit_cnn&canvas=here&revision={revision}"


def edit(client: TestClient, project: Project, canvas: str) -> None:
    body = {"network": "digit_cnn", "revision": 0, "edit": {"kind": "set", "name": "conv_1", "params": {"filters": 5}}}
    answer = client.post(f"/api/projects/{project.id}/edits", json=body, headers={**ORIGIN, "X-Canvas": canvas})
    assert answer.status_code == 200


def test_an_edit_on_another_canvas_arrives_with_its_figures(client: TestClient, project: Project) -> None:
    mine = {**ORIGIN, "Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
    with client.websocket_connect(address(project), headers=mine) as socket:
        edit(client, project, "elsewhere")
        picture = socket.receive_json()
    assert picture["revision"] == 1
    assert picture == client.get(f"/api/projects/{project.id}/picture").json()


def test_an_edit_that_a_form_makes_arrives_and_one_s_own_does_not(client: TestClient, project: Project) -> None:
    with client.websocket_connect(address(project), headers=ORIGIN) as socket:
        edit(client, project, "here")
        editing.make_edit(project.id, "digit_cnn", None, {"kind": "set", "name": "conv_1", "params": {"filters": 6}})
        changes.announce(project.id)
        assert socket.receive_json()["revision"] == 2


def test_what_changed_between_the_page_and_its_first_word_arrives_at_once(client: TestClient, project: Project) -> None:
    edit(client, project, "elsewhere")
    with client.websocket_connect(address(project, "0"), headers=ORIGIN) as socket:
        assert socket.receive_json()["revision"] == 1


@pytest.mark.parametrize("revision", ["", "x", "9" * 30])
def test_who_cannot_say_what_it_shows_is_sent_the_network_as_it_is(client: TestClient, project: Project, revision: str) -> None:
    edit(client, project, "elsewhere")
    with client.websocket_connect(address(project, revision), headers=ORIGIN) as socket:
        assert socket.receive_json()["revision"] == 1


def test_a_stranger_with_the_link_sees_changes_and_may_not_make_any(client: TestClient, project: Project) -> None:
    with client.websocket_connect(address(project), headers={**ORIGIN, "Cookie": f"{COOKIE}=someone-else"}) as socket:
        changes.announce(project.id)
        assert socket.receive_json()["editable"] is False


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/api/projects/nothing/watch?network=digit_cnn", ORIGIN), ("", {**ORIGIN, "Origin": "https://elsewhere.example"})],
)
def test_a_project_that_is_not_there_and_a_page_from_elsewhere_are_refused(
    client: TestClient, project: Project, path: str, headers: dict[str, str]
) -> None:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(path or address(project), headers=headers):
        pass
    assert caught.value.code == 1008


def test_a_deleted_project_ends_the_watch(client: TestClient, project: Project) -> None:
    with client.websocket_connect(address(project), headers=ORIGIN) as socket:
        default_store().delete_project(project.id)
        changes.announce(project.id)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()


def test_who_has_gone_is_forgotten(client: TestClient, project: Project) -> None:
    with client.websocket_connect(address(project), headers=ORIGIN):
        pass
    changes.announce(project.id)
    client.get("/")
    assert project.id not in changes.watchers


def test_no_more_are_told_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.web import broadcast as room

    monkeypatch.setattr(room, "MOST", 0)
    assert Broadcast().full
