"""Workers that stand by: one that has loaded Keras takes the next run, is used once, and is never one of another program."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from builder import zoo
from builder.engine import launch, standby
from builder.engine.standby import Pool
from builder.engine.supervisor import Supervisor
from builder.runs import Run, Settings, Status
from builder.store import default_store

# Stands by as the real one does, without Keras: its run is finished by the process that stood by, which says so.
SMALL = """
import json, os, socket, sys
from builder.store import default_store
pipe = socket.socket(fileno=int(sys.argv[1]))
pipe.sendall(b"ready")
text, descriptors, _, _ = socket.recv_fds(pipe, 65536, 2)
if text:
    told = json.loads(text)
    os.environ.update(told["environment"])
    default_store().update_run(told["run"], status="finished", message=f"{os.getpid()} in {os.environ['BUILDER_SLOT']}")
"""


@pytest.fixture
def small(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """A pool of the small ones; none is left."""
    (tmp_path / "small_standby.py").write_text(SMALL)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(standby, "STANDBY", "small_standby")
    (home / "logs").mkdir(parents=True)
    pool = Pool(3)
    yield pool
    pool.end()


def queued() -> Run:
    return default_store().create_run(None, zoo.network("iris_mlp"), Settings(dataset="iris", epochs=2))


def until(met: Callable[[], object], longest: float = 60) -> None:
    deadline = time.monotonic() + longest
    while not met():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def filled(pool: Pool, count: int) -> list[int]:
    """The pids of so many that have loaded."""

    def full() -> bool:
        pool.keep(count)
        return len(pool.waiting) == count and all(each.ready for each in pool.waiting)

    until(full)
    return [each.process.pid for each in pool.waiting]


def test_a_run_is_given_to_who_stands_by_with_its_environment_and_a_new_one_is_warmed_up(small: Pool) -> None:
    [pid] = filled(small, 1)
    run = queued()
    worker = launch.start(run.id, small, BUILDER_SLOT="3")
    assert worker is not None and worker.pid == pid
    assert worker.wait(30) == 0
    assert default_store().run(run.id).message == f"{pid} in 3"
    assert small.waiting == []
    assert filled(small, 1) != [pid]


def test_one_that_was_killed_is_noticed_and_the_next_takes_the_run(small: Pool) -> None:
    first, second = filled(small, 2)
    os.kill(first, signal.SIGKILL)
    worker = launch.start(queued().id, small, BUILDER_SLOT="0")
    assert worker is not None and worker.pid == second


def test_where_nobody_stands_by_a_worker_is_started_as_before(small: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(small, 1)
    for each in small.waiting:
        each.process.kill()
        each.process.wait()
    started: list[str] = []
    monkeypatch.setattr(launch, "spawn", lambda module, lock, log, run, **environment: started.append(run))
    run = queued()
    launch.start(run.id, small, BUILDER_SLOT="0")
    assert started == [run.id]


def test_one_that_has_loaded_an_older_program_is_not_used(small: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    [old] = filled(small, 1)
    now = small.version(now=True)
    monkeypatch.setattr(small, "version", lambda now=False: newer)
    newer = now + 1
    [new] = filled(small, 1)
    assert new != old and not psutil.pid_exists(old)


def test_after_one_that_cannot_load_the_next_is_not_tried_at_once(small: Pool, tmp_path: Path) -> None:
    (tmp_path / "small_standby.py").write_text("raise SystemExit(1)")
    small.keep(1)
    [one] = small.waiting
    one.process.wait(30)
    for _ in range(3):
        small.keep(1)
    assert small.waiting == []


def test_there_are_no_more_than_the_memory_allows(small: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby, "affordable", lambda: 0)
    small.keep(3)
    assert small.waiting == []
    monkeypatch.setattr(standby, "affordable", lambda: 1 if not small.waiting else 0)
    filled(small, 1)
    small.keep(3)
    assert len(small.waiting) == 1


def test_it_leaves_when_its_supervisor_is_gone(small: Pool) -> None:
    filled(small, 1)
    [one] = small.waiting
    one.pipe.close()  # as the system does for a process that was killed
    assert one.process.wait(30) == 0


def test_a_real_one_has_loaded_keras_trains_its_run_bit_equal_and_is_used_once(home: Path) -> None:
    (home / "logs").mkdir(parents=True)
    fresh, warm = queued(), queued()
    worker = launch.start(fresh.id)
    assert worker is not None
    assert worker.wait(120) == 0
    pool = Pool(1)
    try:
        [pid] = filled(pool, 1)
        assert any("_pywrap_tensorflow" in each.path for each in psutil.Process(pid).memory_maps())
        worker = launch.start(warm.id, pool, BUILDER_SLOT="0")
        assert worker is not None and worker.pid == pid
        assert worker.wait(60) == 0
    finally:
        pool.end()
    ends = [default_store().run(run.id) for run in (fresh, warm)]
    assert [end.status for end in ends] == [Status.finished, Status.finished]
    assert ends[0].metrics == ends[1].metrics
    assert (launch.folder(warm.id) / "log.txt").exists()


def test_the_supervisor_keeps_one_more_than_its_free_slots_while_an_app_is_there(small: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.engine import supervisor
    from builder.locks import shared

    monkeypatch.setattr(supervisor, "FIRST_STANDBY", -1.0)
    chief = Supervisor(slots=1, linger=0, standby=2)
    try:
        chief.tick()
        assert chief.pool.waiting == []
        with shared(launch.home() / "app.lock"):
            until(lambda: chief.tick() or len(chief.pool.waiting) == 2)
            run = queued()
            until(lambda: chief.tick() or default_store().run(run.id).status == Status.finished)
        until(lambda: chief.tick() or chief.pool.waiting == [])
    finally:
        chief.pool.end()


def test_a_run_that_is_given_while_it_still_loads_is_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.training import standby as process

    ours, theirs = socket.socketpair()
    trained: list[str] = []

    def given_while_loading() -> None:
        with (tmp_path / "lock").open("wb") as lock, (tmp_path / "log.txt").open("wb") as log, ours:
            socket.send_fds(ours, [json.dumps({"run": "mine", "environment": {}}).encode()], [lock.fileno(), log.fileno()])

    monkeypatch.setattr(process, "load", given_while_loading)
    monkeypatch.setattr("os.dup2", lambda *_: None)
    monkeypatch.setattr("builder.training.worker.main", lambda run, lock: trained.append(run))
    process.main(theirs.detach())
    assert trained == ["mine"]


def test_a_run_whose_worker_was_killed_as_it_got_it_is_taken_by_another_once(small: Pool) -> None:
    def killed_with_a_run() -> None:
        [pid] = filled(chief.pool, 1)
        os.kill(pid, signal.SIGSTOP)  # it has not read what it gets
        until(lambda: chief.tick() or run.id in chief.workers)
        os.kill(pid, signal.SIGKILL)
        until(lambda: chief.reap() or run.id not in chief.workers)

    chief, run = Supervisor(slots=1, linger=0, standby=1), queued()
    chief.pool = small
    killed_with_a_run()
    assert default_store().run(run.id).status == Status.queued
    killed_with_a_run()
    assert default_store().run(run.id).status == Status.interrupted
