"""A table typed by hand as a dataset: the dialog, and which tables a project knows."""

import streamlit as st

from builder.datasets import table_dataset
from builder.errors import BuilderError
from builder.runs.defaults import known
from pages.frame import state
from pages.frame.words import plain
from pages.train.settings import choose_dataset

EXAMPLE = "x1, x2, target\n1, 2, 0\n2, 3, 1\n3, 4, 0\n4, 5, 1\n5, 6, 0"
TASKS = {"": "Decide from the targets", "classification": "Classes", "regression": "Numbers"}


def known_tables(chosen: str) -> list[str]:
    """The project's tables that are still there, and the chosen one."""
    names = [str(name) for name in state.chosen("tables", [])]
    return [name for name in dict.fromkeys([*names, chosen]) if name.startswith("table:") and known(name)]


@st.dialog("A table of your own", width="medium")
def type_table(now: state.Current) -> None:
    """The dialog."""
    table_form(now)


def table_form(now: state.Current) -> None:
    """Type or paste rows; a mistake is said with its line, and nothing typed is lost."""
    st.write("One sample a line, its target last. A first line of names is optional.")
    title = st.text_input("Title", "My table", max_chars=80)
    text = st.text_area("Rows", EXAMPLE, height=220)
    task = st.selectbox("Targets", list(TASKS), format_func=TASKS.__getitem__)
    if st.button("Use this table", type="primary", disabled=not now.editable):
        try:
            name = table_dataset(text, title, task).name
        except BuilderError as error:
            st.error(plain(error.sentence))
            return
        state.choose(tables=[*dict.fromkeys([*state.chosen("tables", []), name])])
        choose_dataset(now, name)
        st.rerun()
