"""Statistics of a training: histograms of weights and activations, calibration, and the loss landscape."""

from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.errors import BuilderError
from builder.probes import training as probes
from builder.runs import Run
from builder.words import format_count, format_number
from pages.explore import drawing
from pages.explore import html as marks
from pages.explore import view as data
from pages.explore.training import landscape, spread
from pages.frame import keys
from pages.frame.words import plain

TITLE = "Statistics"
WEIGHTS, ACTIVATIONS, CONFIDENCE, LANDSCAPE = "Weights", "Activations", "Confidence", "Loss landscape"


def applies(run: Run, dataset: Dataset) -> bool:
    """Every run has weights; what it has no numbers for is said in its place."""
    return True


def show(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """The chosen part: weights, activations, confidence or the loss landscape."""
    views = {
        WEIGHTS: spread.weights,
        ACTIVATIONS: spread.activations,
        CONFIDENCE: confidence,
        LANDSCAPE: landscape.show,
    }
    chosen = st.segmented_control(
        "Numbers", list(views), default=WEIGHTS, required=True, key="training_part", persist_state="session", label_visibility="collapsed"
    )
    st.session_state[keys.ABOUT] = data.about(run, view)
    whole = view._replace(part="test", sample=0, given=None)  # none of it is about the input at the left
    try:
        views[chosen](run, whole, dataset, saved_epochs)
    except BuilderError as error:
        st.info(plain(error.sentence), icon=":material/info:")


CONFIDENCE_NOTE = (
    "Where the network is 80 % sure, it should be right in 80 % of cases. ECE is the mean distance from that, weighted by the answers in "
    "each bin. It speaks of the test part as a whole, not of any one answer."
)


def confidence(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Calibration of the network's confidence over the test part: reliability diagram and ECE."""
    st.html(marks.note(CONFIDENCE_NOTE))
    answer, arrays = drawing.asked(view, probes.calibration.calibration)
    wide, right = st.columns([2.4, 1.6], gap="medium")
    with wide:
        drawing.draw("explore/training/reliability", "training_reliability", {"arrays": arrays, "file": "calibration"})
        drawing.badges([{**answer["check"], "value": abs(answer["check"]["value"])}])
        drawing.download(arrays, "calibration", "training_confidence_npz")
    with right:
        st.html(marks.figures(figures(answer)))
        st.html(marks.note(verdict(answer)))


def figures(answer: dict[str, Any]) -> dict[str, str]:
    """ECE, accuracy and mean confidence beside the reliability diagram."""
    rows = {"ECE": answer["ece"], "Accuracy": answer["accuracy"], "Mean confidence": answer["confidence"]}
    return {**{name: format_number(value) for name, value in rows.items()}, "Answers": f"{answer['answers']:,}"}


def verdict(answer: dict[str, Any]) -> str:
    """Over- or underconfidence in a sentence: mean confidence less accuracy, within sampling noise."""
    gap = answer["confidence"] - answer["accuracy"]
    noise = np.sqrt(max(answer["accuracy"] * (1 - answer["accuracy"]), 1e-9) / answer["answers"])
    if abs(gap) <= 2 * noise:
        return f"On average it is as sure as it is right, within what {format_count(answer['answers'], 'answer')} can tell."
    return f"On average it is {'surer than it is right' if gap > 0 else 'less sure than it is right'}, by {abs(gap):.1%}."
