"""Who opens a link into a run has its model loaded while the page still loads; nothing else does."""

import threading
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from builder import zoo
from builder.runs import Settings
from builder.store import default_store
from builder.web import ahead


async def page(_: object) -> HTMLResponse:
    return HTMLResponse("")


@pytest.fixture
def asked(home: object, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is asked of the probes kernel, and its thread waited for."""
    asked: list[Any] = []

    class Waited(threading.Thread):
        def start(self) -> None:
            super().start()
            self.join()

    monkeypatch.setattr(ahead.threading, "Thread", Waited)
    monkeypatch.setattr(ahead.calls, "status", lambda: {"ready": True})
    monkeypatch.setattr(ahead.calls, "probe", lambda place, op, **more: asked.append((place.rpartition("/")[2], op)))
    return asked


def test_a_link_into_a_run_loads_its_model_and_other_addresses_load_none(asked: list[Any]) -> None:
    run = default_store().create_run(None, zoo.network("first_model"), Settings(dataset="digits"))
    with TestClient(ahead.Ahead(Starlette(routes=[Route("/explore", page), Route("/", page)]))) as client:
        for address in ("/", f"/?run={run.id}", "/explore", "/explore?run=", "/explore?run=../../etc", "/explore?run=nothing"):
            assert client.get(address).status_code == 200
        assert asked == []
        client.get(f"/explore?project=x&run={run.id}")
    assert asked == [(run.id, "load")]
