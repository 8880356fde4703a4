"""The canvas's routes: an edit goes in, the new picture comes out; who may look, who may change, and what is stale."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from builder.errors import BuilderError, Unavailable
from builder.network import Analysis, Network
from builder.store import Project, default_store
from builder.web import editing
from builder.web.owner import COOKIE
from tests.kit.routes import HOST

Post = Callable[..., Any]


@pytest.fixture
def post(client: TestClient, project: Project) -> Post:
    """Sends an edit as the canvas does."""

    def send(edit: dict[str, Any], revision: int = 0, network: str = "digit_cnn") -> Any:
        body = {"network": network, "revision": revision, "edit": edit}
        return client.post(f"/api/projects/{project.id}/edits", json=body, headers={"Origin": HOST})

    return send


def names(answer: Any) -> list[str]:
    return [node["name"] for node in answer.json()["nodes"]]


def test_an_edit_is_stored_and_answered_with_the_new_picture(post: Post, project: Project) -> None:
    answer = post({"kind": "insert", "source": "conv_1", "target": "pool_1", "layer": "Conv2D"})
    assert answer.status_code == 200
    picture = answer.json()
    assert picture["revision"] == 1
    assert picture["can_undo"]
    assert "conv2d" in names(answer)
    assert default_store().work(project.id, "digit_cnn").network.node("conv2d").layer == "Conv2D"


def test_undo_and_redo_are_edits_too(post: Post) -> None:
    post({"kind": "delete", "name": "pool_1"})
    undone = post({"kind": "undo"}, revision=1)
    assert "pool_1" in names(undone)
    assert undone.json()["can_redo"]
    assert "pool_1" not in names(post({"kind": "redo"}, revision=2))


def test_a_stale_edit_changes_nothing_and_brings_the_newest_picture(post: Post) -> None:
    post({"kind": "delete", "name": "pool_1"})
    answer = post({"kind": "delete", "name": "conv_2"}, revision=0)
    assert answer.status_code == 409
    assert "conv_2" in [node["name"] for node in answer.json()["picture"]["nodes"]]
    assert answer.json()["picture"]["revision"] == 1


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "set", "name": "conv_1", "params": {"filters": 0}},
        {"kind": "set", "name": "conv_1", "params": {"nonsense": 1}},
        {"kind": "delete", "name": "nobody"},
        {"kind": "connect", "source": "digits", "target": "conv_1", "target_port": "inputs"},
        {"kind": "add_after", "after": "conv_1", "layer": "Lambda"},
        {"kind": "explode"},
        {},
    ],
)
def test_an_edit_that_cannot_be_made_is_a_sentence_and_changes_nothing(post: Post, project: Project, edit: dict[str, Any]) -> None:
    answer = post(edit)
    assert answer.status_code == 200  # a refusal is an answer: a 4xx would be an error in the browser's console
    assert answer.json()["refused"]["message"].endswith(".")
    assert default_store().work(project.id, "digit_cnn").revision == 0


def test_a_request_without_its_parts_is_refused(client: TestClient, project: Project) -> None:
    for body in ({}, {"network": "digit_cnn", "edit": {}}, {"network": 1, "revision": 0, "edit": {}}):
        assert client.post(f"/api/projects/{project.id}/edits", json=body, headers={"Origin": HOST}).status_code == 400


def test_a_stranger_may_look_but_not_change(client: TestClient, post: Post, project: Project) -> None:
    assert client.get(f"/api/projects/{project.id}/picture").json()["editable"]
    client.cookies.clear()
    picture = client.get(f"/api/projects/{project.id}/picture").json()
    assert not picture["editable"]
    assert len(picture["nodes"]) == 8
    assert post({"kind": "delete", "name": "pool_1"}).status_code == 403
    client.cookies.set(COOKIE, "a guess")
    assert post({"kind": "delete", "name": "pool_1"}).status_code == 403


@pytest.mark.parametrize("name", ["nothing", "..", "%2e%2e%2fapp.py", "a'b;--", "é", "x" * 3000])
def test_an_address_that_leads_nowhere_is_404(client: TestClient, name: str) -> None:
    assert client.get(f"/api/projects/{name}/picture").status_code == 404


def test_a_network_that_the_project_does_not_have_is_404(client: TestClient, post: Post, project: Project) -> None:
    assert client.get(f"/api/projects/{project.id}/picture?network=none").status_code == 404
    assert post({"kind": "undo"}, network="none").status_code == 404


def test_the_picture_places_every_layer_and_says_what_it_costs(client: TestClient, project: Project) -> None:
    picture = client.get(f"/api/projects/{project.id}/picture").json()
    assert [node["y"] for node in picture["nodes"]] == list(range(8))
    assert {node["family"] for node in picture["nodes"]} >= {"core", "convolution", "pooling"}
    assert picture["nodes"][0]["axes"] == ["features"]
    assert picture["totals"]["params"] == 80
    assert picture["totals"]["batch_size"] == 32
    default_store().choose(project.id, training={"batch_size": 128})  # as the Train page does
    larger = client.get(f"/api/projects/{project.id}/picture").json()
    assert larger["totals"]["activation_bytes"] == 4 * picture["totals"]["activation_bytes"]


def test_a_problem_sits_on_its_card(post: Post) -> None:
    picture = post({"kind": "add_after", "after": "dense", "layer": "Dropout"}).json()
    by_name = {node["name"]: node["problem"] for node in picture["nodes"]}
    assert by_name["dropout"]["message"] == "It drops."
    assert by_name["dense"] is None
    assert len(picture["problems"]) == 1


def test_while_keras_loads_an_edit_is_stored_and_its_figures_are_pending(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def loading(*_: object, **__: object) -> Analysis:
        raise Unavailable("The analysis", "Keras", "a process that is still loading it")

    def lost(*_: object, **__: object) -> Analysis:
        raise BuilderError("The analysis", "to run to its end", "a process that ended")

    monkeypatch.setattr(editing.calls, "analyse", loading)
    monkeypatch.setattr(editing.calls, "status", lambda: {"device": "", "ready": False})
    picture = post({"kind": "delete", "name": "pool_1"}).json()
    assert picture["pending"]
    assert picture["problems"] == []
    monkeypatch.setattr(editing.calls, "analyse", lost)
    broken = post({"kind": "undo"}, revision=1).json()
    assert broken["problems"][0]["node"] is None


def test_the_catalogue_lists_every_layer_with_a_colour_for_its_family(client: TestClient) -> None:
    listing = client.get("/api/catalogue").json()
    families = {family["name"] for family in listing["families"]}
    assert {layer["family"] for layer in listing["layers"]} <= families
    assert all(family["light"].startswith("#") and family["dark"].startswith("#") and family["icon"] for family in listing["families"])
    assert all(layer["summary"] for layer in listing["layers"])


def test_an_edit_waits_for_nobody_s_longer_look(client: TestClient, post: Post, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, over = editing.calls.analyse, threading.Event()

    def analyse(network: Network, deep: bool = False, timeout: float = 10) -> Analysis:
        if deep:
            over.wait(20)
        return usual(network, deep, timeout)

    monkeypatch.setattr(editing.calls, "analyse", analyse)
    many = 60  # more than there are threads for routes
    with ThreadPoolExecutor(many + 1) as people:
        looks = [people.submit(client.get, f"/api/projects/{project.id}/picture?deep=1") for _ in range(many)]
        time.sleep(0.5)
        edit = people.submit(post, {"kind": "delete", "name": "pool_1"})
        try:
            assert edit.result(timeout=10).status_code == 200
        finally:
            over.set()
        assert {look.result().status_code for look in looks} == {200}


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "rename", "name": "conv_1", "to": "\ud800"},
        {"kind": "set", "name": "conv_1", "params": {"\ud800": 1}},
        {"kind": "set", "name": "conv_1", "params": {"filters": 10**400}},
    ],
    ids=["half a character as a name", "half a character as a parameter", "more digits than a float holds"],
)
def test_what_no_page_of_ours_sends_is_refused_in_a_sentence(client: TestClient, project: Project, edit: dict[str, Any]) -> None:
    body = json.dumps({"network": "digit_cnn", "revision": 0, "edit": edit})
    answer = client.post(f"/api/projects/{project.id}/edits", content=body, headers={"Origin": HOST})
    assert answer.status_code == 200
    assert "needs" in answer.json()["refused"]["message"]


def test_a_selection_is_one_edit_and_one_step_back(post: Post, client: TestClient, project: Project) -> None:
    saved = client.get(f"/api/projects/{project.id}/network", params={"network": "digit_cnn"}).json()
    assert (saved["revision"], len(saved["definition"]["nodes"])) == (0, 8)
    some = [node for node in saved["definition"]["nodes"] if node["name"] in ("conv_1", "pool_1")]
    wires = [edge for edge in saved["definition"]["edges"] if {edge["source"], edge["target"]} == {"conv_1", "pool_1"}]
    block = {"network": {"nodes": some, "edges": wires}, "open": [{"node": "conv_1", "port": "inputs"}]}
    pasted = post({"kind": "paste", **block, "after": "conv_2"}).json()
    assert len(pasted["nodes"]) == 10 and pasted["undo"] == "Paste 2 layers"
    gone = post({"kind": "delete_all", "names": ["conv_1", "pool_1", "conv_2"]}, revision=1)
    assert names(gone)[:2] == ["input", "conv_3"]
    assert len(names(post({"kind": "undo"}, revision=2))) == 10


def test_pasted_layers_are_held_against_the_catalogue(post: Post) -> None:
    wrong = {"nodes": [{"name": "a", "layer": "Conv2D", "params": {"filters": -1}}], "edges": []}
    assert post({"kind": "paste", "network": wrong, "open": []}).json()["refused"]["where"]


def test_a_network_that_is_not_there_cannot_be_copied_from(client: TestClient, project: Project) -> None:
    assert client.get(f"/api/projects/{project.id}/network", params={"network": "nobody"}).status_code == 404
