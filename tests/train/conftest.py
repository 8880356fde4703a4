"""The Train page before a person with a project; what is launched does not start."""

from functools import partial
from pathlib import Path

import pytest

from builder import zoo
from builder.store import Project, Store, default_store
from tests.kit.pages import ME, Opened, train_page


@pytest.fixture
def store(home: Path) -> Store:
    return default_store()


@pytest.fixture
def project(store: Store) -> Project:
    return store.create_project(ME, "mine", [zoo.network("digit_cnn")])


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the runs that the page launches, none of which really starts."""
    ids: list[str] = []
    monkeypatch.setattr("builder.web.starting.launch", lambda run: ids.append(run.id))
    return ids


@pytest.fixture
def opened(project: Project, launched: list[str]) -> Opened:
    """Open the page as the project's owner, or as someone else."""
    return partial(train_page, project.id)
