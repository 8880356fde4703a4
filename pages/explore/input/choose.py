"""Explore's left column: sample, prediction, and epoch slider."""

from functools import partial
from typing import Any

import streamlit as st

from builder.datasets import PARTS, Dataset
from builder.datasets.typed_tokens import spelled
from builder.figures.maps import input_picture, layer_picture
from builder.runs import Run, RunSummary
from builder.words import format_count, format_number
from pages.explore import html as marks
from pages.explore.line import lines
from pages.explore.view import WORDS, Inspection, View, count
from pages.frame import keys, state
from pages.frame.number_field import number_field

TURNED = "explore_turned"  # set where a press starts or ends the play


def choose_sample(run: Run, dataset: Dataset, view: View) -> None:
    """Fields for the part (train, validation, test) and the sample of it."""
    last = count(run, dataset, view.part) - 1
    state.give("explore_part", view.part)
    st.segmented_control(
        "Part",
        PARTS[::-1],
        key="explore_part",
        format_func=WORDS.__getitem__,
        on_change=_chose,
        args=("part",),
        label_visibility="collapsed",
    )
    help = f"From 0 to {last:,}; the arrow keys go to the next."
    number_field(f"Sample of {last + 1:,}", 0, last, view.sample, key="explore_sample", on_change=_chose_sample, help=help, steps=True)


def show_input(dataset: Dataset, found: Inspection, side: int = 180) -> None:
    """The sample as the dataset has it."""
    raw = found.arrays["raw"]
    if dataset.kind == "image":
        st.html(marks.image(input_picture(raw, dataset.low, dataset.high, side=side), "The input", "explore-input" if side > 150 else ""))
    elif dataset.kind == "tokens":
        st.html(marks.figures({"Input": spelled(dataset.vocabulary[int(token)] for token in raw)}))
    elif dataset.kind == "sequence" and raw.ndim == 2:
        st.html(lines([raw], dataset.features, "The input"))
    elif len(dataset.features) != raw.size:
        st.html(marks.image(layer_picture(raw, side=220, width=220), "The input"))
    else:
        st.html(marks.figures({name: format_number(float(value)) for name, value in zip(dataset.features, raw.reshape(-1), strict=False)}))


def show_steps(found: Inspection, before: tuple[str, ...] = ()) -> None:
    """Preprocessing steps: those of a person's own input, and of every input on its way to the network."""
    if steps := [*before, *found.answer["steps"]]:
        st.html(marks.note(" → ".join(steps)))


def show_prediction(found: Inspection, dataset: Dataset) -> None:
    """The prediction beside the target."""
    said = found.answer["prediction"]
    if said["kind"] == "again":
        st.html(
            marks.figures({"Mean squared error": format_number(said["error"])})
            + marks.note("between the input and what the network makes of it")
        )
        return
    if said["kind"] == "steps":
        _show_steps(said)
        return
    if said["kind"] == "values":
        name = f" {dataset.answer_name(0)}" if len(dataset.target_names) == len(said["values"]) == 1 else ""
        rows = {f"Predicted{name}": ", ".join(map(format_number, said["values"][:8]))}
        if said["target"] is not None:
            rows["Right value"] = ", ".join(map(format_number, said["target"][:8]))
        st.html(marks.figures(rows))
        return
    names, target = said["classes"], said["target"]
    verdict = "" if target is None else ", which is right" if said["right"] else f", but it is {names[target]}"
    st.html(marks.bars(said) + marks.note(f"It says {names[said['answer']]}{verdict}. {said['note']}"))


def _show_steps(said: dict[str, Any]) -> None:
    """The predicted class at each step, beside the target."""

    def words(numbers: list[int]) -> str:
        return spelled(said["classes"][number] for number in numbers)

    target = said["target"]
    rows = {"Says": words(said["answer"])} | ({} if target is None else {"Right": words(target)})
    right = sum(one == other for one, other in zip(said["answer"], target or (), strict=False))
    st.html(marks.figures(rows) + marks.note("" if target is None else f"Right: {right} of {format_count(len(target), 'step')}."))


def choose_epoch(run: Run, saved_epochs: list[int], view: View) -> None:
    """The epoch slider, from untrained to the last, and its play button."""
    if len(saved_epochs) < 2:
        st.html(marks.note(no_epochs(run)))
        return
    state.give("explore_epoch", view.epoch)
    st.select_slider(
        "Epoch",
        saved_epochs,
        key="explore_epoch",
        on_change=_chose_epoch,
        args=(saved_epochs[-1],),
        format_func=partial(_epoch, run),
    )
    st.html(marks.note(which_epoch(run, view.epoch, saved_epochs[-1])))
    playing = st.session_state.get(keys.PLAYING, False)
    icon = ":material/stop:" if playing else ":material/play_arrow:"
    st.button(
        "Stop" if playing else f"Play from {run.at_first}", icon=icon, type="tertiary", on_click=_play, args=(saved_epochs, not playing)
    )
    if st.session_state.pop(TURNED, False):
        st.rerun()  # of the whole page: the fragment gets or loses its clock


def which_epoch(run: RunSummary, epoch: int, newest: int) -> str:
    """Which epoch's weights are looked at, and where the lowest loss is that Train names."""
    first = "The weights that it began with" if run.goes_on else "Untrained weights"
    shown = f"The weights after epoch {epoch}" if epoch else first
    place = ", the newest" if epoch == newest else ""
    if not run.best_epoch:
        return f"{shown}{place}."
    lowest = "val_loss" if "val_loss" in run.metrics else "loss"
    if run.best_epoch == epoch:
        return f"{shown}{place}, where {lowest} was lowest."
    return f"{shown}{place}. The lowest {lowest} was at epoch {run.best_epoch}."


def no_epochs(run: RunSummary) -> str:
    """Why only the weights of epoch 0 are there, and whether more will come."""
    first = "The weights that it began with" if run.goes_on else "Untrained"
    if run.status.alive:
        return f"{first} so far; epochs appear here as they end."
    return f"{first}: it ended within its first epoch."


def _epoch(run: RunSummary, epoch: int) -> str:
    return str(epoch) if epoch else run.at_first


def _play(saved_epochs: list[int], playing: bool) -> None:
    st.session_state[keys.PLAYING] = playing
    st.session_state[TURNED] = True
    if playing:
        state.choose(epoch=saved_epochs[0])


def advance(saved_epochs: list[int], view: View) -> None:
    """One step of the animation through the epochs; at the last epoch it ends."""
    if view.epoch == saved_epochs[-1]:
        st.session_state[keys.PLAYING] = False
        st.rerun()
    _remember(saved_epochs[saved_epochs.index(view.epoch) + 1], saved_epochs[-1])


def _chose(name: str) -> None:
    value = st.session_state[f"explore_{name}"]
    if value is not None:
        state.choose(**{name: value})


def _chose_sample(sample: int) -> None:
    state.choose(sample=sample)


def _chose_epoch(last: int) -> None:
    _remember(st.session_state["explore_epoch"], last)


def _remember(epoch: int, last: int) -> None:
    """Remember the epoch, the newest as "the newest", so that a run that goes on is followed."""
    state.choose(epoch="" if epoch == last else epoch)
