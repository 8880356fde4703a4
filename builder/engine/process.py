"""Kernel process supervision: started when needed, replaced when it dies, overruns its time or grows over its memory limit.

A `Kernel` is a state machine over its process and, where that has grown too large, a successor:

state     process   successor  what ends it
absent    -         -          a call or `start`: loading
loading   no hello  -          its hello: ready; it ends or loads for longer than LONGEST_START: loading, another one
ready     hello     -          a "restart_wanted" answer: growing; it ends or overruns: loading, another one
growing   hello     no hello   the successor's hello: ready, with the successor as the process; the successor is lost (it ended,
                               or loads for too long): ready, until the next "restart_wanted" answer; the process ends or overruns:
                               loading, with the successor as the process
"""

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from builder.engine.messages import Arrays, Closed, receive, send
from builder.errors import BuilderError
from builder.home import home

ROOT = Path(__file__).resolve().parents[2]
LARGEST_LOG = 4 * 2**20  # bytes
SHORTEST_TURN = 1  # seconds that a call gets once it has its turn
LONGEST_START = 120  # seconds that a kernel may take to load Keras
_WORDS = {"analysis": "The analysis", "probes": "The probe"}


class _Process:
    """A kernel subprocess and our end of its pipe (socket pair)."""

    def __init__(self, kind: str) -> None:
        self.pipe, theirs = socket.socketpair()
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        environment = {**os.environ, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "2"}
        if kind == "analysis":
            environment["CUDA_VISIBLE_DEVICES"] = ""
        with theirs, _log(kind).open("ab") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "builder.engine.kernel", kind, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                start_new_session=kind == "probes",  # so that its place behind a training is its own, see kernel.py
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
            )
        self.device = ""
        self.started = time.monotonic()

    def wait_ready(self, deadline: float) -> bool:
        """Readiness: whether the kernel has sent its device by `deadline` (of time.monotonic). Raises Closed if it ended instead."""
        if not self.device:
            wait = max(deadline - time.monotonic(), 0)
            poll = select.poll()  # select() takes no descriptor above 1024, and a course has more
            poll.register(self.pipe, select.POLLIN)
            if not poll.poll(1000 * wait):
                return False
            self.device = receive(self.pipe, time.monotonic() + 5)[0]["device"]
        return True

    def poll(self) -> Literal["loading", "ready", "lost"]:
        """Health check without waiting; "lost" is a kernel that ended, or has been loading for over LONGEST_START seconds."""
        try:
            ready = self.wait_ready(time.monotonic())
        except (Closed, TimeoutError):
            return "lost"
        if self.popen.poll() is not None or (not ready and time.monotonic() - self.started > LONGEST_START):
            return "lost"
        return "ready" if ready else "loading"

    def end(self) -> None:
        """Close the pipe and make sure that the process is gone."""
        self.pipe.close()
        self.popen.kill()
        self.popen.wait()


class Kernel:
    """The kernel of one kind, supervised; thread-safe."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._process: _Process | None = None
        self._next: _Process | None = None  # loading, to take over from a process that has grown too large
        self._lock = threading.Lock()
        self._device = ""

    @property
    def pid(self) -> int | None:
        """The process id of the kernel, None while there is none."""
        return self._process.popen.pid if self._process else None

    def start(self) -> None:
        """Start the process, without waiting for it."""
        if self._lock.acquire(blocking=False):
            with contextlib.ExitStack() as stack:
                stack.callback(self._lock.release)
                self._running()

    def stop(self) -> None:
        """End the process; a later call starts another."""
        for process in (self._process, self._next):
            if process:
                process.popen.kill()  # whoever waits for its answer lets go of the lock
        with self._lock:
            self._drop()

    def ready_device(self) -> str:
        """The kernel's device if it is ready, else ""; never waits."""
        if self._lock.acquire(blocking=False):
            try:
                if self._process and self._process.wait_ready(time.monotonic()):
                    self._device = self._process.device
            except (Closed, TimeoutError):
                self._drop()
            finally:
                self._lock.release()
        return self._device if self._process else ""

    def call(
        self, op: str, arguments: Mapping[str, Any], arrays: Mapping[str, np.ndarray], timeout: float
    ) -> tuple[dict[str, Any], Arrays]:
        """Remote procedure call: one operation's JSON values and arrays, within `timeout` seconds, waiting included."""
        deadline = time.monotonic() + timeout
        with self._turn(deadline):
            process = self._ready(deadline)
            deadline = max(deadline, time.monotonic() + min(timeout, SHORTEST_TURN))  # a long queue is not the kernel's fault
            try:
                process.pipe.settimeout(max(deadline - time.monotonic(), 0.001))
                send(process.pipe, {"op": op, "arguments": arguments}, arrays)
                body, found = receive(process.pipe, deadline)
            except Closed:
                self._restart()
                raise self._wrong("to run to its end", "a process that ended", "It is being started again: try once more.") from None
            except TimeoutError:
                self._restart()
                raise self._wrong(
                    f"an answer within {timeout:.3g} s", "none", "It was stopped: try something smaller, or once more."
                ) from None
            if body.get("restart_wanted"):
                self._next = self._next or _Process(self.kind)
        if "error" in body:
            raise BuilderError.from_dict(body["error"])
        return body["result"], found

    @contextlib.contextmanager
    def _turn(self, deadline: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=max(deadline - time.monotonic(), 0)):
            raise self._wrong("its turn", "a queue of other calls before it", "Try again in a moment.")
        try:
            yield
        finally:
            self._lock.release()

    def _running(self) -> _Process:
        """The process, started or exchanged for its successor where needed."""
        if self._process and self._process.popen.poll() is not None:
            self._drop_one()
        match self._next and self._next.poll():
            case "ready":
                self._drop_one()
            case "lost":
                self._drop_next()
        self._process = self._process or _Process(self.kind)
        return self._process

    def _ready(self, deadline: float) -> _Process:
        """The process once it has loaded Keras; one that never will is replaced."""
        process = self._running()
        try:
            ready = process.wait_ready(deadline)
        except (Closed, TimeoutError):
            self._restart()
            raise self._wrong("to start", "a process that ended", "The log in the data folder says why.") from None
        if not ready:
            if time.monotonic() - process.started > LONGEST_START:
                self._restart()
            raise self._wrong("Keras", "a process that is still loading it", "Try again in a few seconds.")
        self._device = process.device
        return process

    def _restart(self) -> None:
        self._drop_one()
        self._process = self._process or _Process(self.kind)

    def _drop_one(self) -> None:
        """End the process; where it has a successor, that is the process now."""
        if self._process:
            self._process.end()
        self._process, self._next = self._next, None

    def _drop_next(self) -> None:
        if self._next:
            self._next.end()
        self._next = None

    def _drop(self) -> None:
        self._drop_next()
        self._drop_one()

    def _wrong(self, needed: str, came: str, hint: str) -> BuilderError:
        return BuilderError(_WORDS[self.kind], needed, came, hint)


def _log(kind: str) -> Path:
    """Log file of a kernel's output; begun anew when it is larger than LARGEST_LOG bytes."""
    folder = home() / "logs"
    folder.mkdir(exist_ok=True)
    path = folder / f"kernel-{kind}.log"
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.unlink()
    return path
