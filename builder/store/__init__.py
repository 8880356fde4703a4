"""Persistence (SQLAlchemy database): projects, the edits of their networks, and their runs.

Every write is one transaction that begins by taking the right to write, so that any number of pages, workers and
supervisors may write at once.
"""

import os
from contextlib import AbstractContextManager
from functools import lru_cache

from builder.home import home_path
from builder.runs.record import Event

from .command_line import CommandLine
from .database import Database
from .projects import may_edit
from .rows import NetworkState, Project
from .runs import Runs

__all__ = ["Event", "NetworkState", "Project", "Store", "default_store", "may_edit"]


class Store(CommandLine, Runs):
    """One database with everything in it.

    Args:
        url: a SQLAlchemy URL; None: `BUILDER_DATABASE_URL`, or SQLite in the data folder.

    Raises:
        BuilderError: it cannot be opened, or was written by a newer program.
    """

    def __init__(self, url: str | None = None) -> None:
        self.db = Database(url or os.environ.get("BUILDER_DATABASE_URL"))

    def snapshot(self) -> AbstractContextManager[object]:
        """One read transaction for all that this thread reads in the block: its answers belong together. What is written meanwhile is not seen."""
        return self.db.read()

    def close(self) -> None:
        """Close the connection pool."""
        self.db.engine.dispose()


def default_store() -> Store:
    """The store that the environment names, cached by its URL (LRU)."""
    url = os.environ.get("BUILDER_DATABASE_URL") or f"sqlite:///{home_path() / 'layerloom.sqlite'}"
    return _opened(url)


@lru_cache(maxsize=4)
def _opened(_url: str) -> Store:
    return Store()
