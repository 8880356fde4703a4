"""The Train page before a person with a project; what is launched does not start."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine import calls
from builder.store import Project, Store, default_store
from pages.train import start
from tests.kit.pages import Opened

PAGE = Path(__file__).resolve().parents[2] / "pages" / "2_train.py"
ME = "session-me"


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
    monkeypatch.setattr(start, "launch", lambda run: ids.append(run.id))
    return ids


@pytest.fixture
def opened(project: Project, launched: list[str]) -> Opened:
    """Open the page as the project's owner, or as someone else."""

    def open_page(owner: str = ME, **query: str) -> AppTest:
        for name in default_store().project(project.id).networks:
            calls.analyse(default_store().work(project.id, name).network, timeout=120)  # however long Keras takes to load here
        page = AppTest.from_file(str(PAGE), default_timeout=60)
        page.session_state["_owner"] = owner
        for key, value in {"project": project.id, **query}.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception
        return page

    return open_page
