"""Fair queue (scheduling between projects): nobody's ten runs hold up another's first."""

import heapq
import json
from collections import Counter, deque
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
    running, now = Counter(busy), max([0.0, *started.values()])
    lines: dict[str | None, deque[tuple[int, str]]] = {}
    for asked, run in enumerate(waiting):
        lines.setdefault(run.project, deque()).append((asked, run.id))
    heads = [(running[project], started.get(project, 0.0), line[0][0], project) for project, line in lines.items()]
    heapq.heapify(heads)
    order = list[str]()
    while heads:
        at_work, _, _, project = heads[0]
        line = lines[project]
        order.append(line.popleft()[1])
        now += 1
        if line:
            heapq.heapreplace(heads, (at_work + 1, now, line[0][0], project))
        else:
            heapq.heappop(heads)
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
    """The ids of all queued runs in the order in which they will start."""
    return plan(connection).order


def next_place(connection: Connection, project: str) -> int:
    """The place that a new run of a project would get."""
    known = plan(connection)
    started = known.started if project in known.started else {**known.started, **last_starts(connection, [project])}
    return fair([*known.waiting, Waiting("", project)], known.busy, started).index("") + 1


class Plan(NamedTuple):
    """Who waits, who is at work, and the order that follows, for one state of the runs that are alive."""

    alive: list[tuple[str, str | None, str]]
    waiting: list[Waiting]
    busy: list[str | None]
    started: dict[str | None, float]
    order: list[str]


def plan(connection: Connection) -> Plan:
    """The plan of the runs as they are now; cached until the state of any changes."""
    alive, url = alive_runs(connection), str(connection.engine.url)
    if url not in _kept or _kept[url].alive != alive:
        waiting = [Waiting(run, project) for run, project, status in alive if status == Status.queued.value]
        busy = [project for _, project, status in alive if status != Status.queued.value]
        started = last_starts(connection, {run.project for run in waiting})
        _kept[url] = Plan(alive, waiting, busy, started, fair(waiting, busy, started))
    return _kept[url]


def alive_runs(connection: Connection) -> list[tuple[str, str | None, str]]:
    """Id, project and status of the runs that have not ended, the oldest first."""
    rows = tables.runs.c
    query = select(rows.id, rows.project, rows.status).where(rows.status.in_(ALIVE)).order_by(rows.place)
    return [(run, project, status) for run, project, status in connection.execute(query)]


_kept: dict[str, Plan] = {}  # by database
