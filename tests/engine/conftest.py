"""A data folder whose workers are small scripts, and a store that is closed at the end."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from builder.engine import launch
from builder.store import default_store
from tests.kit.small_workers import WORKER, lives_in


@pytest.fixture
def place(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder whose workers are small scripts; every process it leaves is ended."""
    (tmp_path / "small_worker.py").write_text(WORKER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(launch, "WORKER", "small_worker")
    monkeypatch.setattr(launch, "ensure_supervisor", lambda: None)
    yield home
    for process in psutil.process_iter(["cmdline"]):
        if "small_worker" in (process.info["cmdline"] or []) and lives_in(process, home):
            process.kill()


@pytest.fixture
def closed(home: Path) -> Iterator[None]:
    """The store is closed after the test."""
    yield
    default_store().close()
