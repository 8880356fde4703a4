"""Hundreds of runs: what is asked of all of them is one write, and the queue's order is soon found."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from builder.engine import launch, supervisor
from builder.errors import BuilderError
from builder.network.records import Network, Node
from builder.runs import Run, Settings, Status
from builder.store import Store, default_store
from builder.store.queue import Waiting, fair

NETWORK = Network(name="first", nodes=(Node(name="dense", layer="Dense", params={"units": 1}),))
MANY = 60


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(launch, "ensure_supervisor", lambda: None)
    opened = default_store()
    yield opened
    opened.close()


@contextmanager
def writes(store: Store) -> Iterator[list[str]]:
    """The tables that are written meanwhile, once for each transaction that writes."""
    begun: list[str] = []

    def heard(connection: object, *_: object) -> None:
        begun.append("write") if connection.get_execution_options().get("writes") else None

    event.listen(store.db.engine, "commit", heard)
    try:
        yield begun
    finally:
        event.remove(store.db.engine, "commit", heard)


def some_runs(store: Store) -> list[Run]:
    project = store.create_project("me", "mine", [NETWORK]).id
    return [store.create_run(project, NETWORK, Settings(dataset="digits")) for _ in range(MANY)]


def test_asking_any_number_of_runs_is_one_write_and_taking_them_out_of_the_queue_another(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [run.id for run in some_runs(store)]
    watcher = supervisor.Supervisor(1, 60)
    monkeypatch.setattr(launch.time, "sleep", lambda _: watcher.tick())
    with writes(store) as made:
        launch.stop_all(ids)
    assert len(made) == 2
    found = [store.run(run) for run in ids]
    assert {run.status for run in found} == {Status.stopped} and all(run.ended and "before it began" in run.message for run in found)
    assert all([each.data["status"] for each in store.events(run)] == ["stopped"] for run in ids)


def test_runs_are_deleted_together_or_not_at_all(store: Store) -> None:
    ids = [run.id for run in some_runs(store)]
    for run in ids[1:]:
        store.update_run(run, status=Status.stopped)
    with pytest.raises(BuilderError, match="Stop it first"):
        store.delete_runs(ids)
    assert len(store.runs()) == MANY
    with writes(store) as made:
        store.delete_runs(ids[1:])
    assert len(made) == 1 and [run.id for run in store.runs()] == ids[:1]


def test_a_run_that_is_not_there_asks_nobody(store: Store) -> None:
    run = some_runs(store)[0]
    with pytest.raises(BuilderError, match="id"):
        store.ask_all([run.id, "nobody"], "stop")
    assert store.asked(run.id) == ""


def plainly_fair(waiting: list[Waiting], busy: list[str], started: dict[str | None, float]) -> list[str]:
    """The rule as it is said: fewest at work, then longest since its last start, then who asked first."""
    running, last, left, order = Counter(busy), dict(started), list(waiting), []
    now = max([0.0, *last.values()])
    while left:
        run = min(left, key=lambda run: (running[run.project], last.get(run.project, 0.0)))
        left.remove(run)
        order.append(run.id)
        now += 1
        running[run.project] += 1
        last[run.project] = now
    return order


def test_the_order_of_the_queue_is_that_of_its_rule() -> None:
    chance = random.Random(3)
    for _ in range(200):
        names = "abcdef"[: chance.randint(1, 6)]
        waiting = [Waiting(str(at), chance.choice([*names, None])) for at in range(chance.randint(0, 30))]
        busy = [chance.choice(names) for _ in range(chance.randint(0, 5))]
        started = {name: float(chance.randint(0, 3)) for name in names if chance.random() < 0.7}
        assert fair(waiting, busy, started) == plainly_fair(waiting, busy, started)
