"""What-if: the prediction, loss and metrics, and the decision boundary before and after weights are set by hand."""

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from builder.datasets import Dataset
from builder.probes import neurons as probes
from builder.words import format_count, format_number, true_minus
from pages.explore import drawing
from pages.explore import html as marks
from pages.explore import view as data
from pages.explore.neurons.plane import plane_words
from pages.frame.words import plain


def show(view: data.View, dataset: Dataset, steps: Sequence[tuple[Any, ...]], wide: DeltaGenerator, right: DeltaGenerator) -> None:
    """What-if: the decision boundary in the wide column, figures and the prediction below the slider."""
    if not steps:
        with right:
            st.html(marks.note("Press a weight and move its value: the answer, the loss and, for points of a plane, the boundary follow."))
        return
    with right, st.spinner("Trying it on a copy", show_time=False):
        answer, arrays = drawing.asked(view, probes.what_if.with_edits, edits=tuple(steps))
    count = len({step[:3] for step in steps})
    with right:
        st.markdown(f"**{plain(f'What {count} changed weight' + ('s do' if count > 1 else ' does'))}**")
        figures(answer)
        show_prediction(answer)
    with wide:
        if "x" in arrays:
            planes(answer, arrays, dataset)
        drawing.badges(answer["checks"])
        drawing.download(arrays, "weights by hand", "dense_effect_npz")


def figures(answer: dict[str, Any]) -> None:
    """Loss and metrics over the validation part, and how far each moved."""
    before, after = answer["before"]["metrics"], answer["after"]["metrics"]
    cells = ["", "before", "after", "change"]
    for name in before:
        cells += [name, format_number(before[name]), format_number(after[name]), change(before[name], after[name])]
    written = "".join(f"<div>{escape(cell)}</div>" for cell in cells)
    st.html(f'<div class="explore-figures" style="grid-template-columns: repeat(4, max-content)">{written}</div>')
    moved = "" if answer["moved"] is None else f" {answer['moved']:.1%} of the plane gets another class."
    st.html(marks.note(f"Over the first {answer['samples']:,} validation samples.{moved}"))


def change(before: float | None, after: float | None) -> str:
    """How far a figure moved."""
    return "" if before is None or after is None else true_minus(f"{after - before:+.3g}")


def show_prediction(answer: dict[str, Any]) -> None:
    """The prediction for the input at the left, before and after."""
    before, after = answer["before"]["prediction"], answer["after"]["prediction"]
    if before["kind"] == "classes":
        for word, each in (("Before", before), ("After", after)):
            st.html(marks.note(f"{word}: this input") + marks.bars(each, most=4))
        return
    names = {"values": "values", "again": "error"}
    name = names.get(before["kind"])
    if name is None:
        changed = sum(one != other for one, other in zip(before["answer"], after["answer"], strict=True))
        st.html(
            marks.note(
                f"For this input {changed:,} of {format_count(len(before['answer']), 'step')} {'gets' if changed == 1 else 'get'} another answer."
            )
        )
        return
    st.html(marks.figures({"This input, before": value_text(before[name]), "after": value_text(after[name])}))


def value_text(values: Any) -> str:
    """One number, or the first of several."""
    return ", ".join(map(format_number, values[:6])) if isinstance(values, list) else format_number(values)


def planes(answer: dict[str, Any], arrays: dict[str, Any], dataset: Dataset) -> None:
    """The decision boundary over the plane, before and after."""
    block = {"rating": answer["rating"], **plane_words(dataset), "arrays": arrays}
    drawing.draw("explore/neurons/effect", "dense_effect", block)
