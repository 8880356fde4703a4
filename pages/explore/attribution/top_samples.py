"""Top-activating samples of a unit, and activation maximisation, an input made up for it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.errors import BuilderError
from builder.figures.maps import input_picture, layer_picture
from builder.probes import attribution as probes
from builder.runs import Run
from builder.words import format_number
from pages.explore import drawing
from pages.explore import html as marks
from pages.explore import view as data
from pages.explore.input import open_sample
from pages.explore.layers import layers
from pages.explore.line import lines
from pages.frame import state
from pages.frame.number_field import number_field
from pages.frame.words import plain

WIDE = 88  # pixels of a sample
LINES = 210  # of a sequence
MEANS = (
    "Means over all places, before softmax; the samples above rank by the largest value at one place. "
    "Gradient ascent with a calm picture as a second aim."
)
MADE = "excite_made"  # the unit that an input was asked for


def show(run: Run, view: data.View, dataset: Dataset) -> None:
    """Top-activating samples of a chosen layer and unit, and a button for activation maximisation."""
    st.markdown("**What excites a unit**")
    names = layers.layer_names(run.network)
    with st.container(horizontal=True, gap="small"):
        st.session_state["excite_layer"] = layers.chosen_layer(names)
        layer = st.selectbox("Layer", names, key="excite_layer", on_change=_chose, width=190)
        last = units(view, names, layer) - 1
        unit = number_field("Unit", 0, last, 0, key="excite_unit", width=110, steps=True)
    try:
        with st.spinner("Looking through the training part", show_time=False):
            samples(
                dataset,
                *drawing.asked(view._replace(part="train", sample=0, given=None), probes.top_samples.top_samples, layer=layer, unit=unit),
            )
        made_up(view, dataset, layer, unit)
    except BuilderError as error:
        st.html(marks.note(error.sentence))


def units(view: data.View, names: list[str], layer: str) -> int:
    """How many units or maps a layer has: the length of its last axis."""
    on_page = layers.page_of(names, layers.chosen_layer(names))
    shapes = {each["name"]: each["shape"] for each in data.inspection(view, tuple(on_page)).answer["layers"]}
    return int(shapes[layer][-1]) if shapes.get(layer) else 1


def _chose() -> None:
    state.choose(layer=st.session_state["excite_layer"])


def samples(dataset: Dataset, answer: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Top-activating samples, each with the unit's largest output there; a press opens one."""
    with st.container(horizontal=True, gap="small"):
        for raw, value, target, number in zip(arrays["samples"], answer["values"], answer["targets"], answer["samples"], strict=True):
            with st.container(width=LINES if dataset.kind == "sequence" else WIDE, gap=None):
                st.html(figure(dataset, raw, f"Sample {number} of the training part"))
                words = f"{format_number(value)} · {_class(dataset, target)}".rstrip(" ·")
                open_sample.button(dataset, answer["part"], number, plain(words), f"exciting {number}")
    st.html(
        marks.note("The unit's largest value in each, of the first 2,000 training samples, and the sample's class. Press one to open it.")
    )
    drawing.badges([{"name": "Alone, the first gives the same", "value": abs(answer["check"]["value"])}])


def figure(dataset: Dataset, raw: np.ndarray, alt: str) -> str:
    """A sample as a picture, a sequence as its lines over the steps."""
    if dataset.kind == "sequence" and raw.ndim == 2:
        return lines([raw], dataset.features, alt)
    if dataset.kind == "image":
        picture = input_picture(raw, dataset.low, dataset.high, side=84)
    else:
        picture = layer_picture(raw, side=84, width=84)
    return f'<figure style="margin: 0">{marks.image(picture, alt)}</figure>'


def _class(dataset: Dataset, target: int | float | Sequence[float]) -> str:
    return dataset.classes[int(target)] if dataset.classes and isinstance(target, int) else ""


def made_up(view: data.View, dataset: Dataset, layer: str, unit: int) -> None:
    """Activation maximisation: an input with as large an output of the unit as can be, once it is asked for."""
    wanted = (view.run, layer, unit)
    if st.button("Make up an input for this unit", icon=":material/auto_fix_high:", key="excite_make"):
        st.session_state[MADE] = wanted
    if st.session_state.get(MADE) != wanted:
        return
    with st.spinner("Climbing", show_time=False):
        answer, arrays = drawing.asked(view._replace(part="train", sample=0, given=None), probes.maximise.maximise, layer=layer, unit=unit)
    made = arrays["image"]
    if made.ndim == 3:
        st.html(marks.image(input_picture(made, dataset.low, dataset.high, side=180), "The input that was made up", "explore-input"))
    elif dataset.kind == "sequence":
        st.html(lines([made], dataset.features, "The input that was made up"))
    else:
        st.html(marks.image(layer_picture(made, side=220, width=220), "The input that was made up"))
    rows = {"The unit's mean here": format_number(answer["value"]), "Largest mean of a sample": format_number(answer["best_sample"])}
    st.html(marks.figures(rows) + marks.note(MEANS))
