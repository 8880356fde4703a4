"""The project of what is trained from the command line: everyone who can open the server may look at it, and nobody may edit it."""

import time

from sqlalchemy import insert, update

from builder.network.records import Network

from . import tables
from .encoding import clean_name, fresh_id
from .networks import Networks
from .projects import Projects
from .rows import Project, insert_network, read_projects

OWNER = "command line"  # in place of a token's hash, which no token has
NAME = "From the command line"


class CommandLine(Projects, Networks):
    """The part of the store that keeps the command line's project."""

    def command_line_project(self) -> Project | None:
        """The project, None where nothing was trained from the command line yet."""
        with self.db.read() as connection:
            return next(iter(read_projects(connection, OWNER)), None)

    def put_trained(self, network: Network) -> Project:
        """The project with this network in it, as the newest version of its name; runs of no project come into it."""
        network = network.model_copy(update={"name": clean_name(network.name, "The network's name")})
        with self.db.write() as connection:
            known = next(iter(read_projects(connection, OWNER)), None)
            project_id = known.id if known else fresh_id(16)
            if not known:
                row = {"id": project_id, "owner": OWNER, "name": NAME, "choices": "{}"}
                connection.execute(insert(tables.projects).values(**row, created=time.time(), changed=time.time()))
            connection.execute(update(tables.runs).where(tables.runs.c.project.is_(None)).values(project=project_id))
            if not known or network.name not in known.networks:
                insert_network(connection, project_id, network)
        if self.work(project_id, network.name).network != network:
            self.edit(project_id, network.name, None, "Trained from the command line", network)
        return self.project(project_id)
