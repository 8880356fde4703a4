"""The route of a person's own input: it reaches the run that plays, looks like the strip's samples, and is refused with a sentence."""

from base64 import b64decode, b64encode
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from builder import datasets, zoo
from builder.engine import calls
from builder.probes import OPERATIONS
from builder.runs import Status, folder, watching
from builder.runs.defaults import proposed
from builder.runs.watching import Wish
from builder.store import Project, default_store
from builder.web import own_sample
from builder.web.owner import COOKIE
from tests.kit.routes import ORIGIN


@pytest.fixture(autouse=True)
def kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probes kernel answers in this process."""
    own_sample.ranges.cache_clear()
    monkeypatch.setattr(calls, "call", lambda kernel, op, arguments, timeout: OPERATIONS[op](arguments, {}))


def give(client: TestClient, project: Project, network: str, **what: Any) -> Any:
    return client.post(f"/api/projects/{project.id}/play/sample", json={"network": network, **what}, headers=ORIGIN)


def own_project(client: TestClient, network: str) -> Project:
    return default_store().create_project(client.cookies[COOKIE], "Mine", [zoo.network(network)])


def a_play(project: Project, network: str) -> str:
    made = zoo.network(network)
    run = default_store().create_run(project.id, made, proposed(datasets.record(datasets_name(network)), made))
    folder(run.id).mkdir(parents=True)
    return run.id


def datasets_name(network: str) -> str:
    return next((name for name, dataset in datasets.DATASETS.items() if dataset.network == network and not dataset.download), "digits28")


def test_a_drawing_reaches_the_run_under_the_mark_that_is_answered(client: TestClient, project: Project) -> None:
    run = a_play(project, "digit_cnn")
    sheet = np.zeros((168, 168, 1), "uint8")
    sheet[30:140, 70:95] = 255
    body = give(client, project, "digit_cnn", run=run, way="drawn", sent=b64encode(sheet.tobytes()).decode()).json()
    found = watching.own(folder(run), body["mark"])
    assert found is not None
    raw, _ = found
    assert raw.shape == (28, 28, 1)
    shown = np.frombuffer(b64decode(body["x"]["data"]), "uint8").reshape(body["x"]["shape"])
    np.testing.assert_array_equal(shown[0], np.rint(255 * raw))
    assert body["steps"] and watching.own(folder(run), "0" * 16) is None


def test_a_typed_row_and_a_typed_text_reach_it_too(client: TestClient, home: Any) -> None:
    project = own_project(client, "iris_mlp")
    run = a_play(project, "iris_mlp")
    body = give(client, project, "iris_mlp", run=run, way="numbers", sent=[["1.5", "0.5", "0.4", "0.2"]]).json()
    found = watching.own(folder(run), body["mark"])
    assert found is not None
    np.testing.assert_allclose(found[0], [1.5, 0.5, 0.4, 0.2], rtol=1e-6)
    project = own_project(client, "pronoun_encoder")
    run = a_play(project, "pronoun_encoder")
    body = give(client, project, "pronoun_encoder", run=run, way="text", sent="the dog ran because it was scared").json()
    found = watching.own(folder(run), body["mark"])
    assert found is not None
    words = [datasets.record("pronouns").vocabulary[token] for token in found[0]]
    assert words == ["·", "·", "the", "dog", "ran", "because", "it", "was", "scared"] and found[1] == 8


def test_the_same_input_has_the_same_mark_and_needs_no_run(client: TestClient, home: Any) -> None:
    project = own_project(client, "iris_mlp")
    rows = [[["1.5", "0.5", "0.4", "0.2"]], [["1,5", "0.50", "0.4", "0.2"]], [["1.2", "0.5", "0.4", "0.2"]]]
    marks = [give(client, project, "iris_mlp", way="numbers", sent=sent).json()["mark"] for sent in rows]
    assert marks[0] == marks[1] != marks[2]


@pytest.mark.parametrize(
    "what", [{"way": "numbers", "sent": [["1", "2", "3", "x"]]}, {"way": "drawn", "sent": "!"}, {"way": "shouted"}, {}]
)
def test_what_is_no_sample_is_refused_with_a_sentence(client: TestClient, home: Any, what: dict[str, Any]) -> None:
    answer = give(client, own_project(client, "iris_mlp"), "iris_mlp", **what)
    assert answer.status_code == 422
    assert " needs " in answer.json()["error"]["message"]


def test_neither_a_stranger_nor_a_run_of_another_project_gets_it(client: TestClient, project: Project) -> None:
    other = default_store().create_project("somebody", "Theirs", [zoo.network("digit_cnn")])
    run = a_play(other, "digit_cnn")
    sheet = b64encode(np.full((168, 168, 1), 255, "uint8").tobytes()).decode()
    assert give(client, project, "digit_cnn", run=run, way="drawn", sent=sheet).status_code == 403
    assert not (folder(run) / "own.npz").exists()
    assert give(client, other, "digit_cnn", way="drawn", sent=sheet).status_code == 403


def test_a_run_that_has_ended_is_left_alone(client: TestClient, home: Any) -> None:
    project = own_project(client, "iris_mlp")
    run = a_play(project, "iris_mlp")
    default_store().update_run(run, status=Status.finished)
    assert give(client, project, "iris_mlp", run=run, way="numbers", sent=[["1.5", "0.5", "0.4", "0.2"]]).status_code == 200
    assert not (folder(run) / "own.npz").exists()


def test_a_watcher_wishes_for_an_own_input_and_for_gradients(client: TestClient, project: Project) -> None:
    run = a_play(project, "digit_cnn")
    client.get(f"/api/runs/{run}/live", params={"own": "0123456789abcdef", "wires": "gradient"})
    assert watching.wished(folder(run)) == Wish(own="0123456789abcdef", gradients=True)
    client.get(f"/api/runs/{run}/live", params={"own": "../../etc", "wires": "anything"})
    assert watching.wished(folder(run)) == Wish()
