"""New project (empty state, templates): an empty network, a template that is ready to train, or any network of the zoo."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from builder import zoo
from builder.network import Network
from builder.runs.templates import TEMPLATES
from builder.store import default_store
from pages.frame import state
from pages.frame.words import plain

ASKED = "_project_to_begin"  # whether the dialog is on the screen, whatever draws the page anew
EMPTY = "An Input and nothing else: the canvas says what comes next."


def ask() -> None:
    """Have the dialog on the screen."""
    st.session_state[ASKED] = True


def close() -> None:
    """Have it there no more."""
    st.session_state.pop(ASKED, None)


def show(now: state.Current) -> None:
    """The dialog, from a press that asks for it until it is closed."""
    if ASKED in st.session_state:
        dialog(now)


@st.dialog("New project", width="large", on_dismiss=close)
def dialog(now: state.Current) -> None:
    """The dialog."""
    form(now)


def form(now: state.Current) -> None:
    """An empty network first, then a template for each task, then the zoo."""
    offers = [("Empty network", EMPTY, zoo.empty(), {}), *((each.task, each.summary, each.network, each.choices) for each in TEMPLATES)]
    with st.container(key="templates"):
        for title, summary, network, choices in offers:
            with st.container(key=f"template {title}", gap="xxsmall"):
                if st.button(title, width="stretch"):
                    begin(now, network, choices)
                st.caption(plain(summary))
    titles = {name: entry.title for name, entry in zoo.ZOO.items()}
    label, hint = "Or a network of the zoo", "With the dataset that it was made for..."
    chosen = st.selectbox(label, list(titles), None, format_func=titles.__getitem__, placeholder=hint)
    if chosen:
        begin(now, zoo.network(chosen), {})


def begin(now: state.Current, network: Network, choices: Mapping[str, Any]) -> None:
    """Make the project and open it, on the page where it is built."""
    project = default_store().create_project(now.owner_token, state.project_name(network), [network])
    default_store().choose(project.id, **choices)
    close()
    state.open_project(project.id)
    st.switch_page(str(state.PAGES / "1_build.py"), query_params={"project": project.id})
