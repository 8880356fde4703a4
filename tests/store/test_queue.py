"""The queue is fair between projects: whoever has fewest runs at work, and of those who has waited longest, is next."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder import zoo
from builder.engine import supervisor
from builder.runs import Run, Settings, Status
from builder.store import Store, default_store
from builder.store.queue import Waiting, fair


def waiting(*names: str) -> list[Waiting]:
    """Runs "a1", "b1"... of the projects "a", "b"..."""
    return [Waiting(name, name[0]) for name in names]


def test_one_project_alone_is_served_in_the_order_of_asking() -> None:
    assert fair(waiting("a1", "a2", "a3"), [], {}) == ["a1", "a2", "a3"]


def test_ten_runs_of_one_do_not_hold_up_another_s_first() -> None:
    assert fair(waiting("a1", "a2", "a3", "b1"), ["a"], {"a": 100.0}) == ["b1", "a1", "a2", "a3"]


def test_of_projects_with_nothing_at_work_the_one_that_waited_longest_is_next_and_then_they_take_turns() -> None:
    assert fair(waiting("a1", "a2", "b1", "b2"), [], {"a": 200.0, "b": 100.0}) == ["b1", "a1", "b2", "a2"]


def test_no_project_starts_twice_while_another_waits() -> None:
    chance = random.Random(1)
    for _ in range(50):
        runs = waiting(*(f"{chance.choice('abcd')}{at}" for at in range(12)))
        order = fair(runs, [], {name: chance.random() for name in "abcd"})
        assert sorted(order) == sorted(run.id for run in runs)
        for at, run in enumerate(order):
            left = {name[0] for name in order[at:]}
            turns = {name: sum(done[0] == name for done in order[:at]) for name in left}
            assert turns[run[0]] == min(turns.values())


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    opened = default_store()
    yield opened
    opened.close()


def a_run(store: Store, project: str, **fields: float | Status) -> Run:
    return store.create_run(project, zoo.network("iris_mlp"), Settings(dataset="iris"), **fields)


def test_a_person_sees_the_place_that_the_supervisor_keeps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = (store.create_project(name, name, [zoo.network("iris_mlp")]).id for name in ("we", "they"))
    a_run(store, ours, status=Status.finished, started=50.0)
    a_run(store, theirs, status=Status.finished, started=20.0)
    runs = {name: a_run(store, project) for name, project in (("a1", ours), ("a2", ours), ("a3", ours), ("b1", theirs), ("b2", theirs))}
    expected = ["b1", "a1", "b2", "a2", "a3"]
    assert {name: store.run(run.id).queue_place for name, run in runs.items()} == {name: at + 1 for at, name in enumerate(expected)}
    seen: list[str] = []
    monkeypatch.setattr(supervisor, "start", lambda run, *_, **__: seen.append(run))
    watcher = supervisor.Supervisor(2, 60)
    watcher.fill(supervisor.alive_rows(), [])
    assert seen == [runs["b1"].id, runs["a1"].id]
    store.update_run(runs["b1"].id, status=Status.running, started=100.0)
    assert store.queue() == [runs[name].id for name in ("a1", "b2", "a2", "a3")]
    assert store.next_place(ours) == 5 and store.next_place(theirs) == 4 and store.next_place("somebody new") == 1


def test_a_full_slot_starts_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    project = store.create_project("we", "ours", [zoo.network("iris_mlp")]).id
    a_run(store, project, status=Status.running)
    a_run(store, project)
    busy, rows = supervisor.alive_rows()
    monkeypatch.setattr(supervisor, "start", lambda run, **_: pytest.fail("the slot was taken"))
    watcher = supervisor.Supervisor(1, 60)
    watcher.fill([rows], [busy])
