"""Saliency over time and backpropagation through time: which step an output depends on, and vanishing or exploding gradients."""

from typing import Any

import numpy as np
import streamlit as st

from builder.datasets.typed_tokens import visible
from builder.errors import BuilderError
from builder.probes import recurrent as probes
from builder.words import format_count
from pages.explore import html as marks
from pages.explore.drawing import asked, badges, download, draw
from pages.explore.view import Inspection, View
from pages.frame.words import plain


def show(view: View, layer: str, kind: str, steps: list[str]) -> None:
    """Saliency over time and gradients through time; where one cannot be computed, the sentence that says why."""
    for part in (past, through_time):
        try:
            with st.spinner("Following the gradient", show_time=False):
                part(view, layer, kind, steps)
        except BuilderError as error:
            st.info(plain(error.sentence))


def past(view: View, layer: str, kind: str, steps: list[str]) -> None:
    """Saliency over time: the gradient norm of each output by each step of the input."""
    found = asked(view, probes.lookback.lookback)
    strength = found.arrays["strength"]
    words = list(map(visible, found.answer["tokens"] or ())) or [str(step) for step in range(strength.shape[1])]
    title = "Which step the answer hangs on"
    if len(strength) == 1:
        draw(
            "draw/bars",
            "bars past",
            {"title": title, "values": strength[0], "names": words, "axis": "step", "link": "step", "file": "past"},
        )
        most = int(strength[0].argmax())
        st.html(marks.note(f"The length of the gradient by each step's input; the most at step {most} ({strength[0, most]:.3g})."))
    else:
        answers = [str(step) for step in found.answer["steps"]]
        one = {
            "title": title,
            "values": strength,
            "labels": {"rows": answers, "columns": words},
            "axes": {"rows": "answer", "columns": "input"},
            "rising": True,
        }
        draw("draw/matrix", "matrix past", {"matrices": [one], "file": "past"})
        st.html(marks.note("The length of each answer's gradient by each step's input."))
    badges(found.answer["checks"], 0.02)
    download(found.arrays, "past", "past_npz")


def through_time(view: View, layer: str, kind: str, steps: list[str]) -> None:
    """Vanishing or exploding gradient: how much of a state's change can arrive k steps later, here and in fresh layers of each kind."""
    found = asked(view, probes.through_time.through_time, layer=layer)
    norms = found.arrays["norms"]
    way = found.answer["direction"]
    series: list[dict[str, Any]] = [{"name": way or "this layer", "values": norms}]
    if way:  # the other one has weights and steps of its own
        other = asked(view, probes.through_time.through_time, layer=layer, direction="backward")
        series.append({"name": other.answer["direction"], "values": other.arrays["norms"]})
    if "bound" in found.arrays:
        series.append({"name": "its bound", "values": found.arrays["bound"], "dashed": True})
    fresh = untrained(view, len(norms) - 1)
    series += [{"name": name, "values": fresh.arrays[name]} for name in fresh.arrays if name != "bound"] if fresh else []
    data = {
        "title": "How much of a change arrives k steps later",
        "series": series,
        "steps": [str(step) for step in range(len(norms))],
        "axis": "steps back:",
        "log": True,
        "file": "through time",
    }
    draw("explore/recurrent/growth", "growth", data)
    st.html(marks.note(sentence(norms, found) + (beside(fresh) if fresh else "")))
    badges(found.answer["checks"] + (fresh.answer["checks"] if fresh else []))
    download(found.arrays, "through time", "through_time_npz")


def untrained(view: View, steps: int) -> Inspection | None:
    """Fresh layers of 16 units, their recurrent weights orthogonal; None where there are too many steps."""
    return asked(view, probes.through_time.vanishing, units=16, steps=steps) if steps <= 200 else None


def beside(fresh: Inspection) -> str:
    """What the other lines are."""
    *some, last = (name for name in fresh.arrays if name != "bound")
    return f" {', '.join(some)} and {last} are fresh layers of 16 units beside it."


def sentence(norms: np.ndarray, found: Inspection) -> str:
    """The gradient norms in words: whether the gradient vanishes, explodes or lasts."""
    last, largest = float(norms[-1]), found.answer["largest"]
    verb = "fades" if last < 0.1 else "explodes" if last > 10 else "lasts"
    about = (
        f" The largest singular value of its recurrent weights is {largest:.3g}: below 1 it must fade." if "bound" in found.arrays else ""
    )
    where = f" of the {found.answer['direction']} direction" if found.answer["direction"] else ""
    return f"After {format_count(len(norms) - 1, 'step')} a small change of the state{where} is at most {last:.2g} times as large: it {verb}.{about}"
