"""Explore's input: a sample of the dataset, or one of a person's own, drawn, uploaded, photographed, typed or edited."""

from collections.abc import Callable

import streamlit as st

from builder.datasets import Dataset
from builder.datasets.typed_tokens import vocabulary
from builder.runs import Run
from pages.explore import html as marks
from pages.explore.input import choose as explore_input
from pages.explore.input import own_image, own_point, own_row
from pages.explore.input.own_inputs import CAMERA, DRAW, EDIT, NAMES, SAMPLE, TYPE, UPLOAD, choose_source, source, sources, stored_input
from pages.explore.input.typed import typed
from pages.explore.neurons import neurons
from pages.explore.view import View, given, inspection
from pages.frame import state

FIELDS: dict[str, Callable[[Dataset, View], None]] = {
    DRAW: own_image.draw,
    UPLOAD: own_image.upload,
    CAMERA: own_image.camera,
    EDIT: own_row.edit,
}
NOTHING = {
    DRAW: "Nothing drawn yet: the sample is shown.",
    UPLOAD: "Nothing uploaded yet: the sample is shown.",
    CAMERA: "No photograph yet: the sample is shown.",
    TYPE: "The sample's own tokens: change any of them.",
    EDIT: "The sample's own numbers: move any of them.",
}


def choose(run: Run, dataset: Dataset, view: View) -> View:
    """Fields for the source of the input and the input itself, and their view; the sample's where nothing was given."""
    name = source(dataset)
    state.give("explore_source", name)
    with st.container(key="explore_sources_row"):
        st.segmented_control(
            "Input",
            sources(dataset),
            key="explore_source",
            required=True,
            on_change=_chose,
            args=(dataset,),
            help="Your own input stays here while you look around. It is neither stored nor part of the address.",
        )
    if name == SAMPLE:
        explore_input.choose_sample(run, dataset, view)
        return view
    if name == TYPE:
        own_input = _type(dataset, view)
    else:
        field = own_point.edit if name == EDIT and neurons.flat(run, dataset) else FIELDS[name]
        field(dataset, view)
        own_input = own_view(dataset, view, name)
    if own_input.given is None:
        st.html(marks.note(NOTHING[name]))
    return own_input


def own_view(dataset: Dataset, view: View, name: str) -> View:
    """The view of a person's own input, or of the sample where there is none."""
    own = stored_input(dataset, name)
    return view if own is None else view._replace(given=given(NAMES[name], own.values))


def _type(dataset: Dataset, view: View) -> View:
    """A field for tokens, at first the sample's."""
    own_input = own_view(dataset, view, TYPE)
    numbers = inspection(own_input, ()).arrays["raw"]
    return typed(own_input, dataset, [vocabulary(dataset)[int(number)] for number in numbers], "left")


def _chose(dataset: Dataset) -> None:
    choose_source(dataset, st.session_state["explore_source"])


def steps(dataset: Dataset) -> tuple[str, ...]:
    """Preprocessing steps of a person's own input, which made it look like the dataset's."""
    own = stored_input(dataset, source(dataset))
    return own.steps if own else ()
