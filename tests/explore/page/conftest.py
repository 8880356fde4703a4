"""The Explore page before the owner of a project with the run that ships; a probes kernel that answers with numbers of the right shapes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine import calls
from builder.engine.shipped import SHIPPED, install
from builder.probes import OPERATIONS
from builder.probes.layers.shipped_answers import read_overview
from builder.runs import Run
from builder.store import Project, Store, default_store
from pages.explore import drawing, view
from tests.kit.kernel import Asked
from tests.kit.pages import Opened

PAGE = Path(__file__).resolve().parents[3] / "pages" / "3_explore.py"
ME = "session-me"


@pytest.fixture
def store(home: Path) -> Store:
    for cached in (view.inspection, view.filters, view.whole_layer, drawing.asked):
        cached.cache_clear()
    return default_store()


@pytest.fixture
def project(store: Store) -> Project:
    return store.create_project(ME, "mine", [zoo.network("digit_cnn")])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the page asks of the probes kernel, which answers with numbers of the right shapes."""
    calls_made: Asked = []

    def call(kernel: str, op: str, arguments: Mapping[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        calls_made.append((op, arguments))
        kept = view.read_inspection(SHIPPED)
        assert kept is not None
        answer, values = dict(kept[0]), dict(kept[1])
        if op in ("filters", "layer", "lenses", "photograph"):
            return OPERATIONS[op](dict(arguments), arrays or {})
        if op == "overview":
            shipped = read_overview(SHIPPED)
            assert shipped is not None
            return {name: value for name, value in shipped[0].items() if name != "checks"}, shipped[1]
        if op == "self_check":
            return {"checks": [{"name": "The run's own output", "value": 0.0}]}, {}
        answer |= {name: arguments[name] for name in ("epoch", "part", "sample")}
        return answer, values

    monkeypatch.setattr(calls, "call", call)
    return calls_made


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the component of the levels is given."""
    found: list[dict[str, Any]] = []
    own = drawing.draw

    def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
        found.append(dict(data))
        return own(module, key, data, **callbacks)

    monkeypatch.setattr(drawing, "draw", draw)
    return found


@pytest.fixture
def opened(project: Project, asked: Asked) -> Opened:
    """Open the page as the project's owner."""

    def open_page(**query: str) -> AppTest:
        page = AppTest.from_file(str(PAGE), default_timeout=60)
        page.session_state["_owner"] = ME
        for key, value in {"project": project.id, **query}.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception
        return page

    return open_page


@pytest.fixture
def run(project: Project) -> Run:
    found = install(project.id)
    assert found is not None
    return found
