"""Runs and their events, as rows: the worker writes, pages only read; a wish to pause or stop is a row too."""

import json
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from builder.errors import BuilderError, Missing
from builder.home import home
from builder.network.records import Network
from builder.runs.record import Event, Run, Settings, Status, by_role

from . import queue, tables
from .database import Database
from .encoding import as_json, clean, finite, fresh_id, pack_networks, unpack_networks
from .projects import hashed
from .rows import read_project

ACTIONS = ("pause", "resume", "stop")
COLUMNS = {"id", "project", "number", "status", "networks", "queue_place"}  # the rest of a record is one column of JSON
MOST_DATA = 1024**2  # bytes of JSON


class Runs:
    """The part of the store that keeps runs."""

    db: Database

    def create_run(self, project_id: str | None, networks: Network | Mapping[str, Network], settings: Settings, **fields: Any) -> Run:
        """A new run of a network, or of several by their roles; queued unless `fields` of its record say otherwise.

        Runs count from 1 within their project.
        """
        rows = tables.runs.c
        networks = by_role(networks)
        name = next(iter(networks.values())).name
        with self.db.write() as connection:
            if project_id is not None:
                read_project(connection, project_id)
            number = (connection.scalar(select(func.max(rows.number)).where(rows.project == project_id)) or 0) + 1
            run = Run(
                id=fresh_id(10),
                project=project_id,
                name=f"{name} {number}",
                number=number,
                status=Status.queued,
                networks=networks,
                settings=settings,
                created=time.time(),
                epochs=settings.epochs,
            ).model_copy(update=fields)
            values = {"id": run.id, "project": project_id, "number": number, "status": run.status.value, "network_name": name[:200]}
            connection.execute(insert(tables.runs).values(**values, asked="", events=0, networks=pack_networks(networks), data=packed(run)))
            return read_run(connection, run.id)

    def run(self, run_id: str) -> Run:
        """The run of this id.

        Raises:
            Missing: there is none.
        """
        with self.db.read() as connection:
            return read_run(connection, run_id)

    def runs(self, project_id: str | None = None, owner: str | None = None, status: Iterable[Status] = ()) -> list[Run]:
        """Runs, the newest first: all of them, or of one project, one owner, or in one of some states."""
        query = select(tables.runs).order_by(tables.runs.c.place.desc())
        if project_id is not None:
            query = query.where(tables.runs.c.project == project_id)
        if owner is not None:
            query = query.join(tables.projects).where(tables.projects.c.owner == hashed(owner))
        if states := [each.value for each in status]:
            query = query.where(tables.runs.c.status.in_(states))
        with self.db.read() as connection:
            return [record(connection, row) for row in connection.execute(query).mappings().all()]

    def update_run(self, run_id: str, **fields: Any) -> Run:
        """Replace fields of a run's record."""
        with self.db.write() as connection:
            return change(connection, run_id, fields)

    def rename_run(self, run_id: str, name: str) -> Run:
        """Give a run another name."""
        return self.update_run(run_id, name=clean(name, "The run's name"))

    def queue(self) -> list[str]:
        """The ids of all queued runs in the order in which they will start."""
        with self.db.read() as connection:
            return queue.order(connection)

    def next_place(self, project_id: str) -> int:
        """The place in the queue that a new run of a project would get, 1 for the next."""
        with self.db.read() as connection:
            return queue.next_place(connection, project_id)

    def started(self, projects: Iterable[str | None]) -> dict[str | None, float]:
        """When each of these projects last started a run, seconds since 1970."""
        with self.db.read() as connection:
            return queue.last_starts(connection, projects)

    def delete_run(self, run_id: str) -> None:
        """Remove a run that has ended, its events and its folder, for good."""
        with self.db.write() as connection:
            refuse_alive([read_run(connection, run_id)])
            connection.execute(delete(tables.runs).where(tables.runs.c.id == run_id))
        remove_folders([run_id])

    def delete_project(self, project_id: str) -> None:
        """Remove a project with its networks, edits and runs, for good."""
        runs = self.runs(project_id=project_id)
        refuse_alive(runs)
        with self.db.write() as connection:
            read_project(connection, project_id)
            connection.execute(delete(tables.projects).where(tables.projects.c.id == project_id))
        remove_folders(run.id for run in runs)

    def ask(self, run_id: str, action: str) -> None:
        """Ask a run to "pause", "resume" or "stop"; its worker obeys within a batch. The last wish counts."""
        if action not in ACTIONS:
            raise BuilderError("The run", f"one of {', '.join(ACTIONS)}", repr(action))
        with self.db.write() as connection:
            read_run(connection, run_id)
            connection.execute(update(tables.runs).where(tables.runs.c.id == run_id).values(asked=action))

    def asked(self, run_id: str) -> str:
        """What a run was last asked to do, "" for nothing; a deleted run should stop. Quick enough for every batch."""
        with self.db.read() as connection:
            asked = connection.scalar(select(tables.runs.c.asked).where(tables.runs.c.id == run_id))
        return "stop" if asked is None else str(asked)

    def answered(self, run_id: str, action: str) -> None:
        """Note that what was asked is done; a newer wish stays."""
        rows = tables.runs.c
        with self.db.write() as connection:
            connection.execute(update(tables.runs).where(rows.id == run_id, rows.asked == action).values(asked=""))

    def add_events(self, run_id: str, new: Sequence[tuple[str, dict[str, Any]]], **fields: Any) -> int:
        """Append events (kind, data), and replace fields of the record, in one transaction.

        Returns:
            The number of the run's last event; events of a run count from 1.
        """
        bodies = [(kind, as_json(finite(data), "An event of the run", MOST_DATA)) for kind, data in new]
        rows = tables.runs.c
        with self.db.write() as connection:
            grown = update(tables.runs).where(rows.id == run_id).values(events=rows.events + len(bodies)).returning(rows.events)
            last = connection.scalar(grown)
            if last is None:
                raise no_such_run()
            first = int(last) - len(bodies) + 1
            if bodies:
                added = [{"run": run_id, "n": first + i, "kind": kind, "data": data} for i, (kind, data) in enumerate(bodies)]
                connection.execute(insert(tables.events), added)
            if fields:
                change(connection, run_id, fields)
            return int(last)

    def events(self, run_id: str, after: int = 0, limit: int = 2000) -> list[Event]:
        """The events that follow number `after`, in order, at most `limit`."""
        rows = tables.events.c
        query = select(rows.n, rows.kind, rows.data).where(rows.run == run_id, rows.n > after).order_by(rows.n).limit(limit)
        with self.db.read() as connection:
            found = connection.execute(query).all()
        return [Event(n=n, kind=kind, data=json.loads(data)) for n, kind, data in found]


def no_such_run() -> Missing:
    """The error of an id that is no run's."""
    return Missing("The id", "to be that of a run", "one that is not here", "`python -m builder runs` lists them.")


def read_run(connection: Connection, run_id: str) -> Run:
    """The record of a run, from its rows."""
    row = None
    if isinstance(run_id, str) and run_id.isascii():
        row = connection.execute(select(tables.runs).where(tables.runs.c.id == run_id)).mappings().first()
    if row is None:
        raise no_such_run()
    return record(connection, row)


def record(connection: Connection, row: RowMapping) -> Run:
    """One row as a record; a queued run learns its place, 1 for the next."""
    waits = queue.order(connection) if row["status"] == Status.queued.value else []
    place = waits.index(row["id"]) + 1 if row["id"] in waits else None
    known = {key: row[key] for key in ("id", "project", "number", "status")}
    return Run(**json.loads(row["data"]), **known, networks=unpack_networks(row["networks"]), queue_place=place)


def packed(run: Run) -> str:
    """The fields without a column of their own, as JSON."""
    return as_json(finite(run.model_dump(mode="json", exclude=COLUMNS)), "The run", MOST_DATA)


def change(connection: Connection, run_id: str, fields: dict[str, Any]) -> Run:
    """Replace fields of a run's record within a transaction; unknown ones are refused."""
    before = read_run(connection, run_id)
    if unknown := set(fields) - set(Run.model_fields):
        raise TypeError(f"a run has no {', '.join(sorted(unknown))}")
    run = Run.model_validate({**{name: getattr(before, name) for name in Run.model_fields}, **fields})
    values = {"status": run.status.value, "data": packed(run)}
    connection.execute(update(tables.runs).where(tables.runs.c.id == run_id).values(**values))
    return run


def refuse_alive(runs: Sequence[Run]) -> None:
    """Complain where a run has not ended."""
    for run in runs:
        if run.status.alive:
            raise BuilderError(f"The run {run.name}", "to have ended before it is deleted", f"it is {run.status.value}", "Stop it first.")


def remove_folders(run_ids: Iterable[str]) -> None:
    """Delete the folders of runs that have no rows any more."""
    for run_id in run_ids:
        shutil.rmtree(home() / "runs" / run_id, ignore_errors=True)
