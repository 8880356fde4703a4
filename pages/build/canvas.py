"""The canvas (graph editor) as a Streamlit component: its data, and the events that come back."""

from typing import Any

import streamlit as st

from builder.engine import calls
from builder.network import Analysis
from builder.web.canvas_picture import picture
from pages.frame import keys, state, welcome
from pages.frame.component import component

_CANVAS = component("canvas", "canvas/canvas")
KEY = "canvas"


def show(now: state.Current, analysis: Analysis) -> None:
    """Draw the network; the chosen layer and a press on Train come back from it."""
    data = {
        "picture": picture(now.project, now.work, analysis, now.editable),
        "layer": chosen_layer(now),
        "seq": st.session_state.get("_canvas_seq", 0),
        "drawn": is_drawn(),
        "device": calls.status()["device"],
        "play": st.session_state.get(keys.PLAY, 0),
    }
    told: Any = _CANVAS(key=KEY, data=data, on_seen_change=_seen, on_train_change=lambda: None, on_greeted_change=welcome.used)
    if told.greeted:
        st.rerun()
    if told.train:
        run = {"run": str(told.train[0])} if told.train[0] else {}
        state.choose(**run)
        query = {"project": now.project.id, "network": now.network_name, **run}
        st.switch_page(str(state.PAGES / "2_train.py"), query_params=query)


def is_drawn() -> bool:
    """Lazy loading, whether the canvas is on the screen: a browser loads twenty scripts for the fields of a form, and those can wait.

    The canvas tells when it is; without a browser (there is no cookie) nobody waits.
    """
    return "_canvas_seq" in st.session_state or not st.context.cookies.to_dict()


def chosen_layer(now: state.Current) -> str:
    """The layer that the form is about: what was chosen, or the first one that has something to set."""
    names = [node.name for node in now.work.network.nodes]
    chosen = state.chosen("layer")
    if chosen in names:
        return str(chosen)
    return names[min(1, len(names) - 1)] if names else ""


def _seen() -> None:
    """The callback of a selection on the canvas: debounced, one for several presses, each with a higher sequence number."""
    seen = st.session_state[KEY].get("seen")
    if not seen or seen["seq"] <= st.session_state.get("_canvas_seq", 0):
        return
    st.session_state["_canvas_seq"] = seen["seq"]
    state.choose(layer=seen["layer"], network=seen["network"])
