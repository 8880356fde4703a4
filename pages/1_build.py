"""Build page: the network on its canvas (graph editor), and the form of the chosen layer beside it."""

import streamlit as st

from builder.web.editing import analysed
from builder.web.heads import with_head
from pages.build import canvas, code, form
from pages.frame import keys, state, toasts
from pages.frame.turns import DRAWING
from pages.train.settings import settings


@st.fragment
def build() -> None:
    """The page's fragment: canvas and form, so that a change in either redraws both and nothing else."""
    with st.container(key="build", horizontal=True, gap=None):
        left, right = (
            st.container(key="stage", width="stretch"),
            st.container(key="form", width=560 if st.session_state.get("side") == "Code" else 320),
        )
        now = state.current()
        analysis = with_head(analysed(now.work.network), now.work.network, now.project.choices)
        with DRAWING:
            with left:
                canvas.show(now, analysis)
            with right:
                side(now, analysis)
    toasts.show()


def side(now: state.Current, analysis: form.Analysis) -> None:
    """The chosen layer's form, or the whole network as a program."""
    view = st.segmented_control(
        "View",
        ["Form", "Code"],
        default="Form",
        required=True,
        key="side",
        persist_state="session",
        label_visibility="collapsed",
        width="stretch",
    )
    if not canvas.is_drawn():
        return
    if view == "Code":
        st.session_state[keys.FORM] = ""
        code.show(now.work.network, analysis, settings(now))
    else:
        form.show(now, analysis)


build()
