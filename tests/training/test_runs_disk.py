"""Training where the disk takes no write, or the database none: the run waits, and loses nothing."""

import errno
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import files as run_files
from builder.errors import BuilderError
from builder.runs import Run, Status, folder
from builder.store import Store, default_store
from builder.training.report import Reporter, Stopped
from tests.kit.training_here import DENSE, a_run, state, train


@pytest.fixture(autouse=True)
def store(home: Path) -> Iterator[Store]:
    opened = default_store()
    yield opened
    opened.close()


@contextmanager
def presses_resume(run: Run) -> Iterator[list[str]]:
    """A person who makes room each time the run pauses, and notes why it did."""
    reasons: list[str] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            now = default_store().run(run.id)
            if now.status == Status.paused and default_store().asked(run.id) != "resume":
                reasons.append(now.message)
                default_store().ask(run.id, "resume")

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield reasons
    finally:
        done.set()
        thread.join()


def refusing(write: Callable[..., None], number: int) -> Callable[..., None]:
    """Every other write of each file fails half done."""
    tries: list[Path] = []

    def fails_first(path: Path, fill: Callable[[Path], object], durable: bool = True) -> None:
        tries.append(path)
        if tries.count(path) % 2 == 0:
            return write(path, fill, durable)

        def half(new: Path) -> None:
            fill(new)
            os.truncate(new, new.stat().st_size // 2)
            raise OSError(number, os.strerror(number))

        return write(path, half, durable)

    return fails_first


@pytest.mark.parametrize(("number", "says"), [(errno.ENOSPC, "is full"), (errno.EIO, "met an input or output error")])
def test_a_disk_that_refuses_the_nth_write_pauses_the_run_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    undisturbed = train(a_run(DENSE))
    run = a_run(DENSE)
    monkeypatch.setattr(run_files, "write", refusing(run_files.write, number))
    with presses_resume(run) as reasons:
        place = train(run)
    assert len(reasons) >= 3 + 1 + 3 * 3 + 1 and all(f"The disk {says}, so " in reason for reason in reasons)
    assert state(place) == state(undisturbed)
    assert not list(place.rglob("new-*"))


def test_while_the_disk_is_full_the_last_good_state_stays_and_a_stop_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    run = a_run(DENSE)
    write, states = run_files.write, []

    def full_after_two_states(path: Path, fill: Callable[[Path], object], durable: bool = True) -> None:
        states.extend([path] if path.name == "state.npz" else [])
        if len(states) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, fill, durable)

    monkeypatch.setattr(run_files, "write", full_after_two_states)

    def press_stop() -> None:
        while default_store().run(run.id).status != Status.paused:
            time.sleep(0.02)
        default_store().ask(run.id, "stop")

    person = threading.Thread(target=press_stop)
    person.start()
    with pytest.raises(Stopped) as ended:
        train(run)
    person.join()
    assert ended.value.status == Status.stopped and "disk is full" in ended.value.message
    with np.load(folder(run.id) / "state.npz") as arrays:
        assert json.loads(arrays["memory"].tobytes())["epoch"] == 2


def test_a_busy_or_full_database_never_ends_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run = a_run(DENSE)
    reporter = Reporter(run.id)
    add, calls = reporter.store.add_events, []

    def sometimes(*arguments: Any, **fields: Any) -> int:
        calls.append(1)
        if len(calls) % 2:
            raise BuilderError("The database", "free disk space", "a full disk")
        return add(*arguments, **fields)

    with monkeypatch.context() as patch:
        patch.setattr(reporter.store, "add_events", sometimes)
        train(run, reporter)
    reporter.end(Status.finished, "")
    told = default_store().events(run.id)
    assert [event.data["epoch"] for event in told if event.kind == "epoch"] == [1, 2, 3]
    assert default_store().run(run.id).status == Status.finished
