"""Neurons: their activations over the plane with the decision boundary, their weights as pictures, and what-if weight editing."""

from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.errors import BuilderError
from builder.probes import neurons as probes
from builder.runs import Run
from pages.explore import drawing
from pages.explore import html as marks
from pages.explore import view as data
from pages.explore.neurons import what_if
from pages.explore.neurons.plane import plane_words
from pages.frame.words import plain

TITLE = "Neurons"
PLANE, WEIGHTS = "Over the plane", "Weights"
PLANE_NOTE = (
    "Each small picture is one neuron: what it says at every point of the plane, the data on top. Together they make the answer. It shows "
    "what the network answers here, not that it is right where no data are."
)


def applies(run: Run, dataset: Dataset) -> bool:
    """Whether something has weights to look at, or the data lie in a plane."""
    return flat(run, dataset) or any(not node.is_input for node in run.network.nodes)


def flat(run: Run, dataset: Dataset) -> bool:
    """Whether the data are two numbers and the network takes them as they are."""
    inputs = run.network.inputs
    return dataset.input_shape == (2,) and len(inputs) == 1 and tuple(inputs[0].params.get("shape") or ()) == (2,)


def show(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """The plane where there is one, or the weights."""
    parts = [PLANE, WEIGHTS] if flat(run, dataset) else [WEIGHTS]
    chosen = parts[0]
    if len(parts) > 1:
        chosen = st.segmented_control(
            "Neurons", parts, default=PLANE, required=True, key="dense_part", persist_state="session", label_visibility="collapsed"
        )
    try:
        plane(view, dataset) if chosen == PLANE else what_if.show(run, view, dataset)
    except BuilderError as error:
        st.info(plain(error.sentence), icon=":material/info:")


def plane(view: data.View, dataset: Dataset) -> None:
    """Decision boundary and every neuron's activation over the plane."""
    st.html(marks.note(PLANE_NOTE))
    with st.spinner("Asking every neuron", show_time=False):
        answer, arrays = drawing.asked(view, probes.plane.plane)
    drawing.draw("explore/neurons/neurons", "dense_plane", block(answer, arrays, dataset))
    drawing.badges([answer["check"]])
    drawing.download(arrays, "neurons over the plane", "dense_plane_npz")


def block(answer: dict[str, Any], arrays: dict[str, np.ndarray], dataset: Dataset) -> dict[str, Any]:
    """One block of data for the browser."""
    told = {name: answer[name] for name in ("layers", "step", "rating")}
    return {**told, **plane_words(dataset), "arrays": arrays}
