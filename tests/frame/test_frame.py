"""The frame: one's own project at the first visit, other people's to look at, names that stay text, choices that last."""

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.network import Analysis, LayerReport, Network
from builder.store import default_store
from builder.web import editing
from pages.frame.words import plain

APP = str(Path(__file__).resolve().parents[2] / "pages" / "frame" / "frame.py")


def small(network: Network, deep: bool = False, timeout: float = 10) -> Analysis:
    """An analysis without Keras."""
    layers = tuple(LayerReport(name=node.name, layer=node.layer, output_shape=(4,), params=10) for node in network.nodes)
    return Analysis(name=network.name, total_params=10 * len(layers), layers=layers)


@pytest.fixture
def app(home: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(editing.calls, "analyse", small)
    return AppTest.from_file(APP, default_timeout=60)


@pytest.fixture
def other(home: Path) -> Any:
    """Someone else's project with two networks."""
    return default_store().create_project("someone else", "Theirs", [zoo.network("digit_cnn"), zoo.network("first_model")])


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def press(app: AppTest, label: str) -> None:
    [*_, button] = [button for button in app.button if button.label == label]
    button.click().run()


def test_a_first_visit_makes_a_project_and_a_second_run_makes_no_other(app: AppTest) -> None:
    app.run()
    first = app.session_state["_project"]
    app.run()
    assert not app.exception
    assert app.session_state["_project"] == first
    assert re.fullmatch(r"Digit CNN, \d+ [A-Z][a-z]+", default_store().project(first).name)


def test_a_network_that_an_address_asks_for_and_that_is_not_here_is_said_once(app: AppTest, other: Any) -> None:
    app.query_params["project"], app.query_params["network"] = other.id, "nope"
    app.run()
    assert [plain("There is no network nope in this project") in toast.value for toast in app.toast] == [True]
    assert not app.run().toast


def test_an_address_without_a_project_behind_it_says_so_and_leads_home(app: AppTest) -> None:
    app.query_params["project"] = "../../etc/passwd"
    app.run()
    assert not app.exception
    assert "no project at this address" in app.warning[0].value
    press(app, "Open my own project")
    assert not app.warning
    assert default_store().project(app.session_state["_project"])


@pytest.mark.parametrize("by_address", [False, True])
def test_a_database_that_is_locked_for_a_while_costs_nobody_their_project(app: AppTest, locked: Any, by_address: bool) -> None:
    app.run()
    first = app.session_state["_project"]
    later = default_store().create_project("someone else", "Newer", [zoo.network("first_model")])
    mine = later.id if by_address else first
    if by_address:
        app.query_params["project"] = mine
    with locked():
        app.run()
    assert not app.exception
    assert [plain("It is busy: try again in a moment.") in each.value for each in app.error] == [True]
    assert not app.warning
    press(app, "Try again")
    assert not app.error
    assert app.session_state["_project"] == mine
    assert len(default_store().projects(app.session_state["_owner"])) == 1


def test_a_stranger_looks_and_makes_a_copy_of_their_own(app: AppTest, other: Any) -> None:
    app.query_params["project"] = other.id
    app.run()
    assert "Make a copy" in labels(app)
    assert "Delete" not in labels(app)
    assert [field.disabled for field in app.text_input if field.label == "filters"] == [True]
    press(app, "Make a copy")
    copy = default_store().project(app.session_state["_project"])
    assert copy.id != other.id
    assert copy.networks == other.networks
    assert "Delete" in labels(app)


def test_the_network_in_the_address_is_the_one_that_opens(app: AppTest, other: Any) -> None:
    app.query_params["project"], app.query_params["network"] = other.id, "first_model"
    app.run()
    [choice] = [box for box in app.selectbox if box.label == "Network"]
    assert choice.value == "first_model"


def test_projects_and_networks_are_made_renamed_switched_and_deleted(app: AppTest) -> None:
    app.run()
    store, first = default_store(), app.session_state["_project"]
    [name] = [field for field in app.text_input if field.label == "Project name"]
    name.set_value("Digits").run()
    assert store.project(first).name == "Digits"
    [zoo_box] = [box for box in app.selectbox if box.label == "New network"]
    zoo_box.set_value("lenet5").run()
    assert store.project(first).networks == ("digit_cnn", "lenet5")
    [network_name] = [field for field in app.text_input if field.label == "Network name"]
    assert network_name.value == "lenet5"
    network_name.set_value("cheques").run()
    assert store.project(first).networks == ("digit_cnn", "cheques")
    press(app, "New project")
    press(app, "Empty network")
    assert app.session_state["_project"] != first
    [others] = [box for box in app.selectbox if box.label == "Open another project"]
    others.set_value(first).run()
    assert app.session_state["_project"] == first


def test_what_is_chosen_in_the_session_wins_over_an_address_that_is_not_news(app: AppTest) -> None:
    app.query_params["layer"] = "dense"
    app.run()
    assert app.session_state["_choices"]["layer"] == "dense"
    press(app, "Duplicate")
    made = app.session_state["_choices"]["layer"]
    assert made != "dense"
    app.run()
    assert app.session_state["_choices"]["layer"] == made


def test_an_address_that_the_browser_has_still_to_follow_takes_nothing_back(app: AppTest) -> None:
    app.run()

    def chosen(layer: str) -> None:
        app.session_state["_choices"] = {**app.session_state["_choices"], "layer": layer}
        app.run()

    def said(layer: str) -> str:
        address = {"project": app.session_state["_project"], "network": "digit_cnn", "layer": layer}
        app.query_params.update(address)
        return str(app.run().session_state["_choices"]["layer"])

    for layer in ("conv_1", "conv_2", "dense"):
        chosen(layer)
    assert said("conv_1") == "dense"  # the browser is two answers behind
    assert said("conv_2") == "dense"
    assert said("dense") == "dense"
    assert said("conv_1") == "conv_1"  # it had come after, so a person asks for it


def test_a_name_is_text_wherever_markdown_is_read(app: AppTest, home: Path) -> None:
    project = default_store().create_project("someone", "![x](http://evil.example/x.png) <b>", [zoo.network("digit_cnn")])
    app.query_params["project"] = project.id
    app.run()
    assert plain(project.name) != project.name
    assert not any("![x](" in each.value for each in app.markdown)


@pytest.mark.parametrize("text", ["a*b*", "![x](http://y)", "[x](y)", "`x`", "# x", "<b>", "$x$", ":red[x]", "~~x~~", "x | y"])
def test_every_sign_of_markdown_is_switched_off(text: str) -> None:
    escaped = plain(text)
    assert escaped.replace("\\", "") == text
    assert all(escaped[at - 1] == "\\" for at, sign in enumerate(escaped) if sign in "*[]`#<>$:~|!()")


def test_the_pages_that_exist_are_in_the_navigation(app: AppTest) -> None:
    app.run()
    files = {path.name for path in Path(APP).parent.parent.glob("[1-9]_*.py")}
    links = [element.proto.label for element in app.get("page_link")]
    assert len(links) == len(files)
    assert links[0] == "Build"
