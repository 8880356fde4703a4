"""Explore's views: one file each, with TITLE, `applies(run, dataset)` and `show(run, seen, dataset, kept)`."""

from types import ModuleType

import streamlit as st

from builder.datasets import Dataset
from builder.runs import Run
from pages.parts import (
    explore_attention,
    explore_autoencoder,
    explore_compare,
    explore_dense,
    explore_heat,
    explore_kernel,
    explore_layers,
    explore_lens,
    explore_recurrent,
    explore_training,
    state,
)

VIEWS: dict[str, ModuleType] = {
    "layers": explore_layers,
    "compare": explore_compare,
    "arithmetic": explore_lens,
    "autoencoder": explore_autoencoder,
    "attention": explore_attention,
    "gates": explore_recurrent,
    "heat": explore_heat,
    "dense": explore_dense,
    "numbers": explore_training,
    "kernel": explore_kernel,
}


def choose(run: Run, dataset: Dataset) -> ModuleType:
    """The view that is looked at, among those that this network has something for."""
    fitting = [name for name, view in VIEWS.items() if view.applies(run, dataset)]
    chosen = state.chosen("view")
    st.session_state["explore_view_name"] = chosen if chosen in fitting else fitting[0]
    name = st.segmented_control(
        "View",
        fitting,
        key="explore_view_name",
        required=True,
        format_func=lambda each: VIEWS[each].TITLE,
        on_change=_chose,
        label_visibility="collapsed",
    )
    return VIEWS[name or fitting[0]]


def _chose() -> None:
    state.choose(view=st.session_state["explore_view_name"])
