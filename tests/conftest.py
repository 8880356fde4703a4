"""What every test may ask for."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("BUILDER_HOME", str(folder))
    monkeypatch.delenv("BUILDER_DATABASE_URL", raising=False)
    return folder


@pytest.fixture
def shipped(home: Path) -> Any:
    """The run that ships, in a project of the session `session-me`."""
    from builder import zoo
    from builder.engine.shipped import install
    from builder.store import default_store

    found = install(default_store().create_project("session-me", "mine", [zoo.network("digit_cnn")]).id)
    assert found is not None
    return found


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What Explore's components are given, in order, `module` beside it; probes answer in this process."""
    from builder.engine import calls
    from builder.probes import OPS
    from pages.explore import drawing, view

    found: list[dict[str, Any]] = []
    own = drawing.draw
    for cached in (view.inspection, drawing.asked):
        cached.cache_clear()

    def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
        found.append({"module": module, **data})
        return own(module, key, data, **callbacks)

    def call(kernel: str, op: str, arguments: dict[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        return OPS[op](arguments, arrays or {})

    monkeypatch.setattr(drawing, "draw", draw)
    monkeypatch.setattr(calls, "call", call)
    return found
