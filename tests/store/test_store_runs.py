"""Runs in the store: frozen with their network and settings, listed without unpacking it, with numbered events and wishes."""

import sqlite3
from pathlib import Path

import pytest

from builder.errors import BuilderError, Missing
from builder.runs.record import Settings, Status
from builder.store import Store, run_rows
from builder.store.encoding import decode_network
from tests.kit.storing import ME, STRANGER, network, statements


def test_a_run_is_frozen_with_its_network_and_settings(store: Store) -> None:
    project = store.create_project(ME, "mine", [network()])
    settings = Settings(dataset="digits", epochs=3, metrics=("accuracy",))
    run = store.create_run(project.id, network(layers=2), settings)
    store.edit(project.id, "first", None, "Add", network(layers=7))
    assert (run.number, run.name, run.status, run.epochs, run.queue_place) == (1, "first 1", Status.queued, 3, 1)
    assert (store.run(run.id).network, store.run(run.id).settings) == (network(layers=2), settings)


def test_runs_count_within_their_project_and_queue_across_projects(store: Store) -> None:
    one, two = (store.create_project(ME, name, [network()]) for name in ("one", "two"))
    runs = [store.create_run(project, network(), Settings(dataset="digits")) for project in (one.id, two.id, one.id, None)]
    assert [run.number for run in runs] == [1, 1, 2, 1]
    assert [run.queue_place for run in runs] == [1, 2, 3, 3]  # the last one is another's first: it goes before a second one
    store.update_run(runs[0].id, status=Status.running)
    assert [store.run(run.id).queue_place for run in runs] == [None, 1, 3, 2]
    assert [run.id for run in store.runs()] == [run.id for run in reversed(runs)]
    assert [run.id for run in store.runs(project_id=one.id)] == [runs[2].id, runs[0].id]
    assert len(store.runs(owner=ME)) == 3
    assert store.runs(owner=STRANGER) == []
    assert [run.id for run in store.runs(status=[Status.running])] == [runs[0].id]


def test_a_list_of_runs_unpacks_no_network_and_asks_the_same_for_any_number(store: Store) -> None:
    asked = []
    for i in range(150):
        run = store.create_run(None, network(f"net {i}", layers=1 + i % 3), Settings(dataset="digits"))
        if i in (2, 149):
            before = decode_network.cache_info()
            with statements(store) as heard:
                found = store.runs()
            asked.append(len(heard))
            assert decode_network.cache_info() == before
    assert asked[0] == asked[1]
    assert [(run.network_name, run.queue_place) for run in found[:2]] == [("net 149", 150), ("net 148", 149)]
    assert store.run_summary(run.id) == found[0] and decode_network.cache_info() == before
    assert store.run(run.id).network == network("net 149", layers=3)


def test_a_run_whose_network_is_damaged_is_listed_and_can_be_deleted(store: Store, home: Path) -> None:
    whole, damaged = (store.create_run(None, network(), Settings(dataset="digits"), status=Status.finished) for _ in range(2))
    with sqlite3.connect(home / "layerloom.sqlite") as rows:
        rows.execute("update runs set networks = x'00' where id = ?", (damaged.id,))
    assert [run.id for run in store.runs()] == [damaged.id, whole.id]
    with pytest.raises(BuilderError, match="cannot read"):
        store.run(damaged.id)
    store.delete_run(damaged.id)
    assert [run.id for run in store.runs()] == [whole.id]


def test_events_are_numbered_from_one_and_read_from_anywhere(store: Store) -> None:
    run, other = (store.create_run(None, network(), Settings(dataset="digits")) for _ in range(2))
    assert store.add_events(run.id, [("batch", {"step": step}) for step in range(3)]) == 3
    store.add_events(other.id, [("batch", {"step": 9})])
    assert store.add_events(run.id, [("epoch", {"epoch": 1})], epoch=1, metrics={"loss": 0.5}) == 4
    assert [(event.n, event.kind) for event in store.events(run.id, after=2)] == [(3, "batch"), (4, "epoch")]
    assert [event.n for event in store.events(run.id, limit=2)] == [1, 2]
    assert (store.run(run.id).epoch, store.run(run.id).metrics) == (1, {"loss": 0.5})
    with pytest.raises(Missing, match="not here"):
        store.add_events("gone", [("batch", {})])


def test_a_loss_that_is_no_number_leaves_a_gap(store: Store) -> None:
    run = store.create_run(None, network(), Settings(dataset="digits"))
    store.add_events(run.id, [("batch", {"metrics": {"loss": float("nan"), "accuracy": 0.1}})], metrics={"loss": float("inf")})
    assert store.events(run.id)[0].data == {"metrics": {"accuracy": 0.1}}
    assert store.run(run.id).metrics == {}


def test_the_last_wish_counts_until_it_is_answered(store: Store) -> None:
    run = store.create_run(None, network(), Settings(dataset="digits"))
    assert store.asked(run.id) == ""
    store.ask(run.id, "pause")
    store.ask(run.id, "stop")
    store.answered(run.id, "pause")
    assert store.asked(run.id) == "stop"
    store.answered(run.id, "stop")
    assert store.asked(run.id) == ""
    with pytest.raises(BuilderError, match="pause, step, resume, stop"):
        store.ask(run.id, "explode")
    assert store.asked("deleted") == "stop"


def test_a_run_is_renamed_and_deleted_once_it_has_ended(store: Store, home: Path) -> None:
    run = store.create_run(None, network(), Settings(dataset="digits"))
    assert store.rename_run(run.id, "Best so far").name == "Best so far"
    with pytest.raises(BuilderError, match="Stop it first"):
        store.delete_run(run.id)
    store.update_run(run.id, status=Status.failed, message="no", traceback="line 1")
    store.delete_run(run.id)
    assert store.runs() == []


@pytest.mark.parametrize("most", [1, 3, 7, 100])
def test_a_history_keeps_all_but_batches_and_thins_those_evenly_from_the_newest_on(store: Store, most: int) -> None:
    run = store.create_run(None, network(), Settings(dataset="digits"))
    kinds = ["epoch" if number % 10 == 9 else "batch" for number in range(60)]
    store.add_events(run.id, [(kind, {"at": number}) for number, kind in enumerate(kinds)])
    found = store.history(run.id, most)
    batches = [event.n for event in store.events(run.id) if event.kind == "batch"]
    every = -(-len(batches) // most)
    assert [event.n for event in found if event.kind == "batch"] == batches[::-1][::every][::-1]
    assert [event for event in found if event.kind != "batch"] == [event for event in store.events(run.id) if event.kind != "batch"]
    assert found == sorted(found, key=lambda event: event.n)


def test_the_last_event_of_a_kind_is_found_among_any_others(store: Store) -> None:
    run = store.create_run(None, network(), Settings(dataset="digits"))
    assert store.last_event(run.id, "test") is None
    store.add_events(
        run.id, [("test", {"metrics": {"loss": 2.0}}), *[("batch", {})] * 5, ("test", {"metrics": {"loss": 1.0}}), ("batch", {})]
    )
    event = store.last_event(run.id, "test")
    assert event is not None and (event.n, event.data) == (7, {"metrics": {"loss": 1.0}})


def test_a_list_of_runs_unpacks_no_network(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(140):
        store.create_run(None, network(layers=number % 3 + 1), Settings(dataset="digits"))
    unpacked: list[bytes] = []
    own = run_rows.unpack_networks
    monkeypatch.setattr(run_rows, "unpack_networks", lambda content: unpacked.append(content) or own(content))
    runs = store.runs()
    assert len(runs) == 140 and {run.network_name for run in runs} == {"first"} and unpacked == []
    assert store.run(runs[0].id).network.name == "first" and len(unpacked) == 1


def test_a_run_holds_several_networks_by_their_roles(store: Store) -> None:
    roles = {"generator": network(layers=2), "discriminator": network(layers=1)}
    run = store.create_run(None, roles, Settings(dataset="digits"))
    assert store.run(run.id).networks == roles and list(run.networks) == list(roles)
    assert store.update_run(run.id, epoch=3).networks == roles and run.network == roles["generator"]
