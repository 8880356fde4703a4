"""Explore shows runs of the open network and of no other: what has none is not trained yet, and an address says why it cannot be shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine.shipped import SHIPPED
from builder.runs import Run, Settings
from builder.store import Store, default_store
from builder.web.editing import make_edit
from tests.kit.making import stored

FRAME = Path(__file__).resolve().parents[2] / "pages" / "frame" / "frame.py"
EXPLORE = Path(__file__).resolve().parents[2] / "pages" / "3_explore.py"
Opened = Callable[..., AppTest]


@pytest.fixture
def store(shipped: Run, asked: Any) -> Store:
    """A project with a trained digit_cnn and an untrained lenet5."""
    default_store().add_network(str(shipped.project), zoo.network("lenet5"))
    return default_store()


@pytest.fixture
def opened(store: Store) -> Opened:
    """Open Explore at an address as the project's owner."""

    def open_page(owner: str = "session-me", **query: str) -> AppTest:
        page = AppTest.from_file(str(EXPLORE), default_timeout=60)
        page.session_state["_owner"] = owner
        for key, value in query.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception
        return page

    return open_page


def build(project: str) -> AppTest:
    """The Build page in its frame, as the project's owner sees it."""
    frame = AppTest.from_file(str(FRAME), default_timeout=60)
    frame.session_state["_owner"] = "session-me"
    frame.query_params["project"] = project
    return frame.run()


def words(page: AppTest) -> str:
    said = (*(each.value for each in (*page.markdown, *page.warning)), *(each.proto.body for each in page.get("html")))
    return "\n".join(said).replace("\\", "")


def offered(page: AppTest) -> dict[str, Any]:
    """The runs that are offered, as buttons by what is written on them."""
    return {each.label.replace("\\", ""): each for each in page.button if (each.key or "").startswith("explore_open ")}


def looked_at(page: AppTest) -> str | None:
    """The id of the run that is shown, None where there is none."""
    return next((each.value for each in page.selectbox if each.key == "explore_run"), None)


def network(page: AppTest) -> str:
    return page.session_state["_choices"]["network"]


def test_a_network_without_a_run_is_not_trained_yet_whatever_else_was_trained(opened: Opened, shipped: Run) -> None:
    page = opened(project=str(shipped.project), network="lenet5")
    assert looked_at(page) is None
    assert "lenet5 is not trained yet" in words(page)


def test_runs_of_other_networks_are_offered_by_name_and_lead_to_their_network(opened: Opened, shipped: Run) -> None:
    page = opened(project=str(shipped.project), network="lenet5")
    offered(page)["digit_cnn 1 · 0.977 val_accuracy at epoch 12, of digit_cnn"].click().run()
    assert looked_at(page) == shipped.id and network(page) == "digit_cnn"


def test_a_run_that_was_looked_at_does_not_stay_when_another_network_is_opened(opened: Opened, shipped: Run) -> None:
    project = str(shipped.project)
    page = opened(project=project, network="digit_cnn", run=shipped.id)
    assert looked_at(page) == shipped.id
    frame = build(project)
    next(each for each in frame.selectbox if each.label == "Network").select("lenet5").run()
    page = opened(project=project)
    assert network(page) == "lenet5" and looked_at(page) is None


def test_a_trained_model_that_is_opened_says_that_its_weights_are_not_read_and_is_not_trained_yet(opened: Opened, shipped: Run) -> None:
    project, file = str(shipped.project), SHIPPED / "model.keras"
    frame = build(project)
    frame.file_uploader[0].upload("mine.keras", file.read_bytes(), "application/octet-stream").run()
    assert not frame.exception
    assert any("its weights were not" in toast.value for toast in frame.toast)
    page = opened(project=project)
    assert network(page) == "digit_cnn 2" and "digit_cnn 2 is not trained yet" in words(page)


def test_an_address_of_a_run_opens_the_network_it_was_made_of(opened: Opened, shipped: Run) -> None:
    page = opened(project=str(shipped.project), network="lenet5", run=shipped.id)
    assert looked_at(page) == shipped.id and network(page) == "digit_cnn"


def test_a_renamed_network_keeps_its_runs(opened: Opened, shipped: Run) -> None:
    project = str(shipped.project)
    make_edit(project, "digit_cnn", None, {"kind": "rename_network", "to": "mine"})
    assert looked_at(opened(project=project, network="mine")) == shipped.id
    make_edit(project, "mine", None, {"kind": "undo"})
    assert looked_at(opened(project=project, network="digit_cnn")) == shipped.id


def test_a_new_network_does_not_get_the_name_of_one_that_is_gone_and_left_runs(opened: Opened, shipped: Run, store: Store) -> None:
    project = str(shipped.project)
    store.delete_network(project, "digit_cnn")
    assert store.add_network(project, zoo.network("digit_cnn")).networks == ("lenet5", "digit_cnn 2")
    assert looked_at(opened(project=project, network="digit_cnn 2")) is None
    page = opened(project=project, network="digit_cnn 2", run=shipped.id)
    assert looked_at(page) == shipped.id and "no longer in this project" in "\n".join(str(each.proto.body) for each in page.get("html"))


@pytest.mark.parametrize("where", ["gone", "elsewhere", "too early"])
def test_an_address_whose_run_cannot_be_shown_says_why(opened: Opened, shipped: Run, store: Store, where: str) -> None:
    other = store.create_project("someone", "theirs", [zoo.network("digit_cnn")])
    settings = Settings(dataset="digits28")
    run = {
        "gone": lambda: "gone",
        "elsewhere": lambda: store.create_run(other.id, zoo.network("digit_cnn"), settings).id,
        "too early": lambda: store.create_run(str(shipped.project), zoo.network("digit_cnn"), settings).id,
    }[where]()
    page = opened(project=str(shipped.project), run=run)
    reason = {"gone": "no run at this address", "elsewhere": "another project", "too early": "no weights yet"}[where]
    assert looked_at(page) is None and reason in words(page)
    assert any(label.startswith("digit_cnn 1") for label in offered(page))


def test_an_address_of_a_run_alone_opens_its_project(opened: Opened, shipped: Run) -> None:
    page = opened(owner="session-visitor", run=shipped.id)
    assert looked_at(page) == shipped.id and page.session_state["_project"] == shipped.project


def test_runs_of_the_command_line_are_found_in_a_project_that_everyone_may_look_at(opened: Opened, shipped: Run, store: Store) -> None:
    early = stored(zoo.network("first_model"), "moons")  # of no project, as the command line once trained
    project = store.put_trained(zoo.network("points_mlp"))
    run = stored(zoo.network("points_mlp"), "moons", project=project.id)
    page = opened(owner="session-visitor", run=run.id)
    assert looked_at(page) == run.id
    assert {early.id, run.id} <= {each.id for each in store.runs(project_id=project.id)}
    frame = build(str(shipped.project))
    next(each for each in frame.selectbox if each.label == "Open another project").select(project.id).run()
    assert frame.session_state["_project"] == project.id and "Make a copy" in [each.label for each in frame.button]


def test_a_network_trained_again_from_the_command_line_is_its_newest_version(shipped: Run, store: Store) -> None:
    first = zoo.network("points_mlp")
    second = first.model_copy(update={"nodes": (*first.nodes[:-1], first.nodes[-1].model_copy(update={"params": {"units": 3}}))})
    for each in (first, first, second):
        project = store.put_trained(each)
    work = store.work(project.id, "points_mlp")
    assert project.networks == ("points_mlp",) and work.network == second and work.revision == 1
