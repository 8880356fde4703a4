"""The other side of a comparison: the original of a changed input, another epoch, another run, another input, or one that was kept."""

from typing import NamedTuple

import streamlit as st

from builder.datasets import PARTS, Dataset
from builder.runs import Run, RunSummary, epochs, folder
from pages.explore.input import shelf
from pages.explore.input.choose import described
from pages.explore.view import WORDS, View, count, dataset_of, given, input_name, inspection, runs
from pages.frame import state

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


def choose(run: Run, seen: View, dataset: Dataset, kept: list[int]) -> Sides:
    """Fields for the other side of a comparison, and the sides that they give."""
    others = [each for each in runs(state.current()) if each.id != run.id]
    ways = [
        *([ORIGINAL] if st.session_state.get(KEPT) else []),
        *([EPOCH] if len(kept) > 1 else []),
        *([RUN] if others else []),
        INPUT,
        *([MINE] if shelf.inputs(dataset) else []),
    ]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        if st.session_state.get("compare_way") not in ways:
            st.session_state["compare_way"] = ways[0]
        way = st.segmented_control("Compare with", ways, key="compare_way", persist_state="session", required=True)
        if way == ORIGINAL:
            return with_original(seen)
        if way == EPOCH:
            return _epoch(seen, kept)
        if way == MINE:
            return _mine(seen, dataset)
        return _run(others, run, seen, dataset) if way == RUN else _input(run, seen, dataset)


def with_original(seen: View) -> Sides:
    """A perturbed input beside its original."""
    original, words = st.session_state[KEPT]
    return Sides(original._replace(epoch=seen.epoch), (words[:1].upper() + words[1:], "Original"))


def _epoch(seen: View, kept: list[int]) -> Sides:
    key = f"compare_epoch {seen.run}"
    if st.session_state.get(key) not in kept:
        st.session_state[key] = kept[0] if seen.epoch != kept[0] else kept[-1]
    epoch = st.select_slider("Epoch", kept, key=key, persist_state="session", format_func=_epoch_name, width=320)
    return Sides(seen._replace(epoch=epoch), (f"Epoch {_epoch_name(seen.epoch)}", f"Epoch {_epoch_name(epoch)}"))


def _epoch_name(epoch: int) -> str:
    return "0, untrained" if epoch == 0 else str(epoch)


def _run(others: list[RunSummary], run: Run, seen: View, dataset: Dataset) -> Sides:
    """The other run at an epoch of its own, on the same input where its dataset has the same shape."""
    named = {each.id: described(each) for each in others}
    if st.session_state.get("compare_run") not in named:
        st.session_state["compare_run"] = others[0].id
    chosen = st.selectbox("Run", named, key="compare_run", persist_state="session", format_func=named.__getitem__, width=320)
    other = next(each for each in others if each.id == chosen)
    theirs, last = dataset_of(other), _their_epoch(other)
    names = run.name, other.name
    if theirs.input_shape != dataset.input_shape or theirs.kind != dataset.kind:
        place = min(seen.sample, count(other, theirs, seen.part) - 1)
        note = f"{other.name} learned from {theirs.title}, whose inputs have another shape, so each side looks at a sample of its own."
        return Sides(View(other.id, last, seen.part, place), names, note)
    if theirs.name == dataset.name and seen.part == "test":
        return Sides(View(other.id, last, seen.part, seen.sample, seen.given), names)
    raw = seen.given or given(input_name(seen), inspection(seen, ()).arrays["raw"])
    return Sides(View(other.id, last, seen.part, 0, raw), names)


def _their_epoch(other: RunSummary) -> int:
    """The epoch of the other run, at first its last."""
    kept, key = epochs(folder(other.id)), f"compare_run_epoch {other.id}"
    if len(kept) < 2:
        return kept[-1]
    if st.session_state.get(key) not in kept:
        st.session_state[key] = kept[-1]
    return int(st.select_slider("Its epoch", kept, key=key, persist_state="session", format_func=_epoch_name, width=220))


def _input(run: Run, seen: View, dataset: Dataset) -> Sides:
    """A sample of the dataset, at the same epoch."""
    part = st.selectbox("Part", PARTS[::-1], key="compare_part", persist_state="session", format_func=WORDS.__getitem__, width=130)
    last = count(run, dataset, part) - 1
    key = f"compare_sample {dataset.name} {part}"
    st.session_state.setdefault(key, min(seen.sample + 1, last))
    place = st.number_input(f"Sample of {last + 1:,}", 0, last, key=key, persist_state="session", width=140)
    return Sides(View(run.id, seen.epoch, part, int(place)), (shelf.called(dataset, seen), f"{WORDS[part]} sample {place}"))


def _mine(seen: View, dataset: Dataset) -> Sides:
    """An input of a person's own that was kept, at the same epoch: at first the newest that is another one."""
    named = {each.name: each for each in shelf.inputs(dataset)}
    this = shelf.called(dataset, seen)
    if st.session_state.get("compare_mine") not in named:
        st.session_state["compare_mine"] = next((name for name in named if name != this), this)
    other = named[st.selectbox("Kept input", named, key="compare_mine", persist_state="session", width=260)]
    shelf.forget(dataset, other, "shelf_there")
    note = f"This is {this} itself: draw, type or choose another input at the left." if this == other.name else ""
    return Sides(seen._replace(given=other), (this, other.name), note)
