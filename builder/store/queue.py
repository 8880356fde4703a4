"""Fair queue (scheduling between projects): nobody's ten runs hold up another's first."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from builder.runs.record import Status

from . import tables

ALIVE = tuple(status.value for status in Status if status.alive)


class Waiting(NamedTuple):
    """A queued run; runs of no project count as one project's."""

    id: str
    project: str | None


def fair(waiting: Sequence[Waiting], busy: Iterable[str | None], started: dict[str | None, float]) -> list[str]:
    """The ids of queued runs in the order in which they start.

    First comes the project with the fewest runs at work, of equals the one whose last start is longest ago, then the one that
    asked first; within a project its runs start in the order of their creation.

    Args:
        waiting: in the order of their creation.
        busy: the project of each run that is at work.
        started: when each project last started a run, seconds since 1970; without an entry: never.
    """
    running, last, order = Counter(busy), dict(started), list[str]()
    left, now = list(waiting), max([0.0, *last.values()])
    while left:
        run = min(left, key=lambda run: (running[run.project], last.get(run.project, 0.0)))  # of equals the first
        left.remove(run)
        order.append(run.id)
        now += 1
        running[run.project] += 1
        last[run.project] = now
    return order


def last_starts(connection: Connection, projects: Iterable[str | None]) -> dict[str | None, float]:
    """When each of these projects last started a run."""
    rows = tables.runs.c
    named = sorted({project for project in projects if project is not None})
    found: dict[str | None, float] = {}
    query = select(rows.project, rows.data).where(rows.project.in_(named), rows.status != Status.queued.value)
    for project, data in connection.execute(query):
        found[project] = max(found.get(project, 0.0), json.loads(data).get("started") or 0.0)
    return found


def order(connection: Connection) -> list[str]:
    """The ids of all queued runs in the order in which they will start; cached until any run's state changes."""
    alive, url = alive_runs(connection), str(connection.engine.url)
    if url not in _kept or _kept[url][0] != alive:
        _kept[url] = alive, worked_out(connection, alive)
    return _kept[url][1]


def next_place(connection: Connection, project: str) -> int:
    """The place that a new run of a project would get."""
    new = ("", project, Status.queued.value)
    return worked_out(connection, [*alive_runs(connection), new]).index("") + 1


def alive_runs(connection: Connection) -> list[tuple[str, str | None, str]]:
    """Id, project and status of the runs that have not ended, the oldest first."""
    rows = tables.runs.c
    query = select(rows.id, rows.project, rows.status).where(rows.status.in_(ALIVE)).order_by(rows.place)
    return [(run, project, status) for run, project, status in connection.execute(query)]


def worked_out(connection: Connection, alive: list[tuple[str, str | None, str]]) -> list[str]:
    """The order of those that are queued."""
    waiting = [Waiting(run, project) for run, project, status in alive if status == Status.queued.value]
    busy = [project for _, project, status in alive if status != Status.queued.value]
    return fair(waiting, busy, last_starts(connection, {run.project for run in waiting}))


_kept: dict[str, tuple[list[tuple[str, str | None, str]], list[str]]] = {}  # by database: the runs alive, and their order
