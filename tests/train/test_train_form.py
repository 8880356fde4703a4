"""The form of the Train page: what it proposes, what is chosen and kept, and which numbers it reads."""

from typing import Any

import pytest

from builder import zoo
from builder.__main__ import main
from builder.catalogue import LAYERS
from builder.datasets import record
from builder.errors import BuilderError
from builder.recipes import RECIPES, propose_for
from builder.runs import Run, Settings
from builder.store import Project, Store
from builder.web.editing import analysed
from tests.kit.numbers import number
from tests.kit.pages import Opened, labelled, texts


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
