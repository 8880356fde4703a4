"""A run's details on the Train page: how it ended, its picture, its test, its settings, and whose it is."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder import zoo
from builder.datasets import table_dataset
from builder.datasets.typed_tables import folder as tables_folder
from builder.runs import Run, Settings, Status, folder
from builder.runs.record import TOO_LARGE
from builder.store import Project, Store
from pages.train import mistakes, picture
from tests.kit.numbers import number
from tests.kit.pages import Opened, html, labelled, texts


def ended_run(store: Store, project: Project, status: Status, dataset: str = "digits28", **fields: Any) -> Run:
    """A run that ended after two epochs."""
    run = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset=dataset, epochs=2))
    epochs = [("epoch", {"epoch": i, "step": i, "metrics": {"loss": 1 / i, "val_loss": 2 / i, "val_accuracy": 0.8}}) for i in (1, 2)]
    store.add_events(run.id, epochs)
    folder(run.id).mkdir(parents=True)
    (folder(run.id) / "history.json").write_text(json.dumps({"val_loss": [2.0, 1.0], "val_accuracy": [0.8, 0.8]}))
    return store.update_run(run.id, status=status, epoch=2, best_epoch=2, **fields)


def test_a_failed_run_says_why_and_its_traceback_is_text(opened: Opened, store: Store, project: Project) -> None:
    trace = "Traceback <script>alert(1)</script>\n**ValueError**"
    run = ended_run(store, project, Status.failed, message="The loss is <b>not</b> a number.", traceback=trace)
    page = opened(run=run.id)
    assert any("not" in error.value for error in page.error) and not any("<b>" in error.value for error in page.error)
    assert [code.value for code in page.code] == [trace]


def test_a_run_has_its_picture_where_it_kept_one_or_may_still_get_one(
    opened: Opened, store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(picture, "_COMPONENT", lambda key, data: shown.append(data))
    run = ended_run(store, project, Status.finished)
    opened(run=run.id)
    assert not shown  # from before there were pictures
    (folder(run.id) / "pictures").mkdir()
    (folder(run.id) / "pictures" / "00000.npz").touch()
    opened(run=run.id)
    alive = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"))
    opened(run=alive.id)
    assert [(data["run"], data["status"]) for data in shown] == [(run.id, "finished"), (alive.id, "queued")]


def test_a_loss_that_is_no_number_offers_a_learning_rate_ten_times_lower(opened: Opened, store: Store, project: Project) -> None:
    run = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits", learning_rate=0.5))
    store.update_run(run.id, status=Status.failed, message=f"The loss is no longer a number since epoch 1: {TOO_LARGE}.")
    page = opened(run=run.id)
    labelled(page.button, "Set the learning rate to 0.05").click().run()
    assert number(page, "learning_rate").value == pytest.approx(0.05)
    assert labelled(page.selectbox, "Dataset").value == "digits"


def test_the_test_part_is_used_once_and_its_figures_stay(
    opened: Opened, store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ended_run(store, project, Status.finished)
    asked = []

    def test(run_id: str) -> dict[str, float]:
        asked.append(run_id)
        store.add_events(run_id, [("test", {"metrics": {"accuracy": 0.9815, "loss": 0.0712}})])
        return {}

    monkeypatch.setattr(mistakes, "test", test)
    page = opened(run=run.id)
    labelled(page.button, "Test on 270 unseen samples").click().run()
    assert asked == [run.id]
    for shown in (page, opened(run=run.id)):
        assert "with the weights after epoch 2" in texts(shown)
        assert [(metric.label, metric.value) for metric in shown.metric] == [("Test accuracy", "0.9815"), ("Test loss", "0.0712")]
        assert not [button for button in shown.button if button.label.startswith("Test")]


def test_a_model_with_a_layer_of_our_own_says_how_keras_reads_it(opened: Opened, store: Store, project: Project) -> None:
    import runpy
    import sys

    import keras

    from builder.keras_bridge import to_keras
    from builder.runs.record import Settings as Chosen
    from builder.training.training import ends_of, write_records

    network = zoo.network("reversal_attention")
    run = store.create_run(project.id, network, Chosen(dataset="reversal"), status=Status.finished, epoch=1)
    model, place = to_keras(network), folder(run.id)
    write_records(run, ends_of(model))
    model.save(place / "model.keras")
    (told,) = [code.value for code in opened(run=run.id).code]
    sys.modules["program"] = type(sys)("program")
    vars(sys.modules["program"]).update(runpy.run_path(str(place / "program.py")))
    try:
        left: dict[str, Any] = {"FILE": place / "model.keras"}
        exec(told, left)
    finally:
        del sys.modules["program"]
    assert isinstance(left["model"], keras.Model) and left["model"].count_params() == model.count_params()


def test_a_run_s_settings_fill_the_form_again(opened: Opened, store: Store, project: Project) -> None:
    run = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits", epochs=5, learning_rate=0.02, seed=9))
    store.update_run(run.id, status=Status.finished)
    page = opened(run=run.id)
    labelled(page.button, "Use these settings").click().run()
    assert labelled(page.selectbox, "Dataset").value == "digits"
    assert number(page, "learning_rate").value == 0.02
    assert number(page, "Seed").value == 9


def test_a_run_is_renamed_and_deleted_but_not_while_it_is_alive(opened: Opened, store: Store, project: Project) -> None:
    run = ended_run(store, project, Status.running)
    page = opened(run=run.id)
    labelled(page.text_input, "Name").set_value("  without   dropout ").run()
    assert store.run(run.id).name == "without dropout"
    assert labelled(page.button, "Delete this run").disabled
    store.update_run(run.id, status=Status.finished)
    page = opened(run=run.id)
    labelled(page.button, "Delete this run").click().run()
    assert store.runs(project.id) == [] and not page.exception


def test_a_stranger_sees_the_run_but_can_change_nothing(opened: Opened, store: Store, project: Project) -> None:
    ended_run(store, project, Status.finished)
    page = opened("session-someone-else")
    assert "digit_cnn 1" in html(page)
    labels = [button.label for button in page.button if not button.disabled]
    assert not [label for label in labels if label.startswith(("Train", "Test", "Use", "Delete", "Fetch"))]
    assert all(element.disabled for element in (*page.selectbox, *page.text_input))


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("{"), lambda path: path.write_text("[]")])
def test_a_run_whose_table_is_gone_still_shows_all_else_and_can_be_renamed_and_deleted(
    opened: Opened, store: Store, project: Project, damage: Callable[[Path], Any]
) -> None:
    table = table_dataset("1,2,0\n3,4,1\n5,6,0\n7,8,1")
    run = ended_run(store, project, Status.finished, dataset=table.name)
    store.choose(project.id, training={"dataset": table.name, "epochs": 7})
    damage(tables_folder() / f"{table.name.removeprefix('table:')}.json")
    page = opened(run=run.id)
    assert "Its table is gone" in texts(page) and "adam" in texts(page) and not page.error
    assert any("history.csv" in element.proto.body for element in page.get("html"))
    assert number(page, "epochs").value == 7
    labelled(page.text_input, "Name").set_value("renamed").run()
    assert store.run(run.id).name == "renamed"
    labelled(page.button, "Delete this run").click().run()
    assert store.runs(project.id) == [] and not page.exception


def test_names_from_people_are_text(opened: Opened, store: Store, project: Project) -> None:
    run = ended_run(store, project, Status.finished)
    store.rename_run(run.id, "<img src=x onerror=alert(1)> **bold**")
    page = opened()
    assert "&lt;img src=x onerror" in html(page) and "<img src=x" not in html(page)
    assert not re.search(r"(?<!\\)(<img|\*\*bold)", texts(page))  # each sign stands behind a backslash
