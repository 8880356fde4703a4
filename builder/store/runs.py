"""Runs and their events, as rows: the worker writes, pages only read; a wish to pause or stop is a row too."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from builder.errors import BuilderError
from builder.network.records import Network
from builder.runs.record import Event, Run, RunSummary, Settings, Status, by_role

from . import queue, tables
from .database import Database
from .encoding import clean_name, fresh_id, pack_networks
from .projects import hashed
from .rows import read_project
from .run_rows import (
    LISTED,
    as_events,
    change,
    event_bodies,
    no_such_run,
    packed,
    places_of,
    put_events,
    read_run,
    read_statuses,
    read_summary,
    record,
    refuse_alive,
    remove_folders,
)

ACTIONS = ("pause", "step", "resume", "stop")


class Runs:
    """The part of the store that keeps runs."""

    db: Database

    def create_run(
        self,
        project_id: str | None,
        networks: Network | Mapping[str, Network],
        settings: Settings,
        events: Sequence[tuple[str, str]] = (),
        **fields: Any,
    ) -> Run:
        """A new run of a network, or of several by their roles; queued unless `fields` of its record say otherwise.

        Runs count from 1 within their project.

        Args:
            events: what it has reported already, as kinds and JSON texts.
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
            if events:
                put_events(connection, run.id, events, {})
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

    def statuses(self, run_ids: Iterable[str]) -> dict[str, Status]:
        """Where these runs stand, by their ids: one question, however many there are."""
        with self.db.read() as connection:
            return read_statuses(connection, run_ids)

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
            change(connection, run_id, fields)
            return read_run(connection, run_id)

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
        self.delete_runs([run_id])

    def delete_runs(self, run_ids: Sequence[str]) -> None:
        """Remove several runs that have ended, in one transaction: all of them, or none."""
        with self.db.write() as connection:
            refuse_alive([read_summary(connection, run_id) for run_id in run_ids])
            connection.execute(delete(tables.runs).where(tables.runs.c.id.in_(run_ids)))
        remove_folders(run_ids)

    def delete_project(self, project_id: str) -> None:
        """Remove a project with its networks, edits and runs, for good."""
        runs = self.runs(project_id=project_id)
        refuse_alive(runs)
        with self.db.write() as connection:
            read_project(connection, project_id)
            connection.execute(delete(tables.projects).where(tables.projects.c.id == project_id))
        remove_folders(run.id for run in runs)

    def ask(self, run_id: str, action: str) -> None:
        """Ask a run to "pause", "step" (one batch, then pause), "resume" or "stop"; its worker obeys within a batch. The last wish counts."""
        self.ask_all([run_id], action)

    def ask_all(self, run_ids: Sequence[str], action: str) -> None:
        """Ask several runs for the same, in one transaction: all of them are asked, or none."""
        if action not in ACTIONS:
            raise BuilderError("The run", f"one of {', '.join(ACTIONS)}", repr(action))
        with self.db.write() as connection:
            asked = connection.execute(update(tables.runs).where(tables.runs.c.id.in_(run_ids)).values(asked=action)).rowcount
            if asked < len(set(run_ids)):
                raise no_such_run()

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
        bodies = event_bodies(new)
        with self.db.write() as connection:
            return put_events(connection, run_id, bodies, fields)

    def add_events_to_all(self, run_ids: Sequence[str], new: Sequence[tuple[str, dict[str, Any]]], **fields: Any) -> None:
        """The same events and fields for several runs, in one transaction."""
        bodies = event_bodies(new)
        with self.db.write() as connection:
            for run_id in run_ids:
                put_events(connection, run_id, bodies, fields)

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
