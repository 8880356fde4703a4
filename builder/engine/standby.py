"""Warm pool of standby workers: processes that have loaded Keras and wait for a run, so that a run starts without loading it.

Each trains one run and ends. The supervisor holds the pool and the pool ends with it, as the other end of each one's socket closes.
"""

import json
import select
import socket
import subprocess
import time
from pathlib import Path

import psutil

from builder.home import home

from .launch import ROOT, detached

STANDBY = "builder.training.standby"
MEMORY = 700 * 2**20  # bytes that one takes, Keras and all
SHARE = 0.25  # of the memory that is available, which all of them together may take
STALE = 1.0  # seconds between two looks at whether the program has changed
PATIENCE = 120.0  # seconds that one may load
CALM = 2.0  # seconds for a run that begins, in which the next one is not loaded beside it
PAUSE = 60.0  # seconds until the next is tried after one that could not load


class Standby:
    """One standby process and our end of its socket; `version` is that of the program which it has loaded."""

    def __init__(self, version: float, rehearses: bool) -> None:
        self.version, self.started, self.ready = version, time.monotonic(), False
        self.pipe, theirs = socket.socketpair()
        with theirs:
            arguments = [str(theirs.fileno()), *(["rehearse"] if rehearses else [])]
            self.process = detached(STANDBY, arguments, home() / "logs" / "standby.log", [theirs.fileno()])

    def alive(self) -> bool:
        """Whether it can still be given a run: it lives, and has loaded or may go on loading."""
        if not self.ready and select.select([self.pipe], [], [], 0)[0]:
            self.ready = bool(self.pipe.recv(16))
            return self.ready and self.process.poll() is None
        return self.process.poll() is None and (self.ready or time.monotonic() - self.started < PATIENCE)

    def give(self, run: str, lock: int, log: int, environment: dict[str, str]) -> bool:
        """Make it the worker of a run, whose lock and log it inherits; False where it is gone."""
        try:
            message = json.dumps({"run": run, "environment": environment}).encode()
            socket.send_fds(self.pipe, [message], [lock, log])
        except OSError:
            return False
        self.pipe.close()
        return True

    def end(self) -> None:
        """Close the socket and make sure that the process is gone."""
        self.pipe.close()
        self.process.kill()
        self.process.wait()


class Pool:
    """The standby workers of a supervisor: one more than there are free slots, as far as the memory allows.

    Args:
        most: how many at most; 0: none.
        rehearses: they start TensorFlow's runtime ahead, which would take memory of a GPU.
    """

    def __init__(self, most: int, rehearses: bool = False) -> None:
        self.most, self.rehearses = most, rehearses
        self.waiting: list[Standby] = []
        self._version, self._looked, self._again = 0.0, -STALE, 0.0

    def keep(self, wanted: int) -> None:
        """Drop those that are gone or out of date; start the next one where one is missing, as many at a time as have loaded: one."""
        version = self.version()
        for each in [each for each in self.waiting if not each.alive() or each.version != version]:
            self.waiting.remove(each)
            each.end()
            if not each.ready and each.version == version:
                self._again = time.monotonic() + PAUSE  # it could not load: the next one will hardly fare better at once
        wanted = min(wanted, self.most, len(self.waiting) + affordable())
        for each in self.waiting[wanted:]:
            each.end()
        del self.waiting[wanted:]
        if len(self.waiting) < wanted and all(each.ready for each in self.waiting) and time.monotonic() > self._again:
            self.waiting.append(Standby(version, self.rehearses))

    def take(self, run: str, lock: int, log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes] | None:
        """The process that is the run's worker from now on; None where nobody stands by."""
        version = self.version(now=True)
        while self.waiting:
            each = self.waiting.pop(0)
            if each.alive() and each.version == version:
                with log.open("ab") as out:
                    if each.give(run, lock, out.fileno(), environment):
                        self._again = max(self._again, time.monotonic() + CALM)
                        return each.process
            each.end()
        return None

    def version(self, now: bool = False) -> float:
        """When a file of the program was last changed (mtime); a worker that has loaded another version is out of date."""
        if now or time.monotonic() - self._looked > STALE:
            self._version = max(path.stat().st_mtime for path in (ROOT / "builder").rglob("*.py"))
            self._looked = time.monotonic()
        return self._version

    def end(self) -> None:
        """End them all."""
        for each in self.waiting:
            each.end()
        self.waiting.clear()


def affordable() -> int:
    """How many more the memory allows."""
    return int(psutil.virtual_memory().available * SHARE // MEMORY)
