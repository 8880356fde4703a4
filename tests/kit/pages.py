"""What an AppTest of a page shows: one element by its label, all of its HTML, all that it says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from builder.engine import calls
from builder.store import Project, default_store

ME = "session-me"
TRAIN = Path(__file__).resolve().parents[2] / "pages" / "2_train.py"
Opened = Callable[..., AppTest]


def train_page(project: str, owner: str = ME, **query: str) -> AppTest:
    """Train, opened by someone when Keras knows the project's networks, however long it takes to load here."""
    for name in default_store().project(project).networks:
        calls.analyse(default_store().work(project, name).network, timeout=120)
    page = AppTest.from_file(str(TRAIN), default_timeout=60)
    page.session_state["_owner"] = owner
    for key, value in {"project": project, **query}.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def deletion_form(project: Project, what: str, owner: str = ME) -> AppTest:
    """The content of the dialog that deletes a "network" or a "project": AppTest closes a dialog with every run."""

    def script(what: str) -> None:
        from pages.frame import menu_delete, state

        now = state.current()
        menu_delete.network_form(now) if what == "network" else menu_delete.project_form(now)

    form = AppTest.from_function(script, default_timeout=60, kwargs={"what": what})
    form.session_state["_owner"] = owner
    form.query_params["project"] = project.id
    return form.run()


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
