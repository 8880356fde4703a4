"""The supervisor: who starts, who waits, who is ended, and what is known after a kill."""

import os
import signal
import threading
from pathlib import Path

import psutil
import pytest

from builder import locks as lock_files
from builder.engine import launch, supervisor
from builder.errors import BuilderError
from builder.runs import Status
from builder.store import default_store
from tests.kit.small_workers import a_run, status, until, worker_pid

pytestmark = pytest.mark.usefixtures("closed")


def test_one_run_at_a_time_and_the_others_wait_in_order(place: Path) -> None:
    runs = [a_run("finish") for _ in range(3)]
    watcher, seen = supervisor.Supervisor(1, 60), []

    def tick() -> None:
        watcher.tick()
        seen.append([status(run) for run in runs])

    assert [default_store().run(run.id).queue_place for run in runs] == [1, 2, 3]
    until(lambda: all(status(run) == Status.finished for run in runs), tick)
    assert all(row.count(Status.running) <= 1 for row in seen)
    assert [row.index(Status.queued) for row in seen if Status.queued in row] == sorted(
        row.index(Status.queued) for row in seen if Status.queued in row
    )


def test_a_press_and_the_end_of_a_run_start_the_next_without_waiting_for_a_look(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "TICK", 3600.0)
    monkeypatch.setattr(launch, "ensure_supervisor", launch.ring)  # as where one is there: this one
    watcher = supervisor.Supervisor(1, linger=1)
    thread = threading.Thread(target=watcher.run)
    first = a_run("finish")
    thread.start()
    until(lambda: status(first) in (Status.running, Status.finished))
    second = a_run("wait")
    launch.launch(second)
    until(lambda: status(second) == Status.running)
    default_store().ask(second.id, "stop")
    until(lambda: status(second) == Status.stopped)
    until(lambda: not thread.is_alive(), launch.ring)
    assert [status(first), status(second)] == [Status.finished, Status.stopped]


def test_two_slots_run_two_and_each_gets_a_gpu_of_its_own(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,7")
    runs = [a_run("wait") for _ in range(3)]
    watcher = supervisor.Supervisor(2, 60)
    until(lambda: [status(run) for run in runs] == [Status.running, Status.running, Status.queued], watcher.tick)
    assert sorted(default_store().run(run.id).message for run in runs[:2]) == ["4", "7"]
    default_store().ask(runs[0].id, "stop")
    until(lambda: status(runs[2]) == Status.running, watcher.tick)
    assert default_store().run(runs[2].id).message == default_store().run(runs[0].id).message


def test_a_stop_takes_a_run_out_of_the_queue(place: Path) -> None:
    first, second = a_run("wait"), a_run("wait")
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(first) == Status.running, watcher.tick)
    default_store().ask(second.id, "stop")
    watcher.tick()
    assert status(second) == Status.stopped
    assert default_store().events(second.id)[-1].data["status"] == "stopped"


def test_runs_are_stopped_together_and_waited_for_or_it_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works, waits = a_run("wait"), a_run("wait")
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(works) == Status.running, watcher.tick)
    with pytest.raises(BuilderError, match="Try again"):  # nobody looks after the queue just now
        launch.stop_all([waits.id], longest=0.2)
    monkeypatch.setattr(launch.time, "sleep", lambda _: watcher.tick())
    launch.stop_all([works.id, waits.id])
    assert [status(works), status(waits)] == [Status.stopped, Status.stopped]


@pytest.mark.parametrize("what", ["deaf", "child"])
def test_a_worker_that_does_not_obey_is_ended_with_its_children(place: Path, what: str) -> None:
    run = a_run(what)
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(run) == Status.running and (what == "deaf" or default_store().run(run.id).message.isdigit()), watcher.tick)
    default_store().update_run(run.id, batch=1)  # it learns, so that it gets its time to stop
    processes = [psutil.Process(worker_pid(run)), *psutil.Process(worker_pid(run)).children()]
    assert len(processes) == (2 if what == "child" else 1)
    default_store().ask(run.id, "stop")
    until(lambda: status(run) == Status.stopped, watcher.tick)
    until(lambda: all(not process.is_running() or process.status() == psutil.STATUS_ZOMBIE for process in processes))


def test_a_worker_that_has_learned_nothing_is_ended_without_waiting_for_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 1000.0)
    run = a_run("deaf")
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(run) == Status.running, watcher.tick)
    default_store().ask(run.id, "stop")
    until(lambda: status(run) == Status.stopped, watcher.tick)
    assert default_store().run(run.id).message == "Stopped before it began."


def test_a_killed_worker_leaves_an_interrupted_run_that_can_go_on(place: Path) -> None:
    run = a_run("wait")
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(run) == Status.running, watcher.tick)
    os.kill(worker_pid(run), signal.SIGKILL)
    until(lambda: status(run) == Status.interrupted, watcher.tick)
    assert "SIGKILL" in default_store().run(run.id).message
    launch.launch(default_store().run(run.id))
    until(lambda: status(run) == Status.running, watcher.tick)


def test_a_run_that_is_resumed_before_its_worker_was_buried_goes_on(place: Path) -> None:
    run = a_run("quit")
    watcher = supervisor.Supervisor(1, 60)
    watcher.tick()
    until(lambda: status(run) == Status.interrupted)
    launch.launch(default_store().run(run.id))
    until(lambda: [event.data["status"] for event in default_store().events(run.id)].count("running") == 2, watcher.tick)
    assert status(run) != Status.failed


def test_a_run_that_was_deleted_with_its_project_is_settled(place: Path) -> None:
    assert launch.settle("deleted0000000", -signal.SIGKILL)


@pytest.mark.parametrize(("what", "word"), [("crash", "exit status 3: it went wrong"), ("abort", "SIGABRT")])
def test_a_worker_that_dies_by_itself_is_a_failure_with_its_reason(place: Path, what: str, word: str) -> None:
    run = a_run(what)
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(run) == Status.failed, watcher.tick)
    assert word in default_store().run(run.id).message
    if what == "crash":
        assert "it went wrong" in default_store().run(run.id).traceback


def test_a_run_that_cannot_be_started_says_why_and_holds_up_no_other(place: Path) -> None:
    broken, other = a_run("finish"), a_run("finish")
    (launch.lock_of(broken.id).parent / "log.txt").mkdir()
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(other) == Status.finished, watcher.tick)
    told = default_store().run(broken.id)
    assert told.status == Status.interrupted and "Is a directory" in told.message and "Resume" in told.message


def test_a_new_supervisor_adopts_what_lives_and_knows_what_died(place: Path) -> None:
    lives, dies, finishes = a_run("wait"), a_run("wait"), a_run("wait")
    first = supervisor.Supervisor(3, 60)
    until(lambda: all(status(run) == Status.running for run in (lives, dies, finishes)), first.tick)
    pid = worker_pid(lives)
    os.kill(worker_pid(dies), signal.SIGKILL)
    default_store().ask(finishes.id, "stop")
    until(lambda: status(finishes) == Status.stopped)
    until(lambda: not lock_files.held(launch.lock_of(dies.id)))
    second = supervisor.Supervisor(3, 60)
    second.tick()
    assert [status(run) for run in (lives, dies, finishes)] == [Status.running, Status.interrupted, Status.stopped]
    assert worker_pid(lives) == pid
    default_store().ask(lives.id, "stop")
    until(lambda: status(lives) == Status.stopped, second.tick)


def test_a_run_is_never_started_twice(place: Path) -> None:
    run = a_run("wait")
    workers = [launch.start(run.id) for _ in range(5)]
    assert [worker is not None for worker in workers] == [True, False, False, False, False]
    until(lambda: status(run) == Status.running)
    default_store().ask(run.id, "stop")
    assert workers[0] and workers[0].wait(10) == 0
    assert launch.start(run.id) is None


def test_a_stopped_worker_process_keeps_its_run(place: Path) -> None:
    run = a_run("wait")
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(run) == Status.running, watcher.tick)
    os.kill(worker_pid(run), signal.SIGSTOP)
    again = supervisor.Supervisor(1, 60)
    again.tick()
    assert status(run) == Status.running and launch.start(run.id) is None
    os.kill(worker_pid(run), signal.SIGCONT)


def test_a_log_that_grows_is_cut(place: Path) -> None:
    run = a_run("wait")
    watcher = supervisor.Supervisor(1, 60)
    until(lambda: status(run) == Status.running, watcher.tick)
    log = launch.folder(run.id) / "log.txt"
    with log.open("ab") as out:
        out.write(b"x" * (launch.LARGEST_LOG + 1))
    watcher.tick()
    assert log.stat().st_size == 0
