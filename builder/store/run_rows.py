"""Row mapping of runs and their events, read and written within the caller's transaction."""

import json
import shutil
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, insert, select, update

from builder.errors import BuilderError, Missing
from builder.home import home
from builder.runs.record import Event, Run, RunSummary, Status

from . import queue, tables
from .encoding import as_json, finite, unpack_networks

COLUMNS = {"id", "project", "number", "status", "networks", "network_name", "queue_place"}  # the rest of a record is one column of JSON
MOST_DATA = 1024**2  # bytes of JSON
LISTED = [column for column in tables.runs.columns if column.name != "networks"]  # to unpack it takes longer than all else


def event_bodies(new: Sequence[tuple[str, dict[str, Any]]]) -> list[tuple[str, str]]:
    """Events as kind and JSON text."""
    return [(kind, as_json(finite(data), "An event of the run", MOST_DATA)) for kind, data in new]


def put_events(connection: Connection, run_id: str, bodies: Sequence[tuple[str, str]], fields: dict[str, Any]) -> int:
    """Append events to a run and replace fields of its record, within a transaction; the number of its last event."""
    rows = tables.runs.c
    last = connection.scalar(update(tables.runs).where(rows.id == run_id).values(events=rows.events + len(bodies)).returning(rows.events))
    if last is None:
        raise no_such_run()
    first = int(last) - len(bodies) + 1
    if bodies:
        added = [{"run": run_id, "n": first + i, "kind": kind, "data": data} for i, (kind, data) in enumerate(bodies)]
        connection.execute(insert(tables.events), added)
    if fields:
        change(connection, run_id, fields)
    return int(last)


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


def read_statuses(connection: Connection, run_ids: Iterable[str]) -> dict[str, Status]:
    """The statuses of runs by their ids; one that is not here has none."""
    query = select(tables.runs.c.id, tables.runs.c.status).where(tables.runs.c.id.in_(list(run_ids)))
    return {run: Status(status) for run, status in connection.execute(query)}


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


def packed(run: RunSummary) -> str:
    """The fields without a column of their own, as JSON."""
    return as_json(finite(run.model_dump(mode="json", exclude=COLUMNS)), "The run", MOST_DATA)


def change(connection: Connection, run_id: str, fields: dict[str, Any]) -> None:
    """Replace fields of a run's record within a transaction; unknown ones are refused."""
    if unknown := set(fields) - set(RunSummary.model_fields):
        raise TypeError(f"a run has no {', '.join(sorted(unknown))}, or none that changes")
    run = RunSummary.model_validate({**record(read_row(connection, run_id, LISTED), {}), **fields})
    values = {"status": run.status.value, "data": packed(run)}
    connection.execute(update(tables.runs).where(tables.runs.c.id == run_id).values(**values))


def refuse_alive(runs: Sequence[RunSummary]) -> None:
    """Complain where a run has not ended."""
    for run in runs:
        if run.status.alive:
            raise BuilderError(f"The run {run.name}", "to have ended before it is deleted", f"it is {run.status.value}", "Stop it first.")


def remove_folders(run_ids: Iterable[str]) -> None:
    """Delete the folders of runs that have no rows any more."""
    for run_id in run_ids:
        shutil.rmtree(home() / "runs" / run_id, ignore_errors=True)
