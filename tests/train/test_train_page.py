"""The Train page alone: its form keeps what is chosen, a press makes one run, details say what happened to a run."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.__main__ import main
from builder.catalogue import LAYERS
from builder.datasets import record, table_dataset
from builder.datasets.typed_tables import folder as tables_folder
from builder.engine import calls
from builder.errors import BuilderError
from builder.network import apply
from builder.recipes import RECIPES, propose_for
from builder.runs import Run, Settings, Status, folder
from builder.runs.record import TOO_LARGE
from builder.store import Project, Store, default_store
from builder.web.editing import analysed
from pages.train import mistakes, picture, start
from tests.kit.numbers import number

PAGE = Path(__file__).resolve().parents[2] / "pages" / "2_train.py"
ME = "session-me"
Opened = Callable[..., AppTest]


@pytest.fixture
def store(home: Path) -> Store:
    return default_store()


@pytest.fixture
def project(store: Store) -> Project:
    return store.create_project(ME, "mine", [zoo.network("digit_cnn")])


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the runs that the page launches, none of which really starts."""
    ids: list[str] = []
    monkeypatch.setattr("builder.web.starting.launch", lambda run: ids.append(run.id))
    return ids


@pytest.fixture
def opened(project: Project, launched: list[str]) -> Opened:
    """Open the page as the project's owner, or as someone else."""

    def open_page(owner: str = ME, **query: str) -> AppTest:
        for name in default_store().project(project.id).networks:
            calls.analyse(default_store().work(project.id, name).network, timeout=120)  # however long Keras takes to load here
        page = AppTest.from_file(str(PAGE), default_timeout=60)
        page.session_state["_owner"] = owner
        for key, value in {"project": project.id, **query}.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception
        return page

    return open_page


def labelled(elements: Any, label: str) -> Any:
    """The one element of this label."""
    found = [element for element in elements if element.label.startswith(label)]
    assert len(found) == 1, [element.label for element in elements]
    return found[0]


def html(page: AppTest) -> str:
    """Everything that the page writes as HTML."""
    return "\n".join(element.proto.body for element in page.get("html"))


def texts(page: AppTest) -> str:
    """Everything that the page says."""
    kinds = (page.markdown, page.caption, page.error, page.warning, page.info, page.code)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def ended_run(store: Store, project: Project, status: Status, dataset: str = "digits28", **fields: Any) -> Run:
    """A run that ended after two epochs."""
    run = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset=dataset, epochs=2))
    epochs = [("epoch", {"epoch": i, "step": i, "metrics": {"loss": 1 / i, "val_loss": 2 / i, "val_accuracy": 0.8}}) for i in (1, 2)]
    store.add_events(run.id, epochs)
    folder(run.id).mkdir(parents=True)
    (folder(run.id) / "history.json").write_text(json.dumps({"val_loss": [2.0, 1.0], "val_accuracy": [0.8, 0.8]}))
    return store.update_run(run.id, status=status, epoch=2, best_epoch=2, **fields)


def test_the_form_starts_with_the_network_s_own_data_and_the_loss_that_is_proposed(opened: Opened, project: Project) -> None:
    page = opened()
    network = zoo.network("digit_cnn")
    proposal = propose_for(RECIPES["supervised"], record("digits28"), network, analysed(network), LAYERS)
    assert labelled(page.selectbox, "Dataset").value == "digits28"
    assert labelled(page.selectbox, "Loss").value == proposal.loss
    assert any("proposed: 10 classes, softmax" in element.proto.body for element in page.get("html"))
    assert number(page, "epochs").value == record("digits28").epochs


def test_what_is_chosen_is_there_again_in_another_session(opened: Opened, store: Store, project: Project) -> None:
    page = opened()
    number(page, "epochs").set_value(7).run()
    labelled(page.selectbox, "Optimizer").select("sgd").run()
    again = opened()
    assert number(again, "epochs").value == 7
    assert labelled(again.selectbox, "Optimizer").value == "sgd"
    assert store.project(project.id).choices["training"] == {"epochs": 7, "optimizer": "sgd"}


def test_a_wrong_number_is_said_below_its_field_and_nothing_trains_until_it_is_mended(
    opened: Opened, store: Store, project: Project
) -> None:
    page = opened()
    number(page, "epochs").set_value(0).run()
    assert "epochs needs a whole number from 1 to 100,000, but got 0." in texts(page).replace("\\", "")
    assert number(page, "epochs").value == 0 and labelled(page.button, "Train").disabled
    number(page, "epochs").set_value(None).run()  # emptied: what was kept comes back
    assert number(page, "epochs").value == record("digits28").epochs and not labelled(page.button, "Train").disabled
    assert "training" not in store.project(project.id).choices


@pytest.mark.parametrize(("text", "rate"), [("0,01", 0.01), ("1e-4", 0.0001), (" 0.02 ", 0.02)])
def test_a_learning_rate_is_read_with_a_comma_as_with_a_point(
    opened: Opened, store: Store, project: Project, text: str, rate: float
) -> None:
    page = opened()
    number(page, "learning_rate").set_value(text).run()
    assert store.project(project.id).choices["training"]["learning_rate"] == rate
    assert number(page, "learning_rate").value == rate


@pytest.mark.parametrize(("label", "text"), [("learning_rate", "1,000"), ("epochs", "3.7"), ("batch_size", "1.024"), ("epochs", "ten")])
def test_a_number_that_may_be_another_one_stays_in_its_field_and_nothing_is_trained(
    opened: Opened, store: Store, project: Project, label: str, text: str
) -> None:
    page = opened()
    number(page, label).set_value(text).run()
    assert number(page, label).text == text and f"{label} needs a" in texts(page).replace("\\", "")
    assert labelled(page.button, "Train").disabled and "training" not in store.project(project.id).choices


def test_where_the_data_do_not_fit_the_network_that_fits_comes_first_and_no_button_breaks_a_layer(opened: Opened) -> None:
    calls.analyse(zoo.network("digit_cnn"), timeout=120)  # Keras is loaded
    page = opened()
    labelled(page.selectbox, "Dataset").select("iris").run()
    shown = [button.label.replace("\\", "") for button in page.button]
    helps = [label for label in shown if label.startswith(("Take", "Set"))]
    assert helps[0] == "Take the network iris_mlp" and not [label for label in helps if label.startswith("Set the shape")]
    labelled(page.button, "Take the network").click().run()
    calls.analyse(zoo.network("iris_mlp"), timeout=120)  # so that the page does not wait for it
    page.run()
    assert not page.error and not labelled(page.button, "Train").disabled


OWN_SETTINGS = [name for name, entry in zoo.ZOO.items() if entry.epochs or entry.learning_rate]


@pytest.mark.parametrize("name", OWN_SETTINGS)
def test_a_network_of_the_zoo_trains_with_its_own_settings_from_the_page_as_from_the_command_line(
    opened: Opened, store: Store, project: Project, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    store.add_network(project.id, zoo.network(name))
    store.choose(project.id, network=name)
    page = opened()
    labelled(page.button, "Train").click().run()
    (run,) = store.runs(project.id)
    asked: list[Settings] = []

    def refuse(network: Any, settings: Settings, *more: Any) -> Run:
        asked.append(settings)
        raise BuilderError("Training", "nothing", "a test")

    monkeypatch.setattr("builder.engine.launch.train", refuse)
    main(["train", name, "--data", run.settings.dataset])
    entry = zoo.ZOO[name]
    assert run.settings == asked[0]
    assert run.settings.epochs == entry.epochs and run.settings.learning_rate == (
        entry.learning_rate or record(run.settings.dataset).learning_rate
    )


def test_another_network_brings_its_own_settings_and_what_a_person_chose_stays(opened: Opened, store: Store, project: Project) -> None:
    for name in ("vae", "vae", "iris_mlp"):
        store.add_network(project.id, zoo.network(name))
    page = opened()
    shown = {}
    for name in ("vae", "vae 2", "iris_mlp"):
        page.session_state["_choices"]["network"] = name
        page.run()
        shown[name] = labelled(page.selectbox, "Dataset").value, number(page, "epochs").value
    assert shown == {"vae": ("digits28", 40), "vae 2": ("digits28", 40), "iris_mlp": ("iris", record("iris").epochs)}
    number(page, "epochs").set_value(7).run()
    page.session_state["_choices"]["network"] = "vae"
    page.run()
    assert number(page, "epochs").value == 7
    labelled(page.selectbox, "Dataset").select("digits").run()  # another dataset begins anew
    assert number(page, "epochs").value == 40


def test_metrics_are_chosen_among_those_that_fit_kept_and_trained_with(opened: Opened, store: Store, project: Project) -> None:
    page = opened()
    field = labelled(page.multiselect, "Metrics")
    assert field.value == ["accuracy"] and field.options == ["accuracy", "precision", "recall", "auc", "top_k_categorical_accuracy"]
    field.set_value(["accuracy", "auc"]).run()
    assert store.project(project.id).choices["training"]["metrics"] == ["accuracy", "auc"]
    again = opened()
    assert labelled(again.multiselect, "Metrics").value == ["accuracy", "auc"]
    labelled(again.button, "Train").click().run()
    (run,) = store.runs(project.id)
    assert run.settings.metrics == ("accuracy", "auc") and "measures accuracy, auc" in texts(again).replace("\\", "")
    labelled(again.multiselect, "Metrics").set_value([]).run()  # emptied: the proposed ones
    assert labelled(again.multiselect, "Metrics").value == ["accuracy"]
    assert store.project(project.id).choices["training"]["metrics"] == []


def test_metrics_that_fit_no_more_are_left_out(opened: Opened, store: Store, project: Project) -> None:
    store.add_network(project.id, zoo.network("vae"))
    store.choose(project.id, training={"metrics": ["accuracy", "auc"]}, network="vae")
    page = opened()
    field = labelled(page.multiselect, "Metrics")
    assert field.value == ["mean_squared_error"] and "auc" not in field.options
    labelled(page.button, "Train").click().run()
    assert store.runs(project.id)[0].settings.metrics == ()


def test_another_optimizer_brings_keras_s_own_rate_until_a_person_sets_one(opened: Opened) -> None:
    page = opened()
    for name, rate in (("sgd", 0.01), ("adam", record("digits28").learning_rate)):
        labelled(page.selectbox, "Optimizer").select(name).run()
        assert number(page, "learning_rate").value == rate
    number(page, "learning_rate").set_value(0.5).run()
    labelled(page.selectbox, "Optimizer").select("sgd").run()
    assert number(page, "learning_rate").value == 0.5


def test_another_dataset_brings_its_own_epochs_and_its_steps_are_shown(opened: Opened) -> None:
    page = opened()
    labelled(page.selectbox, "Dataset").select("digits").run()
    assert number(page, "epochs").value == record("digits").epochs
    assert any("Resize 8 × 8 to 28 × 28" in caption.value.replace("\\", "") for caption in page.caption)


def test_a_press_on_train_makes_one_run_even_when_it_is_a_double_click(
    opened: Opened, store: Store, project: Project, launched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.train.start.TWICE", 600.0)  # a moment, however busy the machine is
    page = opened()
    number(page, "epochs").set_value(3).run()
    labelled(page.button, "Train").click().run()
    labelled(page.button, "Train").click().run()
    (run,) = store.runs(project.id)
    assert launched == [run.id] and run.settings.epochs == 3 and run.settings.dataset == "digits28"
    assert store.project(project.id).choices["run"] == run.id


def test_a_class_count_that_does_not_fit_is_said_and_its_button_mends_it(
    opened: Opened, store: Store, project: Project, launched: list[str]
) -> None:
    work = store.work(project.id, "digit_cnn")
    wrong = apply(work.network, {"kind": "set", "name": "digits", "params": {"units": 7}}, LAYERS)
    store.edit(project.id, "digit_cnn", work.revision, "Seven units", wrong)
    calls.analyse(wrong, timeout=120)  # kept for the page, however long Keras takes to load here
    page = opened()
    assert any("10" in error.value and "7" in error.value for error in page.error)
    assert labelled(page.button, "Train").disabled
    labelled(page.button, "Set units to 10").click().run()
    assert store.work(project.id, "digit_cnn").network.node("digits").params["units"] == 10
    assert not page.error and not labelled(page.button, "Train").disabled


def test_a_dataset_that_cannot_fit_offers_the_network_it_starts_with(opened: Opened, store: Store, project: Project) -> None:
    network = zoo.network(record("iris").network)
    calls.analyse(network, timeout=120)
    page = opened()
    labelled(page.selectbox, "Dataset").select("iris").run()
    assert page.error and labelled(page.button, "Train").disabled
    labelled(page.button, "Take the network").click().run()
    assert network.name in store.project(project.id).networks
    assert not page.error and not labelled(page.button, "Train").disabled


def test_a_loss_that_disagrees_with_the_last_layer_is_warned_of_and_the_proposal_is_one_press_away(opened: Opened) -> None:
    page = opened()
    labelled(page.selectbox, "Loss").select("mean_squared_error").run()
    assert page.warning
    labelled(page.button, "Use sparse").click().run()
    assert labelled(page.selectbox, "Loss").value == "sparse_categorical_crossentropy" and not page.warning


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


def table_form(project: Project) -> AppTest:
    """The dialog's own content: AppTest closes a dialog with every run."""

    def script() -> None:
        from pages.frame import state
        from pages.train import table as train_table

        train_table.table_form(state.current())

    form = AppTest.from_function(script, default_timeout=60)
    form.session_state["_owner"] = ME
    form.query_params["project"] = project.id
    return form.run()


def test_a_table_typed_by_hand_becomes_the_dataset(opened: Opened, store: Store, project: Project) -> None:
    labelled(table_form(project).button, "Use this table").click().run()
    name = store.project(project.id).choices["training"]["dataset"]
    assert record(name).count == 5 and record(name).input_shape == (2,)
    assert labelled(opened().selectbox, "Dataset").value == name


def test_a_table_with_a_mistake_says_where_and_keeps_the_text(store: Store, project: Project) -> None:
    form = table_form(project)
    labelled(form.text_area, "Rows").set_value("1, 2, 0\n3, x, 1\n5, 6, 0").run()
    labelled(form.button, "Use this table").click().run()
    assert any("Line 2" in error.value for error in form.error)
    assert labelled(form.text_area, "Rows").value.startswith("1, 2, 0")
    assert "training" not in store.project(project.id).choices
