"""Projects and edits with undo survive; what isn't yours stays closed."""

import sqlite3
import threading
from pathlib import Path

import pytest

from builder.errors import BuilderError, Missing, Stale
from builder.network.records import Network, Node
from builder.runs.record import Settings, Status
from builder.store import Store, may_edit
from tests.kit.storing import ME, STRANGER, network, statements


def test_a_project_is_found_again_by_its_owner(store: Store, home: Path) -> None:
    made = store.create_project(ME, "  My \n project ", [network(), network()])
    assert made.name == "My project"
    assert made.networks == ("first", "first 2")
    again = Store(f"sqlite:///{home / 'layerloom.sqlite'}")
    assert again.projects(ME) == [made] == [store.project(made.id)]
    assert store.projects(STRANGER) == []


def test_an_owner_s_token_is_never_stored(store: Store, home: Path) -> None:
    project = store.create_project(ME, "mine", [network()])
    assert may_edit(project, ME)
    assert not may_edit(project, STRANGER)
    assert not may_edit(project, "")
    assert not may_edit(project, project.owner)
    assert all(ME.encode() not in path.read_bytes() for path in home.glob("layerloom.sqlite*"))


def test_ids_cannot_be_guessed_and_bad_ones_are_a_sentence(store: Store) -> None:
    ids = {store.create_project(ME, "mine", [network()]).id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(each) >= 26 and each.isalnum() for each in ids)
    for bad in ("", "../x", "a'; drop table projects; --", "\ud800", "é", "x" * 10_000):
        with pytest.raises(Missing, match="not here"):
            store.project(bad)
        with pytest.raises(Missing, match="not here"):
            store.run(bad)


def test_the_last_changed_project_comes_first(store: Store) -> None:
    first, second = (store.create_project(ME, name, [network()]) for name in ("one", "two"))
    assert store.projects(ME)[0].id == second.id
    store.edit(first.id, "first", 0, "Add Dense", network(layers=2))
    assert store.projects(ME)[0].id == first.id


@pytest.mark.parametrize("count", [0, 1, 30])
def test_any_number_of_projects_is_one_question_to_the_database(store: Store, count: int) -> None:
    made = [store.create_project(ME, f"project {i}", [network("b"), network("a"), network("c")][: 1 + i % 3]) for i in range(count)]
    store.create_project(STRANGER, "another's", [network()])
    for i, project in enumerate(made):
        store.choose(project.id, layer=f"dense_{i}")
    with statements(store) as asked:
        found = store.projects(ME)
    assert len(asked) == 1, asked
    assert found == [store.project(each.id) for each in reversed(made)]


def test_an_edit_is_undone_and_redone_after_a_restart(store: Store, home: Path) -> None:
    project = store.create_project(ME, "mine", [network()])
    work = store.edit(project.id, "first", 0, "Add Dense", network(layers=2))
    assert (work.revision, work.can_undo, work.can_redo, work.history, work.position) == (1, True, False, ("Add Dense",), 1)
    again = Store(f"sqlite:///{home / 'layerloom.sqlite'}")
    work = again.undo(project.id, "first", 1)
    assert (work.network, work.revision, work.can_undo, work.can_redo) == (network(), 2, False, True)
    assert again.redo(project.id, "first").network == network(layers=2)


def test_undo_at_the_beginning_and_redo_at_the_end_change_nothing(store: Store) -> None:
    project = store.create_project(ME, "mine", [network()])
    assert store.undo(project.id, "first").revision == 0
    assert store.redo(project.id, "first").revision == 0


def test_an_edit_after_an_undo_forgets_what_was_undone(store: Store) -> None:
    project = store.create_project(ME, "mine", [network()])
    for layers in (2, 3, 4):
        store.edit(project.id, "first", None, f"To {layers}", network(layers=layers))
    store.undo(project.id, "first")
    store.undo(project.id, "first")
    work = store.edit(project.id, "first", None, "To 9", network(layers=9))
    assert (work.history, work.can_redo) == (("To 2", "To 9"), False)


def test_a_stale_edit_changes_nothing(store: Store) -> None:
    project = store.create_project(ME, "mine", [network()])
    store.edit(project.id, "first", 0, "One tab", network(layers=2))
    for late in (lambda: store.edit(project.id, "first", 0, "Another tab", network(layers=5)), lambda: store.undo(project.id, "first", 0)):
        with pytest.raises(Stale):
            late()
    assert store.work(project.id, "first").network == network(layers=2)


def test_the_history_remembers_200_edits(store: Store) -> None:
    project = store.create_project(ME, "mine", [network()])
    for i in range(205):
        work = store.edit(project.id, "first", i, f"Edit {i}", network(layers=1 + i % 3))
    assert (len(work.history), work.position, work.history[0]) == (200, 200, "Edit 5")
    for _ in range(201):
        work = store.undo(project.id, "first")
    assert (work.position, work.can_undo) == (0, False)


def test_renaming_a_network_is_an_edit_like_any_other(store: Store) -> None:
    project = store.create_project(ME, "mine", [network(), network("second")])
    store.edit(project.id, "first", None, "Rename", network("third"))
    assert store.project(project.id).networks == ("third", "second")
    with pytest.raises(BuilderError, match="taken"):
        store.edit(project.id, "third", None, "Rename", network("second"))
    assert store.undo(project.id, "third").network.name == "first"
    assert store.project(project.id).networks == ("first", "second")


def test_undoing_a_rename_to_a_name_taken_since_gives_it_a_number(store: Store) -> None:
    project = store.create_project(ME, "mine", [network()])
    store.edit(project.id, "first", None, "Rename", network("other"))
    store.add_network(project.id, network())
    assert store.undo(project.id, "other").network.name == "first 2"
    assert store.work(project.id, "first 2").network.name == "first 2"


def test_a_project_keeps_at_least_one_network(store: Store) -> None:
    project = store.create_project(ME, "mine", [network(), network("second")])
    assert store.delete_network(project.id, "first").networks == ("second",)
    with pytest.raises(BuilderError, match="at least one"):
        store.delete_network(project.id, "second")
    with pytest.raises(Missing, match="“gone”"):
        store.work(project.id, "gone")
    with pytest.raises(Missing, match="“gone”"):
        store.delete_network(project.id, "gone")


def test_choices_are_merged_and_bounded(store: Store) -> None:
    project = store.create_project(ME, "mine", [network()])
    store.choose(project.id, layer="dense", epoch=3)
    assert store.choose(project.id, epoch=None, training={"seed": 7}).choices == {"layer": "dense", "epoch": None, "training": {"seed": 7}}
    for bad in (float("nan"), "x" * 70_000, object()):
        with pytest.raises(BuilderError):
            store.choose(project.id, bad=bad)


@pytest.mark.parametrize("name", ["", " \n\t", "\x00", "x" * 81])
def test_names_are_bounded(store: Store, name: str) -> None:
    project = store.create_project(ME, "mine", [network()])
    for act in (
        lambda: store.rename_project(project.id, name),
        lambda: store.create_project(ME, name, [network()]),
        lambda: store.edit(project.id, "first", None, "Rename", network(name)),
    ):
        with pytest.raises(BuilderError, match="name"):
            act()


def test_markup_in_a_name_stays_the_text_it_is(store: Store) -> None:
    name = "<script>alert(1)</script> ![](http://x)"
    assert store.create_project(ME, name, [network(name)]).networks == (name,)


def test_a_huge_network_is_refused(store: Store) -> None:
    project = store.create_project(ME, "mine", [network()])
    huge = Network(name="first", nodes=(Node(name="a", layer="Dense", params={"text": "x" * 3_000_000}),))
    with pytest.raises(BuilderError, match="2 MiB"):
        store.edit(project.id, "first", None, "Import", huge)
    assert store.work(project.id, "first").network == network()


def test_a_stranger_s_copy_is_the_stranger_s_and_leaves_the_original_alone(store: Store) -> None:
    project = store.create_project(ME, "mine", [network(), network("second")])
    store.edit(project.id, "first", None, "Add", network(layers=4))
    run = store.create_run(project.id, network(), Settings(dataset="digits"))
    store.choose(project.id, run=run.id, layer="dense_0")
    copy = store.copy_project(project.id, STRANGER)
    assert (copy.networks, copy.choices) == (project.networks, {"layer": "dense_0"})
    assert may_edit(copy, STRANGER)
    assert not may_edit(copy, ME)
    assert store.work(copy.id, "first").network == network(layers=4)
    store.edit(copy.id, "first", None, "Add", network(layers=9))
    assert store.work(project.id, "first").network == network(layers=4)


def test_a_deleted_project_takes_its_rows_and_folders_along(store: Store, home: Path) -> None:
    project = store.create_project(ME, "mine", [network()])
    run = store.create_run(project.id, network(), Settings(dataset="digits"))
    store.add_events(run.id, [("batch", {"step": 1})])
    with pytest.raises(BuilderError, match="Stop it first"):
        store.delete_project(project.id)
    store.update_run(run.id, status=Status.finished)
    (home / "runs" / run.id).mkdir(parents=True)
    store.delete_project(project.id)
    assert not (home / "runs" / run.id).exists()
    with sqlite3.connect(home / "layerloom.sqlite") as rows:
        counts = {
            table: rows.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("projects", "networks", "edits", "runs", "events")
        }
    assert set(counts.values()) == {0}, counts


def test_what_is_read_in_a_snapshot_belongs_together_whoever_writes_meanwhile(store: Store) -> None:
    project = store.create_project(ME, "first", [network()])
    with store.snapshot():
        before = store.project(project.id)
        other = threading.Thread(target=store.rename_project, args=(project.id, "second"))
        other.start()
        other.join()
        assert store.project(project.id) == before
    assert store.project(project.id).name == "second"
