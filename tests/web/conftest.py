"""A person's browser before our routes, and a project of theirs."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from builder import zoo
from builder.store import Project, default_store
from builder.web import editing
from builder.web.owner import COOKIE
from tests.kit.routes import small, visitor


@pytest.fixture
def client(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client that has been on the page, and so has its cookie; analyses are made without Keras."""
    monkeypatch.setattr(editing.calls, "analyse", small)
    with visitor() as opened:
        opened.get("/")
        yield opened


@pytest.fixture
def project(client: TestClient) -> Project:
    return default_store().create_project(client.cookies[COOKIE], "Mine", [zoo.network("digit_cnn")])
