"""Row mapping of projects and networks, read and written within the caller's transaction."""

import json
import time
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from builder.errors import BuilderError, Missing, Stale
from builder.network.records import Network

from . import tables
from .encoding import clean_name, decode_network, encode_network, unique_name

MOST_NETWORKS = 100  # of one project
MOST_PROJECTS = 500  # that a list shows
# What each edit and each look asks: built once, because SQLAlchemy takes longer to build a statement than SQLite to answer it.
_projects, _networks, _edits = tables.projects.c, tables.networks.c, tables.edits.c
PROJECT_FIELDS = tuple(tables.projects.columns.keys())
PROJECT = (
    select(tables.projects, _networks.name.label("network"))
    .outerjoin(tables.networks, _networks.project == _projects.id)
    .where(_projects.id == bindparam("id"))
    .order_by(_networks.id)
)
NETWORK = select(tables.networks).where(_networks.project == bindparam("project"), _networks.name == bindparam("name"))
NETWORK_TO_CHANGE = NETWORK.with_for_update()
CONTENT = select(_edits.content).where(_edits.network == bindparam("network"), _edits.n == bindparam("n"))
OWN = (
    select(tables.projects).where(_projects.owner == bindparam("owner")).order_by(_projects.changed.desc()).limit(MOST_PROJECTS).subquery()
)
PROJECTS = (
    select(OWN, _networks.name.label("network"))
    .outerjoin(tables.networks, _networks.project == OWN.c.id)
    .order_by(OWN.c.changed.desc(), OWN.c.id, _networks.id)
)
FORGET = delete(tables.edits).where(_edits.network == bindparam("row"), (_edits.n >= bindparam("next")) | (_edits.n < bindparam("oldest")))
ADD_EDIT = insert(tables.edits)
MOVE = (
    update(tables.networks)
    .where(_networks.id == bindparam("row"))
    .values(position=bindparam("to_position"), revision=bindparam("to_revision"), name=bindparam("to_name"))
)
TOUCH = update(tables.projects).where(_projects.id == bindparam("project")).values(changed=bindparam("now"))
LABELS = select(_edits.n, _edits.label).where(_edits.network == bindparam("network")).order_by(_edits.n)


class Project(BaseModel):
    """Named networks, their edits, their runs. `owner` is a hash; `choices` is what was last chosen on the pages."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    owner: str
    networks: tuple[str, ...] = ()
    choices: dict[str, Any] = {}
    created: float = 0.0
    changed: float = 0.0


class NetworkState(BaseModel):
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


def read_project(connection: Connection, project_id: str) -> Project:
    """The record of a project, from its rows: one query, a row for each network."""
    rows: Sequence[RowMapping] = ()
    if isinstance(project_id, str) and project_id.isascii():
        rows = connection.execute(PROJECT, {"id": project_id}).mappings().all()
    if not rows:
        raise Missing("The address", "the id of a project", "one that is not here", "It may have been deleted, or the link is incomplete.")
    return project_of(rows)


def read_projects(connection: Connection, owner: str) -> list[Project]:
    """The records of an owner's projects, the last changed first: one query, a row for each network."""
    found = connection.execute(PROJECTS, {"owner": owner}).mappings()
    return [project_of(list(rows)) for _, rows in groupby(found, key=lambda row: row["id"])]


def project_of(rows: Sequence[RowMapping]) -> Project:
    """The record of a project, from its fields with the name of each of its networks."""
    own = {name: rows[0][name] for name in PROJECT_FIELDS}
    networks = tuple(row["network"] for row in rows if row["network"] is not None)
    return Project(**{**own, "choices": json.loads(own["choices"])}, networks=networks)


def touch(connection: Connection, project_id: str, **values: Any) -> None:
    """Note that a project has changed now; complain where there is none."""
    change = TOUCH.values(**values) if values else TOUCH
    found = connection.execute(change, {"project": project_id, "now": time.time()})
    if not found.rowcount:
        read_project(connection, project_id)  # says that it is not here


def put_network(connection: Connection, project_id: str, network: Network) -> None:
    """Write a new network's rows: itself, and the first entry of its history."""
    taken = read_project(connection, project_id).networks
    if len(taken) >= MOST_NETWORKS:
        raise BuilderError("The project", f"at most {MOST_NETWORKS} networks", f"{len(taken) + 1}", "Start another project.")
    name = unique_name(clean_name(network.name, "The network's name"), {*taken, *names_in_runs(connection, project_id)})
    insert_network(connection, project_id, network.model_copy(update={"name": name}))


def insert_network(connection: Connection, project_id: str, network: Network) -> None:
    """The rows of a network under its own name, which must be free."""
    content = encode_network(network)
    row = insert(tables.networks).values(project=project_id, name=network.name, revision=0, position=0).returning(tables.networks.c.id)
    key = connection.scalar(row)
    connection.execute(ADD_EDIT, {"network": key, "n": 0, "label": "", "content": content, "made": time.time()})


def names_in_runs(connection: Connection, project_id: str) -> set[str]:
    """The names of the networks that a project's runs were made of, gone ones included: another network must not get their runs."""
    names = select(tables.runs.c.network_name).where(tables.runs.c.project == project_id).distinct()
    return set(connection.scalars(names))


def find(connection: Connection, project_id: str, name: str, base_revision: int | None = None) -> RowMapping:
    """Optimistic concurrency check: a network's row, which must still be of `base_revision` (None: any)."""
    row = connection.execute(NETWORK_TO_CHANGE, {"project": project_id, "name": name}).mappings().first()
    if row is None:
        names = read_project(connection, project_id).networks
        raise Missing("The project", f"one of its networks ({', '.join(names)})", f"“{name}”")
    if base_revision is not None and base_revision != row["revision"]:
        raise Stale(f"The network {name}", f"an edit of its revision {row['revision']}", f"one of revision {base_revision}")
    return row


def go_to(connection: Connection, row: Mapping[Any, Any], n: int, name: str) -> dict[Any, Any]:
    """Put the entry `n` of a network's history on the canvas: a new revision; returns the network's row as it is now.

    Under another name its runs go along.
    """
    values = {"position": n, "revision": row["revision"] + 1, "name": name}
    connection.execute(MOVE, {"row": row["id"], **{f"to_{field}": value for field, value in values.items()}})
    if name != row["name"]:
        made = tables.runs.c.project == row["project"], tables.runs.c.network_name == row["name"]
        connection.execute(update(tables.runs).where(*made).values(network_name=name))
    touch(connection, row["project"])
    return {**row, **values}


def read_network(connection: Connection, project_id: str, name: str) -> NetworkState:
    """The record of a network's work, from its rows."""
    row = connection.execute(NETWORK, {"project": project_id, "name": name}).mappings().first() or find(connection, project_id, name)
    return network_state(connection, row, current_network(connection, row))


def current_network(connection: Connection, row: Mapping[Any, Any]) -> Network:
    """The network that is at its row's position in the history."""
    return decode_network(connection.scalar(CONTENT, {"network": row["id"], "n": row["position"]}))


def with_name(network: Network, name: str) -> Network:
    """The network under this name."""
    return network if network.name == name else network.model_copy(update={"name": name})


def network_state(connection: Connection, row: Mapping[Any, Any], network: Network) -> NetworkState:
    """The record of a network's work: its row, and what its history has at that row's position."""
    here, labels = row["position"], connection.execute(LABELS, {"network": row["id"]}).all()
    first = labels[0].n
    return NetworkState(
        network=with_name(network, row["name"]),
        revision=row["revision"],
        can_undo=here > first,
        can_redo=here < labels[-1].n,
        history=tuple(each.label for each in labels[1:]),
        position=here - first,
    )
