"""The other side of a comparison: the original of a changed input, another epoch, another run, another input, or one that was kept."""

from functools import partial
from typing import NamedTuple

import streamlit as st

from builder.datasets import PARTS, Dataset
from builder.runs import Run, RunSummary, epochs, folder
from pages.explore.input import shelf
from pages.explore.input.choose_run import listed, run_labels
from pages.explore.view import WORDS, View, count, dataset_of, given, input_name, inspection, runs
from pages.frame import state
from pages.frame.number_field import number_field

ORIGINAL, EPOCH, RUN, INPUT, MINE = "The original", "Another epoch", "Another run", "Another input", "A kept input"
KEPT = "explore_original"  # the view of the input before its change, and what was done to it


class Sides(NamedTuple):
    """What is compared: the other side, a name for each, and a sentence where they are not alike in all else."""

    other: View
    names: tuple[str, str]
    note: str = ""


def remember(original: View | None, words: str) -> None:
    """Session state: remember the original of a perturbed input, None where it is not perturbed."""
    st.session_state[KEPT] = (original, words) if original is not None and words else None


def choose(run: Run, view: View, dataset: Dataset, saved_epochs: list[int]) -> Sides:
    """Fields for the other side of a comparison, and the sides that they give."""
    others = [each for each in runs(state.current()) if each.id != run.id]
    ways = [
        *([ORIGINAL] if st.session_state.get(KEPT) else []),
        *([EPOCH] if len(saved_epochs) > 1 else []),
        *([RUN] if others else []),
        INPUT,
        *([MINE] if shelf.inputs(dataset) else []),
    ]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        if st.session_state.get("compare_way") not in ways:
            st.session_state["compare_way"] = ways[0]
        way = st.segmented_control("Compare with", ways, key="compare_way", persist_state="session", required=True)
        if way == ORIGINAL:
            return with_original(view)
        if way == EPOCH:
            return _epoch(run, view, saved_epochs)
        if way == MINE:
            return _mine(view, dataset)
        return _run(others, run, view, dataset) if way == RUN else _input(run, view, dataset)


def with_original(view: View) -> Sides:
    """A perturbed input beside its original."""
    original, words = st.session_state[KEPT]
    return Sides(original._replace(epoch=view.epoch), (words[:1].upper() + words[1:], "Original"))


def _epoch(run: Run, view: View, saved_epochs: list[int]) -> Sides:
    key = f"compare_epoch {view.run}"
    if st.session_state.get(key) not in saved_epochs:
        st.session_state[key] = saved_epochs[0] if view.epoch != saved_epochs[0] else saved_epochs[-1]
    name = partial(_epoch_name, run)
    epoch = st.select_slider("Epoch", saved_epochs, key=key, persist_state="session", format_func=name, width=320)
    return Sides(view._replace(epoch=epoch), (f"Epoch {name(view.epoch)}", f"Epoch {name(epoch)}"))


def _epoch_name(run: RunSummary, epoch: int) -> str:
    return str(epoch) if epoch else f"0, {run.at_first}"


def _run(others: list[RunSummary], run: Run, view: View, dataset: Dataset) -> Sides:
    """The other run at an epoch of its own, on the same input where its dataset has the same shape."""
    field = st.container(width=320)
    named = run_labels(listed(others, st.session_state.get("compare_run", ""), "compare_plays"))
    if not named:
        named = run_labels(others)
    if st.session_state.get("compare_run") not in named:
        st.session_state["compare_run"] = next(iter(named))
    chosen = field.selectbox("Run", named, key="compare_run", persist_state="session", format_func=named.__getitem__)
    other = next(each for each in others if each.id == chosen)
    theirs, last = dataset_of(other), _their_epoch(other)
    names = run.name, other.name
    if theirs.input_shape != dataset.input_shape or theirs.kind != dataset.kind:
        place = min(view.sample, count(other, theirs, view.part) - 1)
        note = f"{other.name} learned from {theirs.title}, whose inputs have another shape, so each side looks at a sample of its own."
        return Sides(View(other.id, last, view.part, place), names, note)
    if theirs.name == dataset.name and view.part == "test":
        return Sides(View(other.id, last, view.part, view.sample, view.given), names)
    raw = view.given or given(input_name(view), inspection(view, ()).arrays["raw"])
    return Sides(View(other.id, last, view.part, 0, raw), names)


def _their_epoch(other: RunSummary) -> int:
    """The epoch of the other run, at first its last."""
    saved_epochs, key = epochs(folder(other.id)), f"compare_run_epoch {other.id}"
    if len(saved_epochs) < 2:
        return saved_epochs[-1]
    if st.session_state.get(key) not in saved_epochs:
        st.session_state[key] = saved_epochs[-1]
    return int(
        st.select_slider("Its epoch", saved_epochs, key=key, persist_state="session", format_func=partial(_epoch_name, other), width=220)
    )


def _input(run: Run, view: View, dataset: Dataset) -> Sides:
    """A sample of the dataset, at the same epoch."""
    part = st.selectbox("Part", PARTS[::-1], key="compare_part", persist_state="session", format_func=WORDS.__getitem__, width=130)
    last = count(run, dataset, part) - 1
    key = f"compare_sample {dataset.name} {part}"
    place = number_field(f"Sample of {last + 1:,}", 0, last, min(view.sample + 1, last), key=key, width=140, steps=True)
    return Sides(View(run.id, view.epoch, part, place), (shelf.called(dataset, view), f"{WORDS[part]} sample {place}"))


def _mine(view: View, dataset: Dataset) -> Sides:
    """An input of a person's own that was kept, at the same epoch: at first the newest that is another one."""
    named = {each.name: each for each in shelf.inputs(dataset)}
    this = shelf.called(dataset, view)
    if st.session_state.get("compare_mine") not in named:
        st.session_state["compare_mine"] = next((name for name in named if name != this), this)
    other = named[st.selectbox("Kept input", named, key="compare_mine", persist_state="session", width=260)]
    shelf.forget(dataset, other, "shelf_there")
    note = f"This is {this} itself: draw, type or choose another input at the left." if this == other.name else ""
    return Sides(view._replace(given=other), (this, other.name), note)
