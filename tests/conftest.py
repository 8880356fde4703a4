"""What every test may ask for."""

import gc
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("BUILDER_STANDBY", "0")  # a server that lives for a few presses warms up no worker
NOWHERE = tempfile.TemporaryDirectory(prefix="layerloom-tests-")
os.environ["BUILDER_HOME"] = NOWHERE.name  # a test that asks for no data folder of its own never meets a person's
gc.disable()  # while the tests are imported, which leaves nothing to collect


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files whose tests may take longest (`timeout`) come first, so that no process is left alone with one at the end."""
    longest: dict[Path, float] = {}
    for item in items:
        marker = item.get_closest_marker("timeout")
        longest[item.path] = max(longest.get(item.path, 0.0), marker.args[0] if marker else 0.0)
    items.sort(key=lambda item: -longest[item.path])


@pytest.fixture(scope="session", autouse=True)
def packages() -> Iterator[None]:
    """The packages that bring Streamlit components, sought once: each run of an AppTest reads the metadata of all that is installed."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def collections() -> None:
    """Garbage is collected as often as in the server."""
    from builder.web.collecting import THRESHOLDS

    gc.set_threshold(*THRESHOLDS)
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def generation() -> Iterator[None]:
    """What earlier files left in memory (Keras, its models, caches) is out of the garbage collector's rounds, which come after each rerun."""
    gc.collect()
    gc.freeze()
    yield


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database as the store makes it where there is none: the migrations run once rather than in every test."""
    from builder.store import Store

    path = tmp_path_factory.mktemp("database") / "layerloom.sqlite"
    Store(f"sqlite:///{path}").close()
    return path.read_bytes()


@pytest.fixture
def bare_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a data folder of the test's own is made as soon as it is needed."""
    folder = tmp_path / "home"
    monkeypatch.setenv("BUILDER_HOME", str(folder))
    monkeypatch.delenv("BUILDER_DATABASE_URL", raising=False)
    return folder


@pytest.fixture
def home(bare_home: Path, empty_database: bytes) -> Path:
    """A data folder of the test's own, with nothing in its database."""
    bare_home.mkdir()
    (bare_home / "layerloom.sqlite").write_bytes(empty_database)
    return bare_home


@pytest.fixture
def locked(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[None]]:
    """While its block runs, another program holds the test's database, so that nobody can read or write it."""
    from builder.store import database, default_store

    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)

    @contextmanager
    def held() -> Iterator[None]:
        default_store().close()  # a connection that is open shares the lock
        with closing(sqlite3.connect(home / "layerloom.sqlite", isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            yield

    return held


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
def asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is asked of the probes kernel, whose operations answer in this process: (operation, arguments) in order."""
    from tests.kit.kernel import answer_here

    return answer_here(monkeypatch)


@pytest.fixture
def blocks(asked: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What Explore's components are given, in order (`tests.kit.kernel.Drawings`); probes answer in this process."""
    from tests.kit.kernel import noted_drawings

    return noted_drawings(monkeypatch)
