"""Runs and their events, as rows: the worker writes, pages only read; a wish to pause or stop is a row too."""

import json
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, delete, func, insert, select, update

from builder.errors import BuilderError, Missing
from builder.home import home
from builder.network.records import Network
from builder.runs.record import Event, Run, RunSummary, Settings, Status, by_role

from . import queue, tables
from .database import Database
from .encoding import as_json, clean_name, finite, fresh_id, pack_networks, unpack_networks
from .projects import hashed
from .rows import read_project

ACTIONS = ("pause", "resume", "stop")
COLUMNS = {"id", "project", "number", "status", "networks", "network_name", "queue_place"}  # the rest of a record is one column of JSON
MOST_DATA = 1024**2  # bytes of JSON
LISTED = [column for column in tables.runs.columns if column.name != "networks"]  # to unpack it takes longer than all else


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

    def run_summary(self, run_id: str) -> RunSummary:
        """The run of this id without its network: what a poll asks for.

        Raises:
            BuilderError: there is none.
        """
        with self.db.read() as connection:
            return read_summary(connection, run_id)

    def runs(self, project_id: str | None = None, owner: str | None = None, status: Iterable[Status] = ()) -> list[RunSummary]:
        """Runs, the newest first: all of them, or of one project, one owner, or in one of some states."""
        query = select(*LISTED).order_by(tables.runs.c.place.desc())
        if project_id is not None:
            query = query.where(tables.runs.c.project == project_id)
        if owner is not None:
            query = query.join(tables.projects).where(tables.projects.c.owner == hashed(owner))
        if states := [each.value for each in status]:
            query = query.where(tables.runs.c.status.in_(states))
        with self.db.read() as connection:
            rows = connection.execute(query).mappings().all()
            places = places_of(connection, rows)
        return [RunSummary(**record(row, places)) for row in rows]

    def update_run(self, run_id: str, **fields: Any) -> Run:
        """Replace fields of a run's record."""
        with self.db.write() as connection:
            return change(connection, run_id, fields)

    def rename_run(self, run_id: str, name: str) -> Run:
        """Give a run another name."""
        return self.update_run(run_id, name=clean_name(name, "The run's name"))

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
            refuse_alive([read_summary(connection, run_id)])
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
            read_summary(connection, run_id)
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
            return as_events(connection.execute(query))

    def last_event(self, run_id: str, kind: str) -> Event | None:
        """The newest event of a kind, None where there is none."""
        rows = tables.events.c
        query = select(rows.n, rows.kind, rows.data).where(rows.run == run_id, rows.kind == kind).order_by(rows.n.desc()).limit(1)
        with self.db.read() as connection:
            return next(iter(as_events(connection.execute(query))), None)

    def history(self, run_id: str, most: int) -> list[Event]:
        """All events in order, the batches downsampled by stride to at most `most`; of those the newest always stays."""
        rows = tables.events.c
        whole = select(rows.n, rows.kind, rows.data).where(rows.run == run_id)
        batches = whole.where(rows.kind == "batch").add_columns(func.row_number().over(order_by=rows.n.desc()).label("age")).subquery()
        with self.db.read() as connection:
            count = connection.scalar(select(func.count()).where(rows.run == run_id, rows.kind == "batch")) or 0
            every = max(-(-count // most), 1)
            thinned = select(batches.c.n, batches.c.kind, batches.c.data).where(batches.c.age % every == 1 % every)
            found = as_events(connection.execute(whole.where(rows.kind != "batch").union_all(thinned)))
        return sorted(found, key=lambda event: event.n)


def as_events(rows: Iterable[Any]) -> list[Event]:
    """Rows (n, kind, data) as records."""
    return [Event(n=n, kind=kind, data=json.loads(data)) for n, kind, data in rows]


def no_such_run() -> Missing:
    """The error of an id that is no run's."""
    return Missing("The id", "to be that of a run", "one that is not here", "`python -m builder runs` lists them.")


def read_run(connection: Connection, run_id: str) -> Run:
    """The record of a run, from its rows."""
    row = read_row(connection, run_id, list(tables.runs.columns))
    return Run(**record(row, places_of(connection, [row])), networks=unpack_networks(row["networks"]))


def read_summary(connection: Connection, run_id: str) -> RunSummary:
    """The record of a run without its network."""
    row = read_row(connection, run_id, LISTED)
    return RunSummary(**record(row, places_of(connection, [row])))


def read_row(connection: Connection, run_id: str, columns: list[Column[Any]]) -> RowMapping:
    """Columns of a run's row."""
    row = None
    if isinstance(run_id, str) and run_id.isascii():
        row = connection.execute(select(*columns).where(tables.runs.c.id == run_id)).mappings().first()
    if row is None:
        raise no_such_run()
    return row


def places_of(connection: Connection, rows: Iterable[RowMapping]) -> dict[str, int]:
    """The place of each queued run, 1 for the next; looked up only where one of the rows is a queued run's."""
    if not any(row["status"] == Status.queued.value for row in rows):
        return {}
    return {run: place for place, run in enumerate(queue.order(connection), 1)}


def record(row: RowMapping, places: dict[str, int]) -> dict[str, Any]:
    """The fields of a run's record but its network, from its row."""
    known = {key: row[key] for key in ("id", "project", "number", "status", "network_name")}
    return {**json.loads(row["data"]), **known, "queue_place": places.get(row["id"])}


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


def refuse_alive(runs: Sequence[RunSummary]) -> None:
    """Complain where a run has not ended."""
    for run in runs:
        if run.status.alive:
            raise BuilderError(f"The run {run.name}", "to have ended before it is deleted", f"it is {run.status.value}", "Stop it first.")


def remove_folders(run_ids: Iterable[str]) -> None:
    """Delete the folders of runs that have no rows any more."""
    for run_id in run_ids:
        shutil.rmtree(home() / "runs" / run_id, ignore_errors=True)
