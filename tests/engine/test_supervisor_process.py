"""The supervisor as a process: held by an app, replaced after a kill, gone when nothing is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from builder import locks as lock_files
from builder.engine import supervisor
from builder.runs import Status
from builder.store import default_store
from tests.kit.small_workers import a_run, status, until, worker_pid

pytestmark = pytest.mark.usefixtures("closed")

ROOT = Path(__file__).resolve().parents[2]


def started(home: Path, **environment: str) -> subprocess.Popen[bytes]:
    """A supervisor process of its own with the small workers."""
    script = "from builder.engine import launch, supervisor; launch.WORKER = 'small_worker'; supervisor.main()"
    path = f"{ROOT}:{home.parent}"
    return subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": path, **environment}, cwd=home.parent)


def test_the_supervisor_may_be_killed_at_any_time_and_leaves_by_itself_when_nothing_is_left(place: Path) -> None:
    run, waits = a_run("wait"), a_run("finish")
    first = started(place)
    until(lambda: status(run) == Status.running)
    first.kill()
    first.wait()
    assert psutil.pid_exists(worker_pid(run))
    pid = worker_pid(run)
    with lock_files.shared(place / "app.lock"):
        second, third = started(place, BUILDER_LINGER="0.5"), None
        until(lambda: lock_files.held(place / "supervisor.lock"))
        third = started(place)
        assert third.wait(20) == 0  # there is one already
        assert worker_pid(run) == pid and status(waits) == Status.queued
        default_store().ask(run.id, "stop")
        until(lambda: status(waits) == Status.finished)
        time.sleep(1.5)
        assert second.poll() is None  # an app is there
    assert second.wait(10) == 0


def test_settings_that_are_no_numbers_do_not_keep_runs_waiting(place: Path) -> None:
    run = a_run("finish")
    watcher = started(place, BUILDER_SLOTS="two", BUILDER_STANDBY="", BUILDER_LINGER="0.5")
    until(lambda: status(run) == Status.finished, seconds=60)
    assert watcher.wait(20) == 0


def test_an_app_holds_a_supervisor(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDER_LINGER", "0.5")
    with supervisor.hold_app():
        until(lambda: lock_files.held(home / "supervisor.lock"))
        time.sleep(2)
        assert lock_files.held(home / "supervisor.lock")
    until(lambda: not lock_files.held(home / "supervisor.lock"))


@pytest.mark.parametrize("away", [False, True], ids=["", "after its disk was away for a while"])
def test_an_app_replaces_a_supervisor_that_was_killed(home: Path, monkeypatch: pytest.MonkeyPatch, away: bool) -> None:
    monkeypatch.setenv("BUILDER_LINGER", "0.5")
    monkeypatch.setattr(supervisor, "WATCH", 0.2)

    def alive() -> set[int]:
        children = psutil.Process().children()
        return {each.pid for each in children if each.status() != psutil.STATUS_ZOMBIE and "builder.engine.supervisor" in each.cmdline()}

    with supervisor.hold_app():
        until(lambda: len(alive()) == 1)
        (first,) = alive()
        if away:
            home.rename(home.with_suffix(".away"))
            home.write_text("no folder")
            time.sleep(1)  # several looks
            home.unlink()
            home.with_suffix(".away").rename(home)
        os.kill(first, signal.SIGKILL)
        until(lambda: alive() - {first})
        assert first not in alive()
    until(lambda: not alive())
