"""Progress reporting and control requests (pause, resume, stop) of a worker: events and the run's row, in the database."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

from builder import files, store
from builder.errors import BuilderError
from builder.runs import watching
from builder.runs.record import RunSummary, Status
from builder.runs.run_folder import folder

LOOK_SECONDS = 0.02  # between two looks at what was asked: a person can't tell
MOST_HELD = 2000  # events kept while the database can't be written


class Stopped(BaseException):
    """Early exit from training, with status and message; a BaseException, so that no library takes it for an error of its own."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Reporter:
    """The worker's side of a run's rows. A database that is busy or full is tried again later: it never ends a run."""

    def __init__(self, run_id: str) -> None:
        self.store = store.default_store()
        self.run_id = run_id
        self.held: list[tuple[str, dict[str, Any]]] = []
        self.fields: dict[str, Any] = {}
        self.next_look = 0.0
        self.waited = 0.0  # seconds spent paused
        self.stepping = False  # pause again after the next batch
        self.while_paused: Callable[[float], None] = lambda seconds: None  # hears how long a pause has lasted

    def write(self, *events: tuple[str, dict[str, Any]], **fields: Any) -> bool:
        """Write events and fields of the row in one transaction; whether it was possible now."""
        self.held = [*self.held, *events][-MOST_HELD:]
        self.fields |= fields
        try:
            self.store.add_events(self.run_id, self.held, heartbeat=time.time(), **self.fields)
        except BuilderError:
            return False
        self.held, self.fields = [], {}
        watching.ring(folder(self.run_id))
        return True

    def status(self, status: Status, message: str = "", **fields: Any) -> bool:
        """Write the run's status and message now; whether it was possible."""
        return self.write(("status", {"status": status.value, "message": message}), status=status, message=message, **fields)

    def end(self, status: Status, message: str, **fields: Any) -> None:
        """Tell how the run ended; tried for ten minutes, because nobody else knows."""
        told = self.status(status, message, ended=time.time(), seconds_left=None, **fields)
        for _ in range(600):
            if told:
                return
            time.sleep(1)
            told = self.write()

    def asked(self) -> str:
        """What a person asked last: "pause", "step", "resume", "stop" or ""."""
        try:
            return self.store.asked(self.run_id)
        except BuilderError:
            return ""

    def kept(self) -> RunSummary | None:
        """The run's row as it is now; None where the database cannot say."""
        try:
            return self.store.run_summary(self.run_id)
        except BuilderError:
            return None

    def others_wait(self) -> bool:
        """Whether runs wait for a free slot."""
        try:
            return bool(self.store.queue())
        except BuilderError:
            return False

    def check_requests(self) -> None:
        """Do what was asked: nothing, a pause until the next wish, or the end."""
        now = time.monotonic()
        if now < self.next_look and not self.stepping:
            return
        self.next_look = now + LOOK_SECONDS
        asked = self.asked()
        if asked == "step":
            self.step()
        elif asked == "pause" or (self.stepping and asked != "stop"):
            self.pause("")  # the state says it
        elif asked == "stop":
            raise Stopped(Status.stopped, "")

    def retry_when_refused(self, what: str, write: Callable[[], object]) -> None:
        """Retry a write that the disk refuses (full, broken, read-only): pause until a person has mended it and resumed."""
        while True:
            try:
                write()
                return
            except Exception as error:
                refused = files.refusal(error)
                if not refused:
                    raise
            says, hint = refused
            self.pause(f"{says}, so {what} could not be saved. {hint}, then press Resume: nothing is lost.")

    def pause(self, message: str) -> None:
        """Wait, with everything in memory, until a person asks to go on or to stop."""
        began, told = time.monotonic(), self.status(Status.paused, message, rate=None, seconds_left=None)
        time.sleep(0.1)  # also where an old wish is still there: trying again at once would only heat the machine
        while (asked := self.asked()) not in ("resume", "step", "stop"):
            told = told or self.write()
            self.while_paused(time.monotonic() - began)
            time.sleep(0.1)
        self.waited += time.monotonic() - began
        if asked == "stop":
            raise Stopped(Status.stopped, "")
        self.stepping = asked == "step"
        with contextlib.suppress(BuilderError):
            self.store.answered(self.run_id, asked)
        if not self.stepping:
            self.status(Status.running)

    def step(self) -> None:
        """Let one batch pass, then pause."""
        self.stepping = True
        with contextlib.suppress(BuilderError):
            self.store.answered(self.run_id, "step")
