"""A run summed up: each number with its metric, its part and its epoch, wherever it stands; and lists whose entries differ."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.cli.training import run_facts, trained_rows
from builder.datasets import table_dataset
from builder.runs import Run, Settings, Status, folder
from builder.store import Project, Store
from pages.explore.input.choose import which_epoch
from pages.explore.input.choose_run import run_labels
from pages.frame.words import plain
from pages.train import live
from pages.train.settings import titles

PAGE = Path(__file__).resolve().parents[2] / "pages" / "2_train.py"
ME = "session-me"
# as sgd with a rate of 10 does: the lowest val_loss is at epoch 1, the highest val_accuracy at epoch 2
HISTORY = {"loss": [3.0, 2.9], "accuracy": [0.1, 0.1], "val_loss": [2.3, 2.5], "val_accuracy": [0.098, 0.102]}


def finished(store: Store, project: Project, history: dict[str, list[float]] = HISTORY, **settings: Any) -> Run:
    run = store.create_run(project.id, zoo.network("digit_cnn"), Settings(**{"dataset": "digits28", "epochs": 2, **settings}))
    folder(run.id).mkdir(parents=True)
    (folder(run.id) / "history.json").write_text(json.dumps(history))
    last = {name: values[-1] for name, values in history.items()}
    return store.update_run(run.id, status=Status.finished, epoch=2, best_epoch=1, metrics=last)


def test_what_is_lowest_is_named_and_the_figure_beside_it_is_of_that_epoch(store: Store, project: Project) -> None:
    run = finished(store, project)
    assert live.best(run.id, 2, 1) == {"best": 0.098, "best_metric": "val_accuracy", "best_of": "val_loss"}
    alone = finished(store, project, {"loss": [3.0, 3.1]})
    assert live.best(alone.id, 2, 1) == {"best": 3.0, "best_metric": "loss", "best_of": "loss"}


def test_the_command_line_names_the_epoch_of_each_figure(store: Store, project: Project) -> None:
    result = run_facts(finished(store, project))
    assert result["epoch"] == 2 and result["metrics"]["val_accuracy"] == 0.102
    assert result["lowest"] == {"of": "val_loss", "epoch": 1, "metrics": {name: values[0] for name, values in HISTORY.items()}}
    rows = dict(trained_rows(result))
    assert "val_accuracy 0.102" in rows["epoch 2, the last"] and "val_accuracy 0.098" in rows["epoch 1, lowest val_loss"]


def test_a_run_in_explore_s_list_has_its_figure_with_metric_and_epoch_and_differs_from_every_other(store: Store, project: Project) -> None:
    one, other = finished(store, project), finished(store, project)
    assert run_labels([one, other])[one.id] == "digit_cnn 1 · 0.102 val_accuracy at epoch 2"
    store.rename_run(other.id, one.name)
    labels = run_labels(store.runs(project_id=project.id))
    assert len(set(labels.values())) == 2 and labels[other.id].endswith("run 2")


def test_explore_says_which_epoch_it_shows_and_where_train_s_lowest_loss_was(store: Store, project: Project) -> None:
    run = finished(store, project)
    assert which_epoch(run, 2, 2) == "The weights after epoch 2, the newest. The lowest val_loss was at epoch 1."
    assert which_epoch(run, 1, 2) == "The weights after epoch 1, where val_loss was lowest."
    assert which_epoch(run, 0, 2) == "Untrained weights. The lowest val_loss was at epoch 1."


def test_runs_say_in_what_they_differ_and_nothing_else(store: Store, project: Project) -> None:
    first = finished(store, project)
    second = finished(store, project, optimizer="sgd", learning_rate=0.5, epochs=1)
    said = live.differences(store.runs(project_id=project.id))
    assert said == {first.id: "2 epochs · adam · learning rate 0.001", second.id: "1 epoch · sgd · learning rate 0.5"}
    assert live.differences([first]) == {first.id: ""}


def test_two_tables_of_one_title_are_two_entries(home: Path) -> None:
    one, other = table_dataset("a,b,t\n1,2,0\n3,4,1\n5,6,0\n7,8,1", "Mine"), table_dataset("c,d,t\n1,2,0\n3,4,1\n5,6,0\n7,9,1", "Mine")
    labels = titles([one.name, other.name, "digits28"])
    assert labels["digits28"] == "Handwritten digits, 28 × 28"
    assert labels[one.name] == "Mine, a b" and labels[other.name] == "Mine, c d"


def test_a_new_run_that_waits_leaves_the_curves_of_the_one_at_work_on_the_screen(
    store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.web.starting.launch", lambda run: None)
    busy = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"), status=Status.running)
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["_owner"] = ME
    page.query_params["project"] = project.id
    page.run()
    next(button for button in page.button if button.label == "Train").click().run()
    new, _ = store.runs(project_id=project.id)
    assert new.status == Status.queued and store.project(project.id).choices["run"] == busy.id
    assert [toast.value for toast in page.toast] == [plain(f"{new.name} is in the queue behind {busy.name}.")]
