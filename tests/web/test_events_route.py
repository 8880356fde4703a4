"""The routes of a run: whoever has its id may watch, only its owner may steer, and an answer is small."""

import csv
import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from builder.network import Edge, Network, Node
from builder.runs import Run, Settings, Status, folder
from builder.store import Store, default_store
from builder.web import downloads, events
from builder.web.owner import COOKIE, owner_of

SECRET = "the owner's own cookie"
NETWORK = Network(
    name="tiny",
    nodes=(Node(name="input", layer="Input", params={"shape": [4]}), Node(name="dense", layer="Dense", params={"units": 3})),
    edges=(Edge(source="input", target="dense"),),
)


@pytest.fixture
def store(home: Path) -> Store:
    return default_store()


@pytest.fixture
def run(store: Store) -> Run:
    project = store.create_project(owner_of({COOKIE: SECRET}), "mine", [NETWORK])
    return store.create_run(project.id, NETWORK, Settings(dataset="iris", epochs=3))


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the runs that were launched, none of which really starts."""
    ids: list[str] = []
    monkeypatch.setattr(events, "launch", lambda run: ids.append(run.id))
    return ids


def browser(cookie: str = "") -> TestClient:
    """A client with this cookie, whose requests come from a page of ours."""
    client = TestClient(Starlette(routes=events.ROUTES), base_url="http://localhost")
    client.headers["Origin"] = "http://localhost"
    if cookie:
        client.cookies.set(COOKIE, cookie)
    return client


def learn(store: Store, run: Run, batches: int) -> None:
    """Let a run tell of its first batches and of one epoch."""
    told = [
        ("batch", {"step": i, "epoch": 1, "batch": i, "batches": batches, "metrics": {"loss": 1 / i}, "rate": 100.0, "seconds_left": 5.0})
        for i in range(1, batches + 1)
    ]
    store.add_events(run.id, [*told, ("epoch", {"epoch": 1, "step": batches, "metrics": {"loss": 0.5, "val_loss": 0.6}, "seconds": 1.0})])


def test_a_viewer_gets_each_event_once(store: Store, run: Run) -> None:
    learn(store, run, 10)
    client = browser()
    first = client.get(f"/api/runs/{run.id}/events").json()
    assert [event["n"] for event in first["events"]] == list(range(1, 12))
    assert first["run"]["status"] == "queued" and first["run"]["epochs"] == 3 and not first["more"]
    store.add_events(run.id, [("epoch", {"epoch": 2, "step": 20, "metrics": {"loss": 0.4}})])
    second = client.get(f"/api/runs/{run.id}/events?after={first['next']}").json()
    assert [event["data"]["epoch"] for event in second["events"]] == [2]


def test_an_answer_without_news_is_small_and_a_known_one_is_empty(store: Store, run: Run) -> None:
    learn(store, run, 10)
    client = browser()
    quiet = client.get(f"/api/runs/{run.id}/events?after=11")
    assert quiet.json()["events"] == [] and len(quiet.content) < 600
    again = client.get(f"/api/runs/{run.id}/events?after=11", headers={"If-None-Match": quiet.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    store.update_run(run.id, status=Status.running)
    moved = client.get(f"/api/runs/{run.id}/events?after=11", headers={"If-None-Match": quiet.headers["etag"]})
    assert moved.status_code == 200 and moved.json()["run"]["status"] == "running"


def test_a_long_history_comes_in_pages(store: Store, run: Run) -> None:
    learn(store, run, 2500)
    client = browser()
    first = client.get(f"/api/runs/{run.id}/events").json()
    second = client.get(f"/api/runs/{run.id}/events?after={first['next']}").json()
    assert first["more"] and not second["more"]
    assert len(first["events"]) + len(second["events"]) == 2501


def test_a_page_s_history_thins_batches_and_keeps_every_epoch_and_the_newest_point(store: Store, run: Run) -> None:
    learn(store, run, 4000)
    learn(store, run, 4000)
    kept = events.history(run.id)
    batches = [event["n"] for event in kept if event["kind"] == "batch"]
    assert len(batches) <= events.MOST_POINTS and batches == sorted(batches) and batches[-1] == 8001
    assert [event["n"] for event in kept if event["kind"] == "epoch"] == [4001, 8002]


def test_the_newest_event_is_where_a_viewer_of_the_history_goes_on(store: Store, run: Run) -> None:
    learn(store, run, 5)
    assert events.history(run.id)[-1]["n"] == 6


@pytest.mark.parametrize("after", ["x", "1.5", ""])
def test_an_after_that_is_no_number_is_refused(run: Run, after: str) -> None:
    assert browser().get(f"/api/runs/{run.id}/events?after={after}").status_code == 400


@pytest.mark.parametrize("after", [-5, 10**30])
def test_an_after_out_of_range_does_no_harm(store: Store, run: Run, after: int) -> None:
    learn(store, run, 2)
    assert browser().get(f"/api/runs/{run.id}/events?after={after}").status_code == 200


@pytest.mark.parametrize("run_id", ["nowhere", "..%2f..", "é"])
def test_an_unknown_run_is_not_found(home: Path, run_id: str) -> None:
    assert browser().get(f"/api/runs/{run_id}/events").status_code == 404
    assert browser(SECRET).post(f"/api/runs/{run_id}/control", json={"action": "stop"}).status_code == 404


@pytest.mark.parametrize("cookie", ["", "someone else's"])
def test_a_stranger_may_look_but_not_steer(store: Store, run: Run, cookie: str) -> None:
    store.update_run(run.id, status=Status.running)
    assert browser(cookie).get(f"/api/runs/{run.id}/events").status_code == 200
    answer = browser(cookie).post(f"/api/runs/{run.id}/control", json={"action": "stop"})
    assert answer.status_code == 403 and "owner" in answer.json()["error"]["message"]
    assert store.asked(run.id) == ""


def test_another_site_cannot_steer_with_the_owner_s_cookie(store: Store, run: Run) -> None:
    store.update_run(run.id, status=Status.running)
    answer = browser(SECRET).post(f"/api/runs/{run.id}/control", json={"action": "stop"}, headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403 and store.asked(run.id) == ""


@pytest.mark.parametrize(("status", "action"), [("running", "pause"), ("running", "stop"), ("paused", "resume"), ("queued", "stop")])
def test_the_owner_s_wish_reaches_the_worker(store: Store, run: Run, launched: list[str], status: str, action: str) -> None:
    store.update_run(run.id, status=Status(status))
    answer = browser(SECRET).post(f"/api/runs/{run.id}/control", json={"action": action})
    assert answer.status_code == 200 and answer.json()["run"]["id"] == run.id
    assert store.asked(run.id) == action


def test_an_interrupted_run_is_launched_again(store: Store, run: Run, launched: list[str]) -> None:
    store.update_run(run.id, status=Status.interrupted)
    assert browser(SECRET).post(f"/api/runs/{run.id}/control", json={"action": "resume"}).status_code == 200
    assert launched == [run.id]


@pytest.mark.parametrize(("status", "action"), [("finished", "stop"), ("failed", "resume"), ("paused", "pause"), ("queued", "resume")])
def test_what_a_run_cannot_do_is_said(store: Store, run: Run, status: str, action: str) -> None:
    store.update_run(run.id, status=Status(status))
    answer = browser(SECRET).post(f"/api/runs/{run.id}/control", json={"action": action})
    assert answer.status_code == 409 and status in answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [{}, {"action": "explode"}, {"action": ["stop"]}, [], "stop"])
def test_nonsense_is_refused(run: Run, body: object) -> None:
    assert browser(SECRET).post(f"/api/runs/{run.id}/control", json=body).status_code == 400


def test_a_run_s_files_come_as_attachments_and_only_those_it_has(store: Store, run: Run) -> None:
    place = folder(run.id)
    place.mkdir(parents=True)
    (place / "program.py").write_text("model = None\n")
    (place / "state.npz").write_bytes(b"secret")
    client = browser()
    program = client.get(f"/api/runs/{run.id}/files/program.py")
    assert program.text == "model = None\n" and 'filename="tiny_1.py"' in program.headers["content-disposition"]
    for name in ("model.keras", "history.csv", "state.npz", "..%2fsettings.json", "%2e%2e%2f%2e%2e%2flayerloom.sqlite"):
        assert client.get(f"/api/runs/{run.id}/files/{name}").status_code == 404


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_name_becomes_a_formula_in_a_spreadsheet(name: str) -> None:
    rows = list(csv.reader(downloads.history_csv(name, {"loss": [0.5], "val_loss": [-0.25]}).splitlines()))
    assert rows[0] == ["run", "epoch", "loss", "val_loss"]
    assert rows[1] == [f"'{name}", "1", "0.5", "-0.25"]


def test_the_history_has_one_row_an_epoch(store: Store, run: Run) -> None:
    place = folder(run.id)
    place.mkdir(parents=True)
    (place / "history.json").write_text(json.dumps({"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}))
    text = browser().get(f"/api/runs/{run.id}/files/history.csv").text
    assert text.splitlines() == ["run,epoch,loss,val_loss", "tiny 1,1,2.0,2.5", "tiny 1,2,1.0,1.5"]
