"""Projects: a person's networks and runs under one shareable address."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from builder.errors import BuilderError, Missing
from builder.network.records import Network

from . import tables
from .database import Database
from .encoding import as_json, clean_name, fresh_id, unique_name
from .rows import Project, put_network, read_network, read_project, read_projects, touch

PROJECT_NAMES = select(tables.projects.c.name).where(tables.projects.c.owner == bindparam("owner"))


def hashed(token: str) -> str:
    """Hash (SHA-256, hex) of an owner's token; only this is stored, so that a stolen database opens no project."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def names_of(connection: Connection, owner: str) -> set[str]:
    """The names of an owner's projects."""
    return set(connection.scalars(PROJECT_NAMES, {"owner": owner}))


def may_edit(project: Project, owner_token: str) -> bool:
    """Authorisation: whether the token is that of the project's owner; an empty one never is."""
    return bool(owner_token) and hmac.compare_digest(project.owner, hashed(owner_token))


class Projects:
    """The part of the store that keeps projects."""

    db: Database

    def create_project(self, owner: str, name: str, networks: Sequence[Network]) -> Project:
        """Make a project with these networks; at least one. Where the owner has one of this name already, it gets a number."""
        if not networks:
            raise BuilderError("A project", "at least one network", "none")
        row = {"id": fresh_id(16), "owner": hashed(owner), "name": clean_name(name, "The project's name"), "choices": "{}"}
        with self.db.write() as connection:
            row["name"] = unique_name(row["name"], names_of(connection, row["owner"]))
            connection.execute(insert(tables.projects).values(**row, created=time.time(), changed=time.time()))
            for network in networks:
                put_network(connection, row["id"], network)
            return read_project(connection, row["id"])

    def project(self, project_id: str) -> Project:
        """The project of this id.

        Raises:
            BuilderError: there is none.
        """
        with self.db.read() as connection:
            return read_project(connection, project_id)

    def projects(self, owner: str) -> list[Project]:
        """An owner's projects, the last changed first."""
        with self.db.read() as connection:
            return read_projects(connection, hashed(owner))

    def rename_project(self, project_id: str, name: str) -> Project:
        """Give a project another name."""
        with self.db.write() as connection:
            touch(connection, project_id, name=clean_name(name, "The project's name"))
        return self.project(project_id)

    def choose(self, project_id: str, **choices: Any) -> Project:
        """Remember what was chosen: these replace choices of the same names."""
        with self.db.write() as connection:
            put_choices(connection, project_id, read_project(connection, project_id).choices, choices)
            return read_project(connection, project_id)

    def choose_as(self, owner: str, project_id: str, **choices: Any) -> None:
        """Remember what someone has chosen, where the project is theirs; anyone else's choices leave no trace."""
        if not owner:
            return
        own = tables.projects.c
        with self.db.write() as connection:
            before = connection.scalar(select(own.choices).where(own.id == project_id, own.owner == hashed(owner)))
            if before is not None:
                put_choices(connection, project_id, json.loads(before), choices)

    def copy_project(self, project_id: str, owner: str) -> Project:
        """A new project with the same networks as they are now, for anyone who has the link; runs stay where they are."""
        with self.db.write() as connection:
            source = read_project(connection, project_id)
            owned = set(connection.scalars(select(tables.runs.c.id).where(tables.runs.c.project == project_id)))
            choices = {key: value for key, value in source.choices.items() if not (isinstance(value, str) and value in owned)}
            row = {"id": fresh_id(16), "owner": hashed(owner), "name": f"Copy of {source.name}"[:80]}
            row["name"] = unique_name(row["name"], names_of(connection, row["owner"]))
            row |= {"choices": as_json(choices, "The project's choices")}
            connection.execute(insert(tables.projects).values(**row, created=time.time(), changed=time.time()))
            for name in source.networks:
                put_network(connection, row["id"], read_network(connection, project_id, name).network)
        return self.project(row["id"])

    def add_network(self, project_id: str, network: Network) -> Project:
        """Add a network; where its name is taken it gets a number."""
        with self.db.write() as connection:
            touch(connection, project_id)
            put_network(connection, project_id, network)
        return self.project(project_id)

    def delete_network(self, project_id: str, name: str) -> Project:
        """Remove one of several networks, with its edits; its runs stay."""
        with self.db.write() as connection:
            names = read_project(connection, project_id).networks
            if name not in names or len(names) == 1:
                came = "this one" if name in names else f"no network “{name}”"
                raise (BuilderError if name in names else Missing)("The project", "to keep at least one network", came)
            touch(connection, project_id)
            rows = tables.networks.c
            connection.execute(delete(tables.networks).where(rows.project == project_id, rows.name == name))
        return self.project(project_id)


def put_choices(connection: Connection, project_id: str, before: dict[str, Any], choices: dict[str, Any]) -> None:
    """Write a project's choices, the new ones in place of those of the same names."""
    text = as_json({**before, **choices}, "The project's choices")
    connection.execute(update(tables.projects).where(tables.projects.c.id == project_id).values(choices=text))
