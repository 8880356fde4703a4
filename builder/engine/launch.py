"""Worker processes of runs: one a run, in a session of its own (setsid), holding its folder's advisory lock (flock) for life.

Whoever holds a run's lock may write its state; a free lock means that no worker is there.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from builder import store
from builder.errors import BuilderError, Missing
from builder.home import home
from builder.locks import held, take, taken
from builder.network.records import Network
from builder.runs.checkpoint import write_arrays
from builder.runs.record import Run, RunSummary, Settings, Status
from builder.runs.run_folder import folder, mistakes_path

ROOT = Path(__file__).resolve().parents[2]
OWN_FAULT = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL")  # ends that would come again
WORKER = "builder.training.worker"
NOT_BEGUN = "Stopped before it began."
STOP_SECONDS = 4.0  # that a worker gets to obey a stop; with looking and ending, 5
LARGEST_LOG = 2**20  # bytes


class Pool(Protocol):
    """Whoever may have a worker that stands by (see standby.py)."""

    def take(self, run: str, lock: int, log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes] | None: ...


def launch(run: RunSummary) -> None:
    """Enqueue or resume a run: a new one waits in the queue, an interrupted one goes on after its last whole epoch."""
    kept = store.default_store()
    with taken(lock_of(run.id), wait=5) as mine:
        ended = kept.run(run.id).status == Status.interrupted
        if ended and not mine:
            raise BuilderError(f"The run {run.name}", "its last worker to be gone", "one that is still ending", "Try again in a moment.")
        if ended:
            kept.answered(run.id, kept.asked(run.id))
            message = "Waits for a free slot to go on."
            event = ("status", {"status": Status.queued.value, "message": message})
            kept.add_events(run.id, [event], status=Status.queued, ended=None, message=message, traceback="")
    ensure_supervisor()


def ensure_supervisor() -> None:
    """Start the data folder's supervisor where none is there; one that is there looks at the queue at once."""
    place = home()
    lock = take(place / "supervisor.lock")
    if lock is None:
        return ring()
    try:
        (place / "logs").mkdir(exist_ok=True)
        spawn("builder.engine.supervisor", lock, place / "logs" / "supervisor.log")
    finally:
        os.close(lock)


def ring() -> None:
    """Have the supervisor look at the queue at once."""
    with suppress(OSError):  # it looks by itself too, a little later
        bell().touch()


def bell() -> Path:
    """The file whose time says when the queue last grew."""
    return home() / "supervisor.bell"


def lock_of(run_id: str) -> Path:
    """Path of a run's lock file (flock), which its worker holds for life; the run's folder is made where it is missing."""
    place = folder(run_id)
    place.mkdir(parents=True, exist_ok=True)
    return place / "lock"


def start(run_id: str, pool: Pool | None = None, **environment: str) -> subprocess.Popen[bytes] | None:
    """Start the worker of a queued run, one that stands by where there is one; None where another one has it or it is not queued any more."""
    lock = take(lock_of(run_id))
    if lock is None:
        return None
    try:
        if store.default_store().run(run_id).status != Status.queued:
            return None
        log = folder(run_id) / "log.txt"
        truncate_log(log)
        given = pool.take(run_id, lock, log, environment) if pool else None
        return given or spawn(WORKER, lock, log, run_id, **environment)
    finally:
        os.close(lock)


def spawn(module: str, lock: int, log: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Spawn a detached Python process that inherits a lock, whose descriptor is its last argument."""
    return detached(module, [*arguments, str(lock)], log, [lock], **environment)


def detached(module: str, arguments: Sequence[str], log: Path, inherited: Sequence[int], **environment: str) -> subprocess.Popen[bytes]:
    """Spawn a Python process in a session of its own (setsid), which inherits these descriptors and writes to a log."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    truncate_log(log)
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            pass_fds=inherited,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "2", **environment},
        )


def truncate_log(log: Path) -> None:
    """Log truncation: empty a log that is larger than LARGEST_LOG bytes; its writers append, so they go on at its start."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        os.truncate(log, 0)


def settle(run_id: str, code: int | None = None) -> bool:
    """Crash recovery: write the final status of a run whose worker is gone without having written it.

    Args:
        code: the exit status, None where it is not known. A worker that ended well has told all: what is queued then was queued since.

    Returns:
        Whether the worker is gone.
    """
    with taken(lock_of(run_id)) as mine:
        if not mine:
            return False
        kept = store.default_store()
        try:
            run = kept.run(run_id)
        except Missing:  # it was deleted with its project meanwhile
            return True
        if run.status.alive and (code or run.status != Status.queued):
            log = tail(folder(run_id) / "log.txt")
            status, message = verdict(code, kept.asked(run_id) == "stop", run.epoch, run.batch, log)
            log = log if status == Status.failed else ""
            event = ("status", {"status": status.value, "message": message})
            kept.add_events(run_id, [event], status=status, message=message, ended=time.time(), traceback=log, seconds_left=None)
    return True


def verdict(code: int | None, asked_to_stop: bool, epoch: int, batch: int, log: str = "") -> tuple[Status, str]:
    """Status and message of a run from its worker's exit status or signal (a negative `code`, as subprocess has it), and its log's end."""
    kept = f"Resume goes on after epoch {epoch}." if epoch else "Resume starts it again."
    if asked_to_stop and not epoch and not batch:
        return Status.stopped, NOT_BEGUN
    if asked_to_stop:
        whole = f"The weights of epoch {epoch} are kept." if epoch else ""
        return Status.stopped, f"Stopped; its worker had to be ended. {whole}".strip()
    if code is None:
        return Status.interrupted, f"Its worker is gone, perhaps with the machine. {kept}"
    name = signal.Signals(-code).name if code < 0 else ""
    if name in OWN_FAULT:
        return Status.failed, f"The worker crashed inside native code ({name}). Its log says more."
    if name == "SIGKILL":
        return Status.interrupted, f"Its worker was killed (SIGKILL): by a person, or because the memory ran out. {kept}"
    if name:
        return Status.interrupted, f"Its worker was ended ({name}). {kept}"
    last = log.splitlines()[-1].strip()[:500] if log else ""
    said = f": {last}" if last else " and said nothing."
    return Status.failed, f"The worker ended with exit status {code}{said}"


def tail(path: Path, most: int = 8000) -> str:
    """Tail of a text file: its last `most` bytes as text, "" where there is no file."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - most, 0))
        return file.read().decode(errors="replace").strip()


def end_group(pid: int) -> None:
    """Kill a process group (SIGKILL): a worker and the processes it has started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def stop_all(run_ids: Sequence[str], longest: float = 3 * STOP_SECONDS) -> None:
    """Ask runs to stop and wait until their workers are gone.

    Raises:
        BuilderError: one of them goes on.
    """
    kept, deadline = store.default_store(), time.monotonic() + longest
    if not run_ids:
        return
    kept.ask_all(run_ids, "stop")
    ensure_supervisor()
    while alive := next((run for run, status in kept.statuses(run_ids).items() if status.alive or held(lock_of(run))), None):
        if time.monotonic() > deadline:
            run = kept.run_summary(alive)
            raise BuilderError(f"The run {run.name}", "to have stopped", f"it is {run.status.value}", "Try again in a moment.")
        time.sleep(0.1)


def train(network: Network, settings: Settings, watch: Callable[[Run], object] | None = None, project: str | None = None) -> Run:
    """Train, in a project or in none, and wait for the end; `watch` gets the run about five times a second. Ctrl-C stops the run."""
    kept = store.default_store()
    run = kept.create_run(project, network, settings)
    worker = start(run.id)
    try:
        _wait(run.id, worker, watch)
    except KeyboardInterrupt:
        kept.ask(run.id, "stop")
        _wait(run.id, worker, watch, STOP_SECONDS)
        if worker and worker.poll() is None:
            end_group(worker.pid)
            settle(run.id, worker.wait())
    return kept.run(run.id)


def _wait(
    run_id: str, worker: subprocess.Popen[bytes] | None, watch: Callable[[Run], object] | None, longest: float = float("inf")
) -> None:
    """Watch a run until its end, or for `longest` seconds."""
    kept, deadline = store.default_store(), time.monotonic() + longest
    while time.monotonic() < deadline:
        code = worker.poll() if worker else None
        if code is not None:
            settle(run_id, code)
        run = kept.run(run_id)
        if watch:
            watch(run)
        if not run.status.alive:
            if worker:
                worker.wait()
            return
        time.sleep(0.2)


def test(run_id: str) -> dict[str, Any]:
    """The run's metrics on the test part, measured once by the probes kernel and kept as an event of the run; a classifier's mistakes lie beside."""
    from builder.engine import calls

    kept, place = store.default_store(), folder(run_id)
    run, told = kept.run(run_id), kept.last_event(run_id, "test")
    if told and (mistakes_path(place).exists() or not told.data.get("classes", True)):
        return dict(told.data["metrics"])
    if run.status.alive:
        raise BuilderError("The test", "a run that has ended", "one that still trains", "Test it when nothing more is changed.")
    answer, found = calls.call("probes", "test", {"run": str(place)}, timeout=300)
    if found:
        write_arrays(mistakes_path(place), dict(found))
    if told:
        return dict(told.data["metrics"])
    kept.add_events(run_id, [("test", {"metrics": answer["metrics"], "classes": bool(found)})])
    return dict(answer["metrics"])
