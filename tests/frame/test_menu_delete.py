"""Deleting a network or a project: what becomes of its runs is said, offered, and done only where a person agrees."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.errors import BuilderError
from builder.runs import Run, Settings, Status, folder
from builder.store import Project, Store, default_store
from pages.frame import menu_delete
from tests.kit.pages import ME, deletion_form


@pytest.fixture
def store(home: Path) -> Store:
    return default_store()


@pytest.fixture
def project(store: Store) -> Project:
    return store.create_project(ME, "mine", [zoo.network("digit_cnn"), zoo.network("iris_mlp")])


def a_run(store: Store, project: Project, status: Status, network: str = "digit_cnn") -> Run:
    run = store.create_run(project.id, zoo.network(network), Settings(dataset="digits28"), status=status)
    folder(run.id).mkdir(parents=True)
    return run


def press(form: AppTest, label: str) -> None:
    next(button for button in form.button if button.label == label).click().run()
    assert not form.exception


def said(form: AppTest) -> str:
    return " ".join(element.value for kind in (form.markdown, form.warning, form.error) for element in kind).replace("\\", "")


def test_a_network_goes_and_its_runs_stay_unless_they_are_ticked(store: Store, project: Project) -> None:
    kept = [
        a_run(store, project, Status.finished),
        a_run(store, project, Status.failed),
        a_run(store, project, Status.finished, "iris_mlp"),
    ]
    form = deletion_form(project, "network")
    assert "2 runs of it have ended" in said(form) and form.checkbox[0].label.startswith("Delete its 2 runs too")
    press(form, "Delete network")
    assert store.project(project.id).networks == ("iris_mlp",)
    assert {run.id for run in store.runs(project.id)} == {run.id for run in kept}


def test_ticked_runs_go_with_their_network_and_those_of_another_stay(store: Store, project: Project) -> None:
    gone, stays = a_run(store, project, Status.finished), a_run(store, project, Status.finished, "iris_mlp")
    form = deletion_form(project, "network")
    form.checkbox[0].check().run()
    press(form, "Delete network")
    assert [run.id for run in store.runs(project.id)] == [stays.id]
    assert not folder(gone.id).exists() and folder(stays.id).exists()


def test_a_network_without_runs_asks_nothing_about_them(project: Project) -> None:
    form = deletion_form(project, "network")
    assert not form.checkbox and "run" not in said(form)


def test_a_project_says_how_many_runs_go_with_it_and_stops_those_that_train(
    store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, alive = a_run(store, project, Status.finished), a_run(store, project, Status.running)
    monkeypatch.setattr(menu_delete, "stop_all", lambda ids: [store.update_run(each, status=Status.stopped) for each in ids])
    form = deletion_form(project, "project")
    assert "its 2 networks and its 2 runs" in said(form) and "digit_cnn 2 is running" in said(form)
    press(form, "Stop and delete")
    with pytest.raises(BuilderError):
        store.project(project.id)
    assert store.runs(project.id) == [] and not folder(ended.id).exists() and not folder(alive.id).exists()
    assert store.projects(ME)  # there is another to go on with


def test_a_run_that_does_not_stop_is_said_and_nothing_is_lost(store: Store, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    run = a_run(store, project, Status.running)

    def goes_on(ids: list[str]) -> None:
        raise BuilderError("The run digit_cnn 1", "to have stopped", "it is running", "Try again in a moment.")

    monkeypatch.setattr(menu_delete, "stop_all", goes_on)
    form = deletion_form(project, "project")
    press(form, "Stop and delete")
    assert "it is running" in said(form)
    assert store.project(project.id).networks and [each.id for each in store.runs(project.id)] == [run.id]


def test_a_stranger_can_delete_nothing(store: Store, project: Project) -> None:
    run = a_run(store, project, Status.finished)
    for what, label in (("network", "Delete network"), ("project", "Delete project")):
        press(deletion_form(project, what, "session-someone-else"), label)
    assert len(store.project(project.id).networks) == 2 and store.run(run.id)
