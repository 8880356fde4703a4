"""The data folder: what is used is said, and of old runs that nobody has named or looked at only what nobody will miss goes."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.__main__ import main
from builder.engine import tidying
from builder.engine.data_use import data_use
from builder.engine.shipped import install
from builder.engine.supervisor import Supervisor
from builder.runs import Run, Settings, Status, folder
from builder.runs.run_folder import epoch_path, epochs, note_look
from builder.store import default_store
from builder.words import format_bytes

OLD = time.time() - 100 * tidying.DAY


def an_old_run(project: str | None = None, status: Status = Status.finished, best: int = 3) -> Run:
    """A run of six epochs that ended 100 days ago."""
    store = default_store()
    run = store.create_run(
        project, zoo.network("iris_mlp"), Settings(dataset="iris"), status=status, created=OLD, ended=OLD, best_epoch=best
    )
    place = folder(run.id)
    (place / "epochs").mkdir(parents=True)
    for path in (*(epoch_path(place, epoch) for epoch in range(7)), place / "state.npz", place / "model.keras", place / "history.json"):
        path.write_bytes(b"x" * 10_000)
    os.utime(place, (OLD, OLD))
    return run


def files(run: Run) -> set[str]:
    return {path.name for path in folder(run.id).rglob("*") if path.is_file()}


def test_of_an_old_run_the_first_the_best_and_the_last_epoch_stay(home: Path) -> None:
    run = an_old_run()
    [freed] = tidying.tidy(90).values()
    assert epochs(folder(run.id)) == [0, 3, 6]
    assert files(run) >= {"model.keras", "history.json"} and "state.npz" not in files(run)
    assert freed >= 5 * 10_000
    assert tidying.tidy(90) == {}


def test_a_run_that_can_be_resumed_keeps_its_state(home: Path) -> None:
    run = an_old_run(status=Status.interrupted)
    tidying.tidy(90)
    assert "state.npz" in files(run) and epochs(folder(run.id)) == [0, 3, 6]


def test_nothing_goes_of_what_is_young_named_shown_looked_at_or_at_work(home: Path) -> None:
    store = default_store()
    project = store.create_project("me", "mine", [zoo.network("iris_mlp")]).id
    young, named, shown, looked, works = (an_old_run(project) for _ in range(5))
    store.update_run(young.id, ended=time.time())
    store.rename_run(named.id, "the one for the report")
    store.choose(project, run=shown.id)
    note_look(folder(looked.id))
    store.update_run(works.id, status=Status.running)
    kept = {run.id: files(run) for run in (young, named, shown, looked, works)}
    assert tidying.tidy(90) == {}
    assert {run.id: files(run) for run in (young, named, shown, looked, works)} == kept


def test_a_play_that_nobody_has_kept_goes_as_a_whole_after_a_day(home: Path) -> None:
    store = default_store()
    project = store.create_project("me", "mine", [zoo.network("iris_mlp")]).id
    gone, kept, named, looked, works = (an_old_run(project) for _ in range(5))
    for run in (gone, kept, named, looked, works):
        store.update_run(run.id, played=True)
    store.update_run(kept.id, pinned=True)
    store.rename_run(named.id, "the one for the report")
    note_look(folder(looked.id))
    store.update_run(works.id, status=Status.running)
    assert tidying.tidy(1000)[gone.id] >= 9 * 10_000
    assert not folder(gone.id).exists()
    assert {run.id for run in store.runs()} == {kept.id, named.id, looked.id, works.id}
    assert len(files(kept)) == 10


def test_what_ships_is_shared_by_all_and_stays_and_counts_once(home: Path) -> None:
    store = default_store()
    runs = [install(store.create_project(name, "mine", [zoo.network("digit_cnn")]).id) for name in ("a", "b")]
    before = [each for each in tidying.usage() if each.name == "runs"]
    for run in runs:
        assert run is not None
        os.utime(folder(run.id), (OLD, OLD))
        store.update_run(run.id, ended=OLD)
    assert tidying.tidy(90) == {}
    install(store.create_project("c", "mine", [zoo.network("digit_cnn")]).id)
    assert [each.bytes for each in tidying.usage() if each.name == "runs"] == [each.bytes for each in before]


@pytest.mark.parametrize(("days", "goes"), [("90", True), ("0", False)])
def test_the_supervisor_tidies_once_a_day_unless_it_is_told_never_to(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], days: str, goes: bool
) -> None:
    monkeypatch.setenv("BUILDER_KEEP_DAYS", days)
    run, watcher = an_old_run(), Supervisor(1, 60)
    watcher.tidy()
    assert (epochs(folder(run.id)) == [0, 3, 6]) == goes
    assert (run.id in capsys.readouterr().out) == goes
    later = an_old_run()
    watcher.tidy()
    assert len(epochs(folder(later.id))) == 7


def test_the_page_s_line_has_the_last_count_at_once_and_what_du_counts_in_the_end(home: Path) -> None:
    an_old_run()
    assert data_use() is None  # the count has only begun
    deadline = time.monotonic() + 30
    while data_use() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    paths = [path for path in home.rglob("*") if path.is_file()]
    said = subprocess.run(["du", "-c", "-B1", *paths], capture_output=True, text=True, check=True).stdout
    assert data_use() == int(said.splitlines()[-1].split()[0]) > 100_000
    line = AppTest.from_string("from pages.train import used; used.show()").run().caption[0].value
    assert format_bytes(data_use() or 0) in line.replace("\\", "") and "builder tidy" in line


def test_the_command_line_says_what_is_used_and_deletes_only_when_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = an_old_run()
    assert main(["tidy"]) == 0
    said = capsys.readouterr().out
    assert "layerloom.sqlite" in said and "runs" in said and "1 run that ended more than 90 days ago" in said and "tidy --now" in said
    assert len(epochs(folder(run.id))) == 7
    assert main(["tidy", "--now", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert epochs(folder(run.id)) == [0, 3, 6] and told["freed"] == told["can_go"] and told["freed"][run.id] >= 50_000
    assert {each["name"] for each in told["used"]} >= {"layerloom.sqlite", "runs"}


def test_days_that_are_no_number_are_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BUILDER_KEEP_DAYS", "ninety")
    assert main(["tidy"]) == 1
    assert capsys.readouterr().err == "BUILDER_KEEP_DAYS needs a number, but got “ninety”. Without it, 90 is taken.\n"
    monkeypatch.setenv("BUILDER_KEEP_DAYS", "")
    assert tidying.keep_days() == 90
