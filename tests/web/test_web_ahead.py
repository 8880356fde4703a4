"""Who opens a link into a run has the kernel look at it while the page still loads; nothing else does."""

import threading
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from builder import zoo
from builder.errors import BuilderError
from builder.runs import Settings
from builder.store import default_store
from builder.web import prefetch


async def page(_: object) -> HTMLResponse:
    return HTMLResponse("")


@pytest.fixture
def asked(home: object, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is asked of the probes kernel, its thread waited for."""
    asked: list[Any] = []

    class Waited(threading.Thread):
        def start(self) -> None:
            super().start()
            self.join()

    monkeypatch.setattr(prefetch.threading, "Thread", Waited)
    monkeypatch.setattr(prefetch.calls, "probe", lambda place, op, **more: asked.append((place.rpartition("/")[2], op.__name__, more)))
    return asked


@pytest.fixture
def client() -> TestClient:
    return TestClient(prefetch.Prefetch(Starlette(routes=[Route("/explore", page), Route("/", page)])))


def test_a_link_into_a_run_has_it_looked_at_and_other_addresses_do_not(asked: list[Any], client: TestClient) -> None:
    run = default_store().create_run(None, zoo.network("first_model"), Settings(dataset="digits"))
    for address in ("/", f"/?run={run.id}", "/explore", "/explore?run=", "/explore?run=../../etc", "/explore?run=nothing"):
        assert client.get(address).status_code == 200
    assert client.get(f"/explore?run={run.id}&epoch=many").status_code == 200
    assert asked == []
    client.get(f"/explore?project=x&run={run.id}&epoch=3&part=train&sample=7")
    assert [each[:2] for each in asked] == [(run.id, "overview")]
    assert asked[0][2].items() >= {"epoch": 3, "part": "train", "sample": 7}.items()


def test_a_kernel_that_cannot_answer_leaves_the_page_as_it_is(
    asked: list[Any], client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise BuilderError("The probe", "an answer", "none")

    monkeypatch.setattr(prefetch.calls, "probe", refuse)
    run = default_store().create_run(None, zoo.network("first_model"), Settings(dataset="digits"))
    assert client.get(f"/explore?run={run.id}").status_code == 200
    assert not prefetch._busy.locked()
