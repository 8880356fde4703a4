"""Optimistic concurrency (revisions) and undo history of networks, which survives restarts."""

import time
from collections.abc import Callable

from builder.errors import BuilderError
from builder.network.records import Network

from .database import Database
from .encoding import clean_name, decode_network, encode_network, unique_name
from .rows import (
    ADD_EDIT,
    CONTENT,
    FORGET,
    NetworkState,
    current_network,
    find,
    go_to,
    names_in_runs,
    network_state,
    read_network,
    read_project,
    with_name,
)

MOST_EDITS = 200  # that one network's history remembers


class Networks:
    """The part of the store that keeps networks and their edits."""

    db: Database

    def work(self, project_id: str, name: str) -> NetworkState:
        """A network as it is now.

        Raises:
            BuilderError: the project has no network of this name.
        """
        with self.db.read() as connection:
            return read_network(connection, project_id, name)

    def edit(self, project_id: str, name: str, base_revision: int | None, label: str, network: Network) -> NetworkState:
        """Store an edit if its base revision is the newest (optimistic concurrency); edits undone before it are dropped.

        Args:
            base_revision: the revision that the edit was made on; None: whatever is newest.
            label: a short sentence for the undo list.

        Raises:
            Stale: `base_revision` is no longer the newest.
            BuilderError: the network was renamed to a name that is taken.
        """
        return self.change(project_id, name, base_revision, lambda _: (label, network))

    def change(self, project_id: str, name: str, base_revision: int | None, make: Callable[[Network], tuple[str, Network]]) -> NetworkState:
        """As `edit`, of what `make` returns for the network as it is now: a label, and the network after the edit."""
        with self.db.write() as connection:
            row = find(connection, project_id, name, base_revision)
            label, network = make(with_name(current_network(connection, row), name))
            content, new_name = encode_network(network), clean_name(network.name, "The network's name")
            if new_name != name and new_name in {*read_project(connection, project_id).networks, *names_in_runs(connection, project_id)}:
                raise BuilderError("The network's name", "to be new in this project", f"“{new_name}”, which is taken")
            n = row["position"] + 1
            connection.execute(FORGET, {"row": row["id"], "next": n, "oldest": n - MOST_EDITS})
            entry = {"network": row["id"], "n": n, "label": " ".join(label.split())[:200], "content": content, "made": time.time()}
            connection.execute(ADD_EDIT, entry)
            return network_state(connection, go_to(connection, row, n, new_name), decode_network(content))

    def undo(self, project_id: str, name: str, base_revision: int | None = None) -> NetworkState:
        """Undo one edit; at the beginning nothing happens."""
        return self._step(project_id, name, base_revision, -1)

    def redo(self, project_id: str, name: str, base_revision: int | None = None) -> NetworkState:
        """Redo one undone edit; at the end nothing happens."""
        return self._step(project_id, name, base_revision, 1)

    def _step(self, project_id: str, name: str, base_revision: int | None, step: int) -> NetworkState:
        with self.db.write() as connection:
            row = find(connection, project_id, name, base_revision)
            n = row["position"] + step
            content = connection.scalar(CONTENT, {"network": row["id"], "n": n})
            if content is None:
                return read_network(connection, project_id, name)
            others = set(read_project(connection, project_id).networks) - {name}
            network = decode_network(content)
            return network_state(connection, go_to(connection, row, n, unique_name(network.name, others)), network)
