"""A new project begins empty or with a template, which is ready to train with the data and the recipe of its task."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder.engine import calls
from builder.runs.templates import TEMPLATES, Template
from builder.store import default_store

PAGES = Path(__file__).resolve().parents[2] / "pages"
ME = "session-me"


@pytest.fixture
def app(home: Path) -> AppTest:
    app = AppTest.from_file(str(PAGES / "frame" / "frame.py"), default_timeout=60)
    app.session_state["_owner"] = ME
    return app.run()


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def newest() -> Any:
    return default_store().projects(ME)[0]


def network() -> Any:
    return default_store().work(newest().id, newest().networks[0]).network


def test_a_new_project_can_begin_with_an_input_and_nothing_else(app: AppTest) -> None:
    press(app, "New project")
    offered = [button.label for button in app.button if button.label in ("Empty network", *(each.task for each in TEMPLATES))]
    assert offered == ["Empty network", *(each.task for each in TEMPLATES)]
    press(app, "Empty network")
    assert app.session_state["_project"] == newest().id
    assert [node.layer for node in network().nodes] == ["Input"]
    assert newest().name.startswith("My network, ")


@pytest.mark.parametrize("template", TEMPLATES, ids=[each.task for each in TEMPLATES])
def test_a_template_makes_a_project_that_is_ready_to_train(app: AppTest, template: Template) -> None:
    press(app, "New project")
    press(app, template.task)
    assert network() == template.network
    calls.analyse(network(), timeout=120)
    app.switch_page(str(PAGES / "2_train.py")).run()
    assert not app.exception and not app.error and not app.warning
    [train] = [button for button in app.button if button.label == "Train"]
    assert not train.disabled
    shown = {box.label: box.value for box in app.selectbox}
    assert (shown["Dataset"], shown["How it learns"]) == (template.dataset, template.settings.recipe)
