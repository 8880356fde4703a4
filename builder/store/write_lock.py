"""Fair write lock (`BEGIN IMMEDIATE`): first come, first served among threads, retried at random intervals among processes.

SQLite alone lets waiters sleep longer and longer while newcomers walk in: of a hundred writers a few would wait for ever.
"""

import random
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

PAUSE = (0.001, 0.008)  # seconds between two tries, at random so that processes don't march in step


class FairLock:
    """Fair lock (FIFO): handed on in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @contextmanager
    def turn(self, longest: float) -> Iterator[None]:
        """Hold the lock for the block.

        Raises:
            sqlite3.OperationalError: "locked", as from SQLite, after `longest` seconds.
        """
        if not self._take(longest):
            raise sqlite3.OperationalError("database is locked by this process")
        try:
            yield
        finally:
            self._hand_on()

    def _take(self, longest: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=longest):
            return True
        with self._guard:
            if mine not in self._waiting:  # handed to us in the last moment
                return True
            self._waiting.remove(mine)
            return False

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def begin_immediate(connection: sqlite3.Connection, longest: float) -> None:
    """BEGIN IMMEDIATE, retried with random pauses until no other process writes, for at most `longest` seconds."""
    deadline = time.monotonic() + longest
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(random.uniform(*PAUSE))
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * longest)}")
