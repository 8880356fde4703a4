"""Query parameters: keeps the browser's address in step with what is on the screen, and reruns the page after a reconnect, or where its project is gone."""

import time

import streamlit as st

from pages.frame import state
from pages.frame.component import component

# st.query_params adds a step to the history each time, and Back then never leaves the page; our script replaces it.
SCRIPT = """
let gone = null; // what listens for the project, once a page has needed it
const [address, frame] = ["address", "frame"].map((name) => import(new URL(`/assets/frame/${name}.js`, document.baseURI).href));
export default function ({ data, setTriggerValue }) {
  address.then(({ write }) => write(data));
  frame.then(({ whenBack }) => whenBack(() => setTriggerValue("back", Date.now())));
  if (data.watched || gone) (gone ??= import(new URL("/assets/frame/gone.js", document.baseURI).href)).then(({ listen }) => listen(data.watched));
}
"""

WRITE = """
const address = import(new URL("/assets/frame/address.js", document.baseURI).href);
export default function ({ data }) {
  address.then(({ write }) => write(data));
}
"""

_COMPONENT = component("address", html="<span></span>", script=SCRIPT)
_SEEN = component("address_seen", html="<span></span>", script=WRITE)
KEYS = ["project", *state.IN_ADDRESS]


def show(now: state.Current, watch: bool) -> None:
    """Write what is chosen into the query parameters; `watch`: the page does not hear by itself that its project is gone."""
    query = state.address(now)
    state.mark_written(query)
    with st.container(key="address"):
        watched = {"project": now.project.id, "network": now.network_name, "revision": now.work.revision} if watch else None
        data = {"query": query, "keys": KEYS, "at": time.time(), "watched": watched}
        _COMPONENT(key="address_bar", data=data, on_back_change=lambda: None)


def follow(now: state.Current, run: str) -> None:
    """Write what a fragment shows, its run by name, into the query parameters: its reruns leave the frame as it is."""
    query = state.address(now) | {"run": run}
    state.mark_written(query)
    with st.container(key="address_of_fragment"):
        _SEEN(key="address_seen", data={"query": query, "keys": KEYS, "at": time.time()})
