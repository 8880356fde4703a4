"""Disk usage of the data folder, counted by a background thread: whoever asks has the last count at once and waits for nothing."""

import math
import time
from functools import lru_cache
from pathlib import Path
from threading import Thread

from builder.engine.tidying import usage
from builder.home import home

AGAIN = 600.0  # seconds from one count to the next


class _Count:
    """A folder's last count, None before the first has ended, and when the next is due."""

    def __init__(self) -> None:
        self.bytes: int | None = None
        self.due = 0.0

    def last(self) -> int | None:
        """The last count, as it was when asked; one that is due begins."""
        last = self.bytes
        if time.monotonic() >= self.due:
            self.due = math.inf
            Thread(target=self._count, name="data use", daemon=True).start()
        return last

    def _count(self) -> None:
        try:
            self.bytes = sum(each.bytes for each in usage())
        finally:
            self.due = time.monotonic() + AGAIN


@lru_cache(maxsize=4)
def _count_of(place: Path) -> _Count:
    return _Count()


def data_use() -> int | None:
    """The bytes of all files in the data folder as they were last counted; None while that has not been done yet."""
    return _count_of(home()).last()
