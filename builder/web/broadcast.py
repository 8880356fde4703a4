"""Broadcast (publish and subscribe) to the WebSockets of the canvases that show a project, so that a change is on all of them."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

MOST = 1000  # canvases that one server tells of changes; further ones see them at their next run of the page


class Watcher(NamedTuple):
    """A canvas that wants to hear of a project: who it is, and how to wake it."""

    canvas: str
    loop: asyncio.AbstractEventLoop
    news: asyncio.Event


class Broadcast:
    """Subscribers by project; an edit in any thread wakes them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.watchers: dict[str, list[Watcher]] = {}

    @contextmanager
    def watched(self, project: str, canvas: str) -> Iterator[asyncio.Event]:
        """An event that every change of the project sets, but for those that this canvas made."""
        watcher = Watcher(canvas, asyncio.get_running_loop(), asyncio.Event())
        with self.lock:
            self.watchers.setdefault(project, []).append(watcher)
        try:
            yield watcher.news
        finally:
            with self.lock:
                self.watchers[project].remove(watcher)
                if not self.watchers[project]:
                    del self.watchers[project]

    def announce(self, project: str, canvas: str = "") -> None:
        """A network of the project has changed; `canvas` is the one that knows already."""
        with self.lock:
            told = [each for each in self.watchers.get(project, ()) if not canvas or each.canvas != canvas]
        for each in told:
            with suppress(RuntimeError):  # its server has ended meanwhile
                each.loop.call_soon_threadsafe(each.news.set)

    @property
    def full(self) -> bool:
        """Whether no more can be told."""
        with self.lock:
            return sum(map(len, self.watchers.values())) >= MOST


changes = Broadcast()
