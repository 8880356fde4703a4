"""The routes of Play: who may play, what keeps a network from it, what watching answers, and what goes on after an edit."""

import json
from threading import Timer
from typing import Any

import pytest
from starlette.testclient import TestClient

from builder import datasets, zoo
from builder.catalogue import LAYERS
from builder.engine import calls
from builder.network import Network, apply
from builder.runs import Run, Settings, Status, folder, watching
from builder.runs.checkpoint import write_arrays
from builder.runs.defaults import proposed
from builder.runs.run_folder import last_path
from builder.runs.watching import Wish
from builder.store import Project, default_store
from builder.web import play, starting
from builder.web.editing import make_edit
from tests.kit.routes import ORIGIN

IN_THE_WAY = play.in_the_way


@pytest.fixture(autouse=True)
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the runs that were launched, none of which really starts."""
    ids: list[str] = []

    def launch(run: Run) -> None:
        folder(run.id).mkdir(parents=True)
        ids.append(run.id)

    monkeypatch.setattr(starting, "launch", launch)
    monkeypatch.setattr(play, "in_the_way", lambda network, settings, analysis: "")
    return ids


def press(client: TestClient, project: Project, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/api/projects/{project.id}/play", json={"network": "digit_cnn", **more}, headers=ORIGIN)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_what_plays_is_a_run_with_the_settings_that_train_proposes(client: TestClient, project: Project, launched: list[str]) -> None:
    told = press(client, project)["run"]
    run = default_store().run(told["id"])
    assert launched == [run.id]
    assert (run.played, run.pinned, run.lineage, run.status) == (True, False, None, Status.queued)

    assert run.settings == proposed(datasets.record("digits28"), zoo.network("digit_cnn"))


@pytest.mark.parametrize("status", [Status.running, Status.paused])
def test_a_play_that_waits_names_the_run_of_its_project_that_is_at_work(client: TestClient, project: Project, status: Status) -> None:
    kept = default_store().create_run(project.id, zoo.network("lenet5"), Settings(dataset="digits28"))
    default_store().update_run(kept.id, status=status)
    assert press(client, project)["run"]["ahead"] == {"name": kept.name, "status": status}


def test_a_play_names_nobody_else_s_run(client: TestClient, project: Project) -> None:
    other = default_store().create_project("somebody", "theirs", [zoo.network("lenet5")])
    theirs = default_store().create_run(other.id, zoo.network("lenet5"), Settings(dataset="digits28"))
    default_store().update_run(theirs.id, status=Status.running)
    assert press(client, project)["run"]["ahead"] is None


def test_the_choices_made_on_train_are_what_plays(client: TestClient, project: Project) -> None:
    default_store().choose_as(client.cookies["layerloom"], project.id, training={"dataset": "digits28", "epochs": 3, "seed": 7})
    run = default_store().run(press(client, project)["run"]["id"])
    assert (run.settings.epochs, run.settings.seed) == (3, 7)


def test_a_stranger_cannot_play(client: TestClient, project: Project) -> None:
    client.cookies.clear()
    answer = client.post(f"/api/projects/{project.id}/play", json={"network": "digit_cnn"}, headers=ORIGIN)
    assert answer.status_code == 403


def test_the_strip_finds_the_run_that_plays_the_network_as_it_is(client: TestClient, project: Project) -> None:
    def shown() -> Any:
        return client.get(f"/api/projects/{project.id}/play", params={"network": "digit_cnn"}).json()["run"]

    assert shown() is None
    run = press(client, project)["run"]
    assert shown()["id"] == run["id"]
    edit(project)
    assert shown() is None


def test_the_strip_says_which_run_stays_and_which_dataset_was_chosen_since(client: TestClient, project: Project) -> None:
    def shown() -> dict[str, Any]:
        return dict(client.get(f"/api/projects/{project.id}/play", params={"network": "digit_cnn"}).json())

    store, owner = default_store(), client.cookies["layerloom"]
    assert (shown()["learned"], shown()["chosen"]) == ("", "")
    kept = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"))
    store.update_run(kept.id, status=Status.finished, epoch=3)
    assert (shown()["learned"], shown()["chosen"]) == (kept.name, "")
    press(client, project)
    assert (shown()["learned"], shown()["chosen"]) == ("", "")  # what plays is on the strip itself
    store.choose_as(owner, project.id, training={"dataset": "shapes"})
    assert shown()["chosen"] == datasets.record("shapes").title and shown()["dataset"]["name"] == "digits28"


def edit(project: Project) -> Network:
    store = default_store()
    return store.change(
        project.id, "digit_cnn", None, lambda now: ("edit", apply(now, {"kind": "add_after", "after": "dense", "layer": "Dense"}, LAYERS))
    ).network


def test_an_edit_ends_what_plays_and_goes_on_from_its_weights(client: TestClient, project: Project) -> None:
    store, first = default_store(), press(client, project)["run"]["id"]
    write_arrays(last_path(folder(first)), {})
    edited = edit(project)
    second = store.run(press(client, project, after=first)["run"]["id"])
    assert store.asked(first) == "stop"
    assert (second.network, second.lineage.parent) == (edited, first)


def test_a_run_that_never_began_hands_its_own_origin_on(client: TestClient, project: Project) -> None:
    store, first = default_store(), press(client, project)["run"]["id"]
    write_arrays(last_path(folder(first)), {})
    edit(project)
    second = press(client, project, after=first)["run"]["id"]
    edit(project)
    third = store.run(press(client, project, after=second)["run"]["id"])
    assert third.lineage.parent == first


def test_two_tabs_that_see_the_same_edit_start_one_run(client: TestClient, project: Project, launched: list[str]) -> None:
    first = press(client, project)["run"]["id"]
    write_arrays(last_path(folder(first)), {})
    edit(project)
    assert press(client, project, after=first)["run"]["id"] == press(client, project, after=first)["run"]["id"]
    assert len(launched) == 2


def test_an_edit_that_is_undone_plays_anew_where_its_run_was_asked_to_stop_meanwhile(client: TestClient, project: Project) -> None:
    first = press(client, project)["run"]["id"]
    default_store().update_run(first, status=Status.running, epoch=1)
    second = press(client, project, after=first)["run"]["id"]
    default_store().ask(second, "stop")
    assert press(client, project, after=first)["run"]["id"] != second


def test_a_network_that_cannot_learn_is_refused_with_a_sentence_and_what_played_ends(
    client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = press(client, project)["run"]["id"]
    monkeypatch.setattr(play, "in_the_way", lambda network, settings, analysis: "dense: It does not fit.")
    assert press(client, project, after=first) == {"refused": "dense: It does not fit."}
    assert default_store().asked(first) == "stop"


def test_what_is_in_the_way_names_the_head_that_does_not_fit_the_dataset(home: Any) -> None:
    from builder.keras_bridge import analyse
    from builder.runs import Settings

    network = zoo.network("digit_cnn")
    worse = apply(network, {"kind": "set", "name": network.outputs[0].name, "params": {"units": 7}}, LAYERS)
    settings = Settings(dataset="digits28")
    assert IN_THE_WAY(network, settings, analyse(network)) == ""
    assert "10" in IN_THE_WAY(worse, settings, analyse(worse))


def test_watching_answers_with_the_newest_frame_once_and_notes_the_wish(client: TestClient, project: Project) -> None:
    run = press(client, project)["run"]["id"]
    place = folder(run)
    watching.put_frame(place, json.dumps({"step": 3}))
    default_store().add_events(run, [("batch", {"step": 3, "metrics": {"loss": 0.5}})])
    asked = {"sample": 5, "pace": "slow", "after": 0, "mark": ""}
    body = client.get(f"/api/runs/{run}/live", params=asked).json()
    assert body["frame"] == {"step": 3}
    assert [event["data"]["metrics"] for event in body["told"]["events"]] == [{"loss": 0.5}]
    assert watching.wished(place) == Wish(5, "slow", True)
    again = client.get(f"/api/runs/{run}/live", params={**asked, "mark": body["mark"], "after": body["told"]["next"], "seen": 0}).json()
    assert (again["frame"], again["told"]["events"]) == (None, [])
    assert watching.wished(place) == Wish(5, "slow", False)


def test_events_wait_for_the_next_frame_where_somebody_sees_it_and_nothing_else_waits() -> None:
    """One answer then brings both, and the browser draws once."""
    seen, hidden = {"seen": "1"}, {"seen": "0"}
    assert play.patience("7-1", "7-2", seen) == play.TOGETHER > 0
    for known, mark, query in (("7-1", "8-2", seen), ("7-1", "8-1", seen), ("0-1", "0-2", seen), ("", "7-2", seen), ("7-1", "7-2", hidden)):
        assert play.patience(known, mark, query) == 0


def test_events_without_a_frame_come_all_the_same_and_with_one_at_once(
    client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = press(client, project)["run"]["id"]
    place = folder(run)

    def news() -> Any:
        mark = client.get(f"/api/runs/{run}/live").json()["mark"]
        (place / "bell").write_text("x" * (1 + len((place / "bell").read_text() if (place / "bell").exists() else "")))
        return client.get(f"/api/runs/{run}/live", params={"mark": mark}).json()

    watching.put_frame(place, json.dumps({"step": 1}))
    assert news()["frame"] is None
    monkeypatch.setattr(play, "TOGETHER", 60.0)
    monkeypatch.setattr(play, "WAIT", 60.0)
    later = Timer(0.3, watching.put_frame, (place, json.dumps({"step": 2})))
    later.start()
    assert news()["frame"] == {"step": 2}
    later.join()


def test_a_stranger_watches_and_wishes_for_nothing(client: TestClient, project: Project) -> None:
    run = press(client, project)["run"]["id"]
    watching.look(folder(run), Wish(2))
    client.cookies.clear()
    assert client.get(f"/api/runs/{run}/live", params={"sample": 9}).status_code == 200
    assert watching.wished(folder(run)) == Wish(2)


def test_a_play_is_kept_by_its_owner_alone(client: TestClient, project: Project) -> None:
    run = press(client, project)["run"]["id"]
    assert client.post(f"/api/runs/{run}/pin", json={}, headers=ORIGIN).json()["run"]["pinned"]
    assert not default_store().run(run).passing
    client.cookies.clear()
    assert client.post(f"/api/runs/{run}/pin", json={}, headers=ORIGIN).status_code == 403


def test_the_samples_of_the_strip_are_those_that_explore_has_under_the_same_numbers(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from base64 import b64decode

    import numpy as np

    from builder.probes import OPERATIONS

    monkeypatch.setattr(calls, "call", lambda kernel, op, arguments, timeout: OPERATIONS[op](arguments, {}))
    sent = client.get("/api/datasets/iris/samples", params={"seed": 3, "share": "0.2"}).json()
    test = datasets.parts("iris", 3, 0.2).test
    assert sent["among"] == len(test)
    shown = np.frombuffer(b64decode(sent["x"]["data"]), "<f4").reshape(sent["x"]["shape"])
    np.testing.assert_array_equal(shown, test.x[: len(shown)])


def test_a_run_from_before_there_were_plays_is_none(client: TestClient, project: Project) -> None:
    """The fields have defaults: a row that was written without them reads as a run that was trained."""
    from sqlalchemy import select, update

    from builder.store import tables

    store = default_store()
    run = press(client, project)["run"]["id"]
    with store.db.write() as connection:
        data = json.loads(connection.scalar(select(tables.runs.c.data).where(tables.runs.c.id == run)))
        old = {key: value for key, value in data.items() if key not in ("played", "pinned", "lineage")}
        connection.execute(update(tables.runs).where(tables.runs.c.id == run).values(data=json.dumps(old)))
    assert (store.run(run).played, store.run(run).lineage) == (False, None)


def test_a_run_that_was_started_on_train_is_not_ended_by_an_edit_and_a_play(client: TestClient, project: Project) -> None:
    store = default_store()
    trained = store.create_run(project.id, zoo.network("digit_cnn"), proposed(datasets.record("digits28"), zoo.network("digit_cnn")))
    edit(project)
    played = store.run(press(client, project, after=trained.id)["run"]["id"])
    assert store.asked(trained.id) == "" and played.lineage is None


def test_the_strip_finds_its_run_again_when_the_network_is_renamed(client: TestClient, project: Project) -> None:
    run = press(client, project)["run"]["id"]
    make_edit(project.id, "digit_cnn", None, {"kind": "rename_network", "to": "reader"})
    assert client.get(f"/api/projects/{project.id}/play", params={"network": "reader"}).json()["run"]["id"] == run
