"""Another dataset or another network chosen while something plays: the strip's samples are what is learned from, and one network plays."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from builder import zoo
from builder.runs import Run, Settings, folder
from builder.store import Project, default_store
from builder.web import play, starting
from builder.web.owner import COOKIE
from tests.kit.routes import ORIGIN


@pytest.fixture(autouse=True)
def launched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is launched, and every network can learn."""

    def launch(run: Run) -> None:
        folder(run.id).mkdir(parents=True)

    monkeypatch.setattr(starting, "launch", launch)
    monkeypatch.setattr(play, "in_the_way", lambda network, settings, analysis: "")


def shown(client: TestClient, project: Project, network: str = "digit_cnn") -> dict[str, Any]:
    return dict(client.get(f"/api/projects/{project.id}/play", params={"network": network}).json())


def press(client: TestClient, project: Project, network: str = "digit_cnn", **more: Any) -> dict[str, Any]:
    answer = client.post(f"/api/projects/{project.id}/play", json={"network": network, **more}, headers=ORIGIN)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def choose(client: TestClient, project: Project, **training: Any) -> None:
    default_store().choose_as(client.cookies[COOKIE], project.id, training=training)


def test_the_samples_of_the_strip_are_those_that_what_plays_learns_from(client: TestClient, project: Project) -> None:
    choose(client, project, dataset="digits28", seed=1)
    run = press(client, project)
    assert (run["dataset"]["name"], run["dataset"]["seed"]) == ("digits28", 1)
    choose(client, project, dataset="digits", seed=4)
    told = shown(client, project)
    assert (told["run"]["id"], told["dataset"]["name"], told["dataset"]["seed"]) == (run["run"]["id"], "digits28", 1)


def test_the_next_play_learns_from_what_was_chosen_since_and_says_so(client: TestClient, project: Project) -> None:
    choose(client, project, dataset="digits28")
    first = press(client, project)["run"]["id"]
    choose(client, project, dataset="digits")
    default_store().ask(first, "stop")
    following = press(client, project, after=first)
    assert following["dataset"]["name"] == "digits"
    assert default_store().run(following["run"]["id"]).settings.dataset == "digits"


def test_a_play_of_another_network_makes_room_and_a_run_that_is_kept_does_not(client: TestClient, project: Project) -> None:
    store = default_store()
    store.add_network(project.id, zoo.network("iris_mlp"))
    kept = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"), played=True, pinned=True)
    trained = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"))
    left = press(client, project)["run"]["id"]
    now = press(client, project, "iris_mlp")["run"]["id"]
    assert {run: store.asked(run) for run in (left, now, kept.id, trained.id)} == {left: "stop", now: "", kept.id: "", trained.id: ""}
