"""From the form of the Train page to a run: one press makes one, and what does not fit is said beside the button that mends it."""

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import record
from builder.engine import calls
from builder.network import apply
from builder.runs import Settings
from builder.store import Project, Store
from pages.frame.words import plain
from tests.kit.numbers import number
from tests.kit.pages import Opened, labelled


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


def test_a_run_that_an_address_asks_for_and_that_is_not_here_is_said_once(opened: Opened, store: Store, project: Project) -> None:
    there = store.create_run(project.id, zoo.network("digit_cnn"), Settings(dataset="digits28"))
    page = opened(run="nope")
    said = plain("The run that was asked for is not here: it may have been deleted. This is the newest.")
    assert [toast.value for toast in page.toast] == [said]
    assert not page.run().toast
    assert not opened(run=there.id).toast


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


def table_form(project: Project) -> AppTest:
    """The dialog's own content: AppTest closes a dialog with every run."""

    def script() -> None:
        from pages.frame import state
        from pages.train import table as train_table

        train_table.table_form(state.current())

    form = AppTest.from_function(script, default_timeout=60)
    form.session_state["_owner"] = "session-me"
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
