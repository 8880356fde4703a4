"""Own inputs that are kept for Compare: a few for each dataset, in session state alone."""

import streamlit as st

from builder.datasets import Dataset
from pages.explore import html as marks
from pages.explore.input.own_inputs import NAMES
from pages.explore.view import Given, View, input_name
from pages.frame.words import plain

MOST = 8  # of a dataset; the oldest goes
MOST_BYTES = 16 * 2**20  # of them together, of which the newest stays in any case
SHELF, COUNTS = "explore_shelf", "explore_shelf_counts"


def inputs(dataset: Dataset) -> list[Given]:
    """The kept inputs of a dataset, the newest first."""
    return list(st.session_state.setdefault(SHELF, {}).get(dataset.name, []))


def known(dataset: Dataset, view: View) -> Given | None:
    """The kept input that has the very numbers that are looked at."""
    now = view.given
    return next((each for each in inputs(dataset) if now and (each.shape, each.data) == (now.shape, now.data)), None)


def called(dataset: Dataset, view: View) -> str:
    """The name of the input that is looked at, the kept one's where it is kept."""
    same = known(dataset, view)
    return same.name if same else input_name(view)


def button(dataset: Dataset, view: View) -> None:
    """A toggle that keeps the input for Compare or lets it go; a sample needs none."""
    if view.given is None:
        return
    same = known(dataset, view)
    if same is None:
        st.button("Keep this input for Compare", icon=":material/bookmark_add:", type="tertiary", on_click=keep, args=(dataset, view.given))
        return
    st.html(marks.note(f"Kept as {same.name}. Make another input: Compare sets the two side by side."))
    forget(dataset, same, "shelf_here")


def forget(dataset: Dataset, one: Given, key: str) -> None:
    """A button that lets one of them go."""
    label = f"Stop keeping {plain(one.name)}"
    st.button(label, icon=":material/bookmark_remove:", type="tertiary", key=key, on_click=remove, args=(dataset, one))


def keep(dataset: Dataset, given: Given) -> None:
    """Put an input on top, under a name of its own; the oldest go where they are too many or too large."""
    found = [given._replace(name=named(dataset, given.name)), *inputs(dataset)][:MOST]
    while len(found) > 1 and sum(len(each.data) for each in found) > MOST_BYTES:
        found.pop()
    st.session_state[SHELF][dataset.name] = found


def named(dataset: Dataset, name: str) -> str:
    """Drawing 1, and Drawing 2 after it whatever became of the first; a changed form keeps what was done to it."""
    kind, comma, rest = name.partition(", ")
    counts = st.session_state.setdefault(COUNTS, {})
    counts[dataset.name, kind] = number = counts.get((dataset.name, kind), 0) + 1
    if kind in NAMES.values():
        return f"{kind} {number}{comma}{rest}"
    return name if number == 1 else f"{name} ({number})"


def remove(dataset: Dataset, one: Given) -> None:
    """Remove a kept input."""
    st.session_state[SHELF][dataset.name] = [each for each in inputs(dataset) if each != one]
