"""A network at work: its edits, each with its revision, and a history that survives restarts."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from builder.errors import BuilderError, Stale
from builder.network.records import Network

from . import tables
from .database import Database
from .encoding import clean, pack, unique, unpack
from .projects import read_project, touch

MOST_EDITS = 200  # that one network's history remembers


class Work(BaseModel):
    """A network as it is now, and where it stands in its history.

    `history` holds the labels of the edits that can be undone or redone, oldest first; the first `position` of them are done.
    """

    model_config = ConfigDict(frozen=True)

    network: Network
    revision: int
    can_undo: bool
    can_redo: bool
    history: tuple[str, ...] = ()
    position: int = 0


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


def find(connection: Connection, project_id: str, name: str, base_revision: int | None = None) -> RowMapping:
    """A network's row, which must still be of `base_revision`."""
    query = select(tables.networks).where(tables.networks.c.project == project_id, tables.networks.c.name == name)
    row = connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        names = read_project(connection, project_id).networks
        raise BuilderError("The project", f"one of its networks ({', '.join(names)})", f"“{name}”")
    if base_revision is not None and base_revision != row["revision"]:
        raise Stale(f"The network {name}", f"an edit of its revision {row['revision']}", f"one of revision {base_revision}")
    return row


def go_to(connection: Connection, row: Mapping[Any, Any], n: int, name: str) -> dict[Any, Any]:
    """Put the entry `n` of a network's history on the canvas: a new revision; returns the network's row as it is now."""
    values = {"position": n, "revision": row["revision"] + 1, "name": name}
    connection.execute(update(tables.networks).where(tables.networks.c.id == row["id"]).values(**values))
    touch(connection, row["project"])
    return {**row, **values}


def read_work(connection: Connection, project_id: str, name: str) -> Work:
    """The record of a network's work, from its rows."""
    query = select(tables.networks).where(tables.networks.c.project == project_id, tables.networks.c.name == name)
    row = connection.execute(query).mappings().first() or find(connection, project_id, name)
    return record(connection, row, now(connection, row))


def now(connection: Connection, row: Mapping[Any, Any]) -> Network:
    """The network that is at its row's position in the history."""
    entries = tables.edits.c
    return unpack(connection.scalar(select(entries.content).where(entries.network == row["id"], entries.n == row["position"])))


def named(network: Network, name: str) -> Network:
    """The network under this name."""
    return network if network.name == name else network.model_copy(update={"name": name})


def record(connection: Connection, row: Mapping[Any, Any], network: Network) -> Work:
    """The record of a network's work: its row, and what its history has at that row's position."""
    entries, here = tables.edits.c, row["position"]
    labels = connection.execute(select(entries.n, entries.label).where(entries.network == row["id"]).order_by(entries.n)).all()
    first = labels[0].n
    return Work(
        network=named(network, row["name"]),
        revision=row["revision"],
        can_undo=here > first,
        can_redo=here < labels[-1].n,
        history=tuple(each.label for each in labels[1:]),
        position=here - first,
    )
