"""Explore's views: one file each, with TITLE, `applies(run, dataset)` and `show(run, view, dataset, saved_epochs)`."""

from types import ModuleType

import streamlit as st

from builder.datasets import Dataset
from builder.runs import Run
from pages.explore.attention import attention
from pages.explore.attribution import attribution
from pages.explore.autoencoder import autoencoder
from pages.explore.by_hand import by_hand
from pages.explore.compare import compare
from pages.explore.layers import layers, lens
from pages.explore.neurons import neurons
from pages.explore.recurrent import recurrent
from pages.explore.training import training
from pages.frame import state

VIEWS: dict[str, ModuleType] = {
    "layers": layers,
    "compare": compare,
    "arithmetic": lens,
    "autoencoder": autoencoder,
    "attention": attention,
    "gates": recurrent,
    "heat": attribution,
    "dense": neurons,
    "numbers": training,
    "kernel": by_hand,
}


def choose(run: Run, dataset: Dataset) -> ModuleType:
    """The tabs: the chosen view among those that this network has something for."""
    fitting = [name for name, view in VIEWS.items() if view.applies(run, dataset)]
    chosen = state.chosen("view")
    state.give("explore_view_name", chosen if chosen in fitting else fitting[0])
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
