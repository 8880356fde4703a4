"""A database that is away for a while: told once in the log with how many met it, and never as a bug."""

import logging
import types
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from builder.engine.supervisor import Supervisor
from builder.errors import Unavailable
from builder.store import database, default_store

Locked = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> None:
    """The log is heard whatever other tests have made of logging's settings."""
    log = logging.getLogger("builder.store.outage")
    assert not log.disabled and log.propagate and logging.root.manager.disable < logging.WARNING, vars(log)
    caplog.set_level(logging.WARNING, logger=log.name)
    caplog.handler.setLevel(logging.NOTSET)


def test_a_database_that_is_away_is_logged_once_and_counted(locked: Locked, caplog: pytest.LogCaptureFixture) -> None:
    store = default_store()
    with locked():
        for _ in range(19):
            with pytest.raises(Unavailable):
                store.projects("me")
        assert len(caplog.records) == 1 and "its turn to write" in caplog.text and "locked" in caplog.text
    assert store.projects("me") == store.projects("me") == []
    assert len(caplog.records) == 2 and "answers again" in caplog.text and "met it away: 19" in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_two_times_away_are_told_as_two(locked: Locked, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        with locked(), pytest.raises(Unavailable):
            default_store().projects("me")
        default_store().projects("me")
    assert len(caplog.records) == 4


def server_driver(answer: list[str]) -> Any:
    """A database driver (PEP 249) whose server refuses every connection with the last of `answer`."""
    names = ("InterfaceError", "OperationalError", "ProgrammingError", "InternalError", "DataError", "IntegrityError", "NotSupportedError")
    error = type("Error", (Exception,), {})
    kinds = {name: type(name, (error,), {}) for name in names} | {"DatabaseError": error, "Error": error}

    def connect(*_: Any, **__: Any) -> None:
        raise kinds["OperationalError"](answer[-1])

    return types.SimpleNamespace(paramstyle="pyformat", apilevel="2.0", threadsafety=2, __version__="1.31.0", connect=connect, **kinds)


@pytest.mark.parametrize("says", ["connection refused", "the database system is starting up", "server closed the connection unexpectedly"])
def test_a_database_server_that_does_not_answer_is_unavailable_and_no_bug(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, says: str
) -> None:
    made = sqlalchemy.create_engine
    monkeypatch.setattr(database, "create_engine", lambda url, **given: made(url, module=server_driver([says]), **given))
    with pytest.raises(Unavailable, match="its server"):
        database.Database("postgresql+pg8000://someone:secret@elsewhere/layerloom")
    assert says in caplog.text and "secret" not in caplog.text


def test_a_supervisor_whose_database_is_away_writes_no_tracebacks_and_one_of_a_bug(
    locked: Locked, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    watcher = Supervisor(1, 60)
    with locked():
        for _ in range(5):
            try:
                watcher.tick()
            except Exception as error:
                watcher.note(error)
    assert "Traceback" not in capfd.readouterr().err and len(caplog.records) == 1
    monkeypatch.setattr(watcher, "reap", lambda: 1 / 0)
    for _ in range(5):
        try:
            watcher.tick()
        except ZeroDivisionError as error:
            watcher.note(error)
    assert capfd.readouterr().err.count("Traceback") == 1
