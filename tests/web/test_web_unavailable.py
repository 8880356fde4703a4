"""A database that cannot be reached now is told as 503, try again, and never as 404, it is gone."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from builder import zoo
from builder.datasets import record, table_dataset
from builder.datasets.typed_tables import folder
from builder.errors import Missing, Unavailable
from builder.runs import Run, Settings
from builder.store import Project, default_store
from builder.web.broadcast import changes
from tests.kit.routes import ORIGIN

Locked = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def run(project: Project) -> Run:
    return default_store().create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits"))


DELETE = {"network": "digit_cnn", "revision": 0, "edit": {"kind": "delete", "name": "pool_1"}}
REQUESTS = {
    "a picture": ("GET", "/api/projects/{project}/picture", None),
    "an edit": ("POST", "/api/projects/{project}/edits", DELETE),
    "events": ("GET", "/api/runs/{run}/events", None),
    "a wish": ("POST", "/api/runs/{run}/control", {"action": "stop"}),
    "pictures": ("GET", "/api/runs/{run}/pictures", None),
    "one picture": ("GET", "/api/runs/{run}/pictures/1", None),
    "numbers": ("GET", "/api/runs/{run}/pictures/1/numbers.npz", None),
    "a check": ("GET", "/api/runs/{run}/pictures/1/check", None),
    "a file": ("GET", "/api/runs/{run}/files/program.py", None),
    "a decoding": ("POST", "/api/runs/{run}/decode", {"epoch": 1, "codes": [[1.0]]}),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_while_the_database_is_locked_every_route_says_try_again_and_in_its_words_why(
    client: TestClient, locked: Locked, project: Project, run: Run, what: str
) -> None:
    method, path, body = REQUESTS[what]
    with locked():
        answer = client.request(method, path.format(project=project.id, run=run.id), json=body, headers=ORIGIN)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "It is busy: try again in a moment." in answer.json()["error"]["message"]


@pytest.mark.parametrize("what", REQUESTS)
def test_what_is_not_there_is_404_on_every_route(client: TestClient, what: str) -> None:
    method, path, body = REQUESTS[what]
    answer = client.request(method, path.format(project="none", run="none"), json=body, headers=ORIGIN)
    assert answer.status_code == 404
    assert "retry-after" not in answer.headers


def test_an_edit_that_finds_the_database_locked_can_be_sent_again(client: TestClient, locked: Locked, project: Project) -> None:
    with locked():
        assert client.post(f"/api/projects/{project.id}/edits", json=DELETE, headers=ORIGIN).status_code == 503
    assert client.post(f"/api/projects/{project.id}/edits", json=DELETE, headers=ORIGIN).json()["revision"] == 1


def test_a_watch_that_cannot_begin_is_asked_to_come_again(client: TestClient, locked: Locked, project: Project) -> None:
    address = f"/api/projects/{project.id}/watch?network=digit_cnn&revision=0"
    with pytest.raises(WebSocketDisconnect) as caught, locked(), client.websocket_connect(address, headers=ORIGIN):
        pass
    assert caught.value.code == 1013


@pytest.mark.parametrize("gone", [False, True])
def test_a_watch_ends_for_good_only_where_the_project_is_gone(client: TestClient, locked: Locked, project: Project, gone: bool) -> None:
    with client.websocket_connect(f"/api/projects/{project.id}/watch?network=digit_cnn&revision=0", headers=ORIGIN) as socket:
        changes.announce(project.id)
        assert socket.receive_json()["revision"] == 0
        if gone:
            default_store().delete_project(project.id)
            changes.announce(project.id)
            code = socket.receive()["code"]
        else:
            with locked():
                changes.announce(project.id)
                code = socket.receive()["code"]
    assert code == (1008 if gone else 1013)


def test_a_table_that_is_deleted_is_missing_and_one_that_cannot_be_read_is_not(client: TestClient) -> None:
    name = table_dataset("1,2,0\n3,4,1\n5,6,0\n").name
    path = folder() / f"{name.removeprefix('table:')}.json"
    path.unlink()
    path.mkdir()  # reading it is an error of the system, as a disk that fails is one
    with pytest.raises(Unavailable, match="Try again"):
        record(name)
    assert client.get(f"/api/datasets/{name}/preview").status_code == 503
    path.rmdir()
    with pytest.raises(Missing, match="deleted"):
        record(name)
    assert client.get(f"/api/datasets/{name}/preview").status_code == 404
