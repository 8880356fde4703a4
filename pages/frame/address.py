"""Query parameters: keeps the browser's address in step with what is on the screen, and reruns the page after a reconnect."""

import time

import streamlit as st

from pages.frame import state

# st.query_params adds a step to the history each time, and Back then never leaves the page; our script replaces it.
SCRIPT = """
const [address, frame] = ["address", "frame"].map((name) => import(new URL(`/assets/frame/${name}.js`, window.location.href).href));
export default function ({ data, setTriggerValue }) {
  address.then(({ write }) => write(data));
  frame.then(({ whenBack }) => whenBack(() => setTriggerValue("back", Date.now())));
}
"""

_COMPONENT = st.components.v2.component("layerloom_address", html="<span></span>\n", js=SCRIPT)


def show(now: state.Current) -> None:
    """Write what is chosen into the query parameters."""
    query = state.address(now)
    state.told(query)
    with st.container(key="address"):
        _COMPONENT(
            key="address_bar", data={"query": query, "keys": ["project", *state.IN_ADDRESS], "at": time.time()}, on_back_change=lambda: None
        )
