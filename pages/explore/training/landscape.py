"""Loss landscape around the weights along two directions, piece by piece, and the path that training took."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.probes import training as probes
from builder.runs import Run
from pages.explore import drawing, job
from pages.explore import html as marks
from pages.explore import view as data
from pages.frame.number_field import number_field

NOTE = (
    "Two directions out of as many as there are weights, each filter as long as the network's own. The middle is where the weights are now. A flat "
    "picture does not prove that the loss is flat: other directions may be steep. The way is drawn where its epochs fall on this plane."
)
DIRECTIONS = {"random": "Two random directions", "path": "The path's own directions"}
AXES = {
    "random": ("a, along one random direction", "b, along another"),
    "path": ("a, where the path spreads most", "b, where it spreads next"),
}
SIDES = (9, 15, 25)
MOST_MOVES = 100_000_000  # weights that are moved in one go


def show(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Loss landscape: what to survey, and what has been found so far."""
    st.html(marks.note(NOTE))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        known = ["random", "path"] if len(saved_epochs) > 3 else ["random"]
        directions = st.selectbox(
            "Directions", known, key="landscape_directions", persist_state="session", format_func=DIRECTIONS.__getitem__, width=230
        )
        side = st.selectbox("Points", SIDES, 1, key="landscape_side", persist_state="session", format_func=_points, width=130)
        span = st.selectbox(
            "How far", (0.25, 0.5, 1.0, 2.0), 2, key="landscape_span", persist_state="session", format_func=_length, width=150
        )
        seed = number_field("Seed", 0, 9999, 0, key="landscape_seed", width=110, disabled=directions == "path")
    asked: dict[str, Any] = {"directions": directions, "side": side, "span": span, "seed": seed}

    size = piece(run, side)

    def ask(place: int) -> data.Inspection:
        return drawing.asked(view, probes.landscape.landscape, points=(place * size, (place + 1) * size), **asked)

    wish = (view.run, view.epoch, *asked.values())
    job.run("landscape", wish, ceil(side**2 / size), ask, "Survey the loss", lambda found: drawn(found, run, view, side, directions))


def piece(run: Run, side: int) -> int:
    """The number of points that are asked for in one go: a row, or fewer where each of them moves many weights."""
    return min(max(MOST_MOVES // max(run.params, 1), 1), side)


def _points(side: int) -> str:
    return f"{side} × {side}"


def _length(span: float) -> str:
    return f"{span:g} × as long"


def drawn(found: Sequence[data.Inspection], run: Run, view: data.View, side: int, directions: str) -> None:
    """Loss landscape (b, a), NaN where no point was surveyed yet, with the path through it."""
    first = found[0]
    line = first.arrays["a"]
    known = np.concatenate([each.arrays["loss"] for each in found])
    loss = np.full((side, side), np.nan)
    loss.flat[: len(known)] = known
    told = {
        "loss": loss[::-1],
        "surveyed": len(known),
        "line": line,
        "path": first.arrays["path"],
        "share": first.arrays["share"],
        "epochs": first.answer["epochs"],
        "epoch": view.epoch,
        "first": run.at_first,
        "present": first.answer["present"],
        "samples": first.answer["samples"],
        "axes": AXES[directions],
        "file": f"loss landscape epoch {view.epoch}",
    }
    drawing.draw("explore/training/landscape", "training_landscape", told)
    middle = side // 2
    if len(known) > middle * side + middle:
        gap = abs(float(loss[middle, middle]) - first.answer["present"]) / max(abs(first.answer["present"]), 1e-9)
        drawing.badges([{"name": "The middle is the present loss", "value": gap}])
    arrays = {"loss": loss, "a": line, "b": line, **{name: first.arrays[name] for name in ("path", "share")}}
    drawing.download({**arrays, "epochs": np.array(first.answer["epochs"])}, "loss landscape", "training_landscape_npz")
