"""Supervisor (scheduler) of the queue of runs, one process a data folder: starts queued runs, ends disobedient ones, settles dead ones.

`python -m builder.engine.supervisor`, started by `builder.engine.launch.ensure_supervisor`. It may be killed at any time: runs go
on without it, and its successor reads their state off their locks. It ends by itself `BUILDER_LINGER` seconds (60) after the
last app and run; `BUILDER_SLOTS` (1) runs train at once, and `BUILDER_STANDBY` (one more) workers at most have loaded Keras ahead.
"""

import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from builder import files, store
from builder.errors import BuilderError, Unavailable
from builder.home import home, number
from builder.locks import held, holder, shared, take, taken
from builder.runs import watching
from builder.runs.record import Status
from builder.runs.run_folder import folder
from builder.store import tables
from builder.store.queue import Waiting, fair
from builder.words import format_bytes

from . import tidying
from .launch import NOT_BEGUN, STOP_SECONDS, bell, end_group, ensure_supervisor, lock_of, settle, start, truncate_log
from .standby import Pool

LOADING_SECONDS = 0.5  # that a worker gets to obey a stop before its first batch
TICK = 0.25  # seconds between two looks at the queue, where nothing calls for one earlier
LOOK = 0.02  # seconds between two looks at what calls for one
FIRST_STANDBY = 8.0  # seconds until a worker is warmed up: the app, its first page and its kernels come first
AT_ONCE = 200  # runs that leave the queue together: each has its lock's descriptor open
WATCH = 5.0  # seconds between an app's looks at whether a supervisor is there
ALIVE = tuple(status.value for status in Status if status.alive)


class Row(NamedTuple):
    """What the supervisor reads of a run."""

    id: str
    status: str
    asked: str
    project: str | None


@contextmanager
def hold_app() -> Iterator[None]:
    """Context manager: hold the app's shared lock, and keep a supervisor alive (a killed one is replaced) while the block runs."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(WATCH):
            with suppress(OSError, BuilderError):  # no disk, no processes left: the next look may find some
                ensure_supervisor()

    with shared(home() / "app.lock"):
        ensure_supervisor()
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


def alive_rows() -> list[Row]:
    """The runs that have not ended, the oldest first."""
    rows = tables.runs.c
    query = select(rows.id, rows.status, rows.asked, rows.project).where(rows.status.in_(ALIVE)).order_by(rows.place)
    with store.default_store().db.read() as connection:
        return [Row(*row) for row in connection.execute(query)]


def learns(run: str) -> bool:
    """Whether a run has learned from a batch."""
    row = store.default_store().run_summary(run)
    return bool(row.epoch or row.batch)


class Supervisor:
    """Scheduler loop: its workers, stop times and idle time; all else is in rows and locks.

    Args:
        slots: how many runs train at once.
        linger: seconds to stay when nothing is left to do.
        standby: how many workers may stand by at most.
    """

    def __init__(self, slots: int, linger: float, standby: int = 0) -> None:
        self.slots, self.linger = slots, linger
        self.pool, self.begun = Pool(standby, rehearses=not gpus()), time.monotonic()
        self.workers: dict[str, tuple[subprocess.Popen[bytes], int]] = {}
        self.retried: set[str] = set()  # runs whose first worker was killed at once
        self.stops: dict[str, float] = {}  # when a stop was first seen, monotonic seconds
        self.idle = time.monotonic()
        self.trouble = ""  # the last failure of our own
        self.next_tidy = 0.0

    def tick(self) -> None:
        """One step of the loop: read the runs that are alive, settle the dead, stop what was asked, fill free slots."""
        self.reap()
        busy, waiting = self.sorted(alive_rows())
        self.take_out([row.id for row in waiting if row.asked == "stop"])
        for row in busy:
            if row.asked == "stop":
                self.stop(row)
        self.stops = {run: since for run, since in self.stops.items() if any(run == row.id for row in busy)}
        self.fill([row for row in waiting if row.asked != "stop"], busy)
        for row in busy:
            truncate_log(folder(row.id) / "log.txt")
        app = held(home() / "app.lock")
        if busy or waiting or app:
            self.idle = time.monotonic()
        if time.monotonic() - self.begun > FIRST_STANDBY:
            self.pool.keep(max(self.slots - len(busy), 0) + 1 if app else 0)

    def reap(self) -> None:
        """Reap child processes: write the end of our own workers that have ended."""
        for run, (worker, _) in list(self.workers.items()):
            code = worker.poll()
            if code is not None and (self.leave_queued(run, code) or settle(run, code)):
                del self.workers[run]

    def leave_queued(self, run: str, code: int) -> bool:
        """Retry: leave a run in the queue, once, whose worker was killed before it had said anything; another one takes it."""
        again = code < 0 and run not in self.retried and store.default_store().statuses([run]).get(run) == Status.queued
        if again:
            self.retried.add(run)
        return again

    def sorted(self, rows: list[Row]) -> tuple[list[Row], list[Row]]:
        """The runs that have a worker, and those that wait for one; a run that lost its worker is neither, and is settled."""
        busy, waiting = [], []
        for row in rows:
            if row.id in self.workers or held(lock_of(row.id)):
                busy.append(row)
            elif row.status == Status.queued:
                waiting.append(row)
            else:
                settle(row.id)
        return busy, waiting

    def take_out(self, runs: list[str]) -> None:
        """Take runs out of the queue, all in one transaction, each under its lock."""
        for some in (runs[at : at + AT_ONCE] for at in range(0, len(runs), AT_ONCE)):
            with ExitStack() as locks:
                mine = [run for run in some if locks.enter_context(taken(lock_of(run)))]
                event = ("status", {"status": Status.stopped.value, "message": NOT_BEGUN})
                fields = {"status": Status.stopped, "message": NOT_BEGUN, "ended": time.time()}
                store.default_store().add_events_to_all(mine, [event], **fields)

    def stop(self, row: Row) -> None:
        """End a worker that has had its time to stop; one that has learned nothing yet, and still loads Keras, has nothing to save."""
        since = self.stops.setdefault(row.id, time.monotonic())
        pid = self.workers[row.id][0].pid if row.id in self.workers else int(holder(lock_of(row.id)).get("pid", 0))
        waited = time.monotonic() - since
        if pid and (waited > STOP_SECONDS or (waited > LOADING_SECONDS and not learns(row.id))):
            end_group(pid)

    def fill(self, waiting: list[Row], busy: list[Row]) -> None:
        """Start as many as there are free slots, in an order that is fair between projects."""
        used = {self.slot_of(row.id) for row in busy}
        free = [slot for slot in range(self.slots) if slot not in used][: max(self.slots - len(busy), 0)]
        for run, slot in zip(self.ordered(waiting, busy) if free else [], free, strict=False):
            try:
                worker = start(run, self.pool, BUILDER_SLOT=str(slot), **gpu_of(slot))
            except OSError as error:
                cannot_start(run, error)
                continue
            if worker:
                self.workers[run] = (worker, slot)

    def ordered(self, waiting: list[Row], busy: list[Row]) -> list[str]:
        """The ids of waiting runs as they should start; who has a worker is known better here than in the rows."""
        started = store.default_store().started({row.project for row in waiting})
        return fair([Waiting(row.id, row.project) for row in waiting], [row.project for row in busy], started)

    def slot_of(self, run: str) -> int:
        """The slot of a run that has a worker; -1 for one started outside the queue."""
        return self.workers[run][1] if run in self.workers else int(holder(lock_of(run)).get("slot", -1))

    def run(self) -> None:
        """Loop until nothing has been left to do for `linger` seconds."""
        while time.monotonic() - self.idle <= self.linger:
            rung, told = files.changed(bell()), {run: watching.mark(folder(run)) for run in self.workers}
            try:
                self.tick()
                self.tidy()
            except Exception as error:  # the runs need us afterwards too
                self.note(error)
                time.sleep(1)
            self.rest(rung, told)
        self.pool.end()

    def rest(self, rung: int, told: dict[str, tuple[int, int]]) -> None:
        """Wait for the next look: TICK seconds, or less where the queue's bell rings, a run that was asked to stop tells something, or a worker ends."""
        until = time.monotonic() + TICK
        alive = [worker for worker, _ in self.workers.values() if worker.poll() is None]
        stopping = {run: mark for run, mark in told.items() if run in self.stops}
        while time.monotonic() < until and files.changed(bell()) == rung and all(worker.poll() is None for worker in alive):
            if any(watching.mark(folder(run)) != mark for run, mark in stopping.items()):
                return  # its slot is free as soon as its row says so: its process takes another tenth of a second to leave
            time.sleep(LOOK)

    def tidy(self) -> None:
        """Once a day, free what the rule of `tidying` lets go, and say so in the log."""
        if time.monotonic() < self.next_tidy:
            return
        self.next_tidy = time.monotonic() + tidying.DAY
        freed = tidying.tidy(tidying.keep_days()) if tidying.keep_days() else {}
        for run, size in freed.items():
            print(f"Old run {run}: freed {format_bytes(size)} of epochs between the first, the best and the last.", flush=True)

    def note(self, error: Exception) -> None:
        """Write a failure of our own to the log, once for all its repetitions; a database that is away has told so itself."""
        text = traceback.format_exc()
        if text != self.trouble and not isinstance(error, Unavailable):
            self.trouble = text
            print(text, file=sys.stderr, flush=True)


def cannot_start(run: str, error: OSError) -> None:
    """Say why a run's worker cannot be started; the others' turn comes."""
    says, hint = files.refusal(error) or (f"The system says “{error.strerror or error}”", "Try again in a moment")
    message = f"{says}, so it could not be started. {hint}, then press Resume."
    event = ("status", {"status": Status.interrupted.value, "message": message})
    store.default_store().add_events(run, [event], status=Status.interrupted, message=message, ended=time.time())


def gpus() -> list[str]:
    """The GPUs that runs may use, as CUDA_VISIBLE_DEVICES names them."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES")
    if given is not None:
        return [name for name in given.split(",") if name.strip()]
    found = Path("/proc/driver/nvidia/gpus")
    return [str(index) for index, _ in enumerate(sorted(found.iterdir()))] if found.is_dir() else []


def gpu_of(slot: int) -> dict[str, str]:
    """The environment that gives a slot one GPU of its own, in turn; empty where there is none."""
    names = gpus()
    return {"CUDA_VISIBLE_DEVICES": names[slot % len(names)]} if names else {}


def setting(name: str, default: float) -> float:
    """The number that an environment variable sets; one that is no number is told to the log, and the default taken: runs wait for us."""
    try:
        return number(name, default)
    except BuilderError as error:
        print(error.sentence, file=sys.stderr, flush=True)
        return default


def main() -> None:
    """Hold the data folder's lock, given or taken, until nothing is left to do."""
    lock = int(sys.argv[1]) if len(sys.argv) > 1 else take(home() / "supervisor.lock")
    if lock is None:
        return
    os.set_inheritable(lock, False)
    slots = max(int(setting("BUILDER_SLOTS", 1)), 1)
    Supervisor(slots, setting("BUILDER_LINGER", 60), int(setting("BUILDER_STANDBY", slots + 1))).run()
    os.close(lock)
    if alive_rows():  # one came between the last look and the lock's end
        ensure_supervisor()


if __name__ == "__main__":
    main()
