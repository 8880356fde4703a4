"""A network at work: its edits, each with its revision, and a history that survives restarts."""

import time
from collections.abc import Callable

from sqlalchemy import delete, insert, select

from builder.errors import BuilderError
from builder.network.records import Network

from . import tables
from .database import Database
from .encoding import clean, pack, unique, unpack
from .rows import Work, find, go_to, named, now, read_project, read_work, record

MOST_EDITS = 200  # that one network's history remembers


class Works:
    """The part of the store that keeps networks and their edits."""

    db: Database

    def work(self, project_id: str, name: str) -> Work:
        """A network as it is now.

        Raises:
            BuilderError: the project has no network of this name.
        """
        with self.db.read() as connection:
            return read_work(connection, project_id, name)

    def edit(self, project_id: str, name: str, base_revision: int | None, label: str, network: Network) -> Work:
        """Store the network after an edit; what was undone before it is forgotten.

        Args:
            base_revision: the revision that the edit was made on; None: whatever is newest.
            label: a short sentence for the undo list.

        Raises:
            Stale: `base_revision` is no longer the newest.
            BuilderError: the network was renamed to a name that is taken.
        """
        return self.change(project_id, name, base_revision, lambda _: (label, network))

    def change(self, project_id: str, name: str, base_revision: int | None, make: Callable[[Network], tuple[str, Network]]) -> Work:
        """As `edit`, of what `make` returns for the network as it is now: a label, and the network after the edit."""
        with self.db.write() as connection:
            row = find(connection, project_id, name, base_revision)
            label, network = make(named(now(connection, row), name))
            content, new_name = pack(network), clean(network.name, "The network's name")
            if new_name != name and new_name in read_project(connection, project_id).networks:
                raise BuilderError("The network's name", "to be new in this project", f"“{new_name}”, which is taken")
            n = row["position"] + 1
            entries = tables.edits.c
            connection.execute(delete(tables.edits).where(entries.network == row["id"], (entries.n >= n) | (entries.n < n - MOST_EDITS)))
            values = {"label": " ".join(label.split())[:200], "content": content, "made": time.time()}
            connection.execute(insert(tables.edits).values(network=row["id"], n=n, **values))
            return record(connection, go_to(connection, row, n, new_name), unpack(content))

    def undo(self, project_id: str, name: str, base_revision: int | None = None) -> Work:
        """Go one edit back; at the beginning nothing happens."""
        return self._step(project_id, name, base_revision, -1)

    def redo(self, project_id: str, name: str, base_revision: int | None = None) -> Work:
        """Go one undone edit forward; at the end nothing happens."""
        return self._step(project_id, name, base_revision, 1)

    def _step(self, project_id: str, name: str, base_revision: int | None, step: int) -> Work:
        with self.db.write() as connection:
            row = find(connection, project_id, name, base_revision)
            n = row["position"] + step
            content = connection.scalar(select(tables.edits.c.content).where(tables.edits.c.network == row["id"], tables.edits.c.n == n))
            if content is None:
                return read_work(connection, project_id, name)
            others = set(read_project(connection, project_id).networks) - {name}
            network = unpack(content)
            return record(connection, go_to(connection, row, n, unique(network.name, others)), network)
