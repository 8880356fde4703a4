"""Preferences (cookies): what a person keeps in this browser, whatever project is open."""

import streamlit as st

from pages.frame.component import component

WELCOMED = "welcomed"  # a door of the welcome was used, or it was closed
PRESENTING = "presenting"  # cards and type are large, for a projector

SCRIPT = """
const YEARS_2 = 2 * 365 * 24 * 3600;
export default function ({ data }) {
  for (const [name, on] of Object.entries(data)) document.cookie = `layerloom_${name}=${Number(on)}; path=/; samesite=lax; max-age=${YEARS_2}`;
}
"""
_COMPONENT = component("preferences", html="<span></span>", script=SCRIPT)
_CHANGED = "_preferences"  # those that were set since the browser connected; its cookies are read then


def is_on(name: str) -> bool:
    """Whether a person has switched this on."""
    changed: dict[str, bool] = st.session_state.get(_CHANGED, {})
    return changed.get(name, st.context.cookies.get(f"layerloom_{name}") == "1")


def switch(name: str, *, on: bool) -> None:
    """Switch it on or off, for every project and the visits to come."""
    st.session_state[_CHANGED] = {**st.session_state.get(_CHANGED, {}), name: on}


def toggle(name: str, label: str) -> None:
    """The switch itself."""
    key = f"preference {name}"
    st.toggle(label, is_on(name), key=key, on_change=lambda: switch(name, on=st.session_state[key]))


def keep() -> None:
    """Have the browser remember what was switched."""
    if changed := st.session_state.get(_CHANGED):
        with st.container(key="preferences"):
            _COMPONENT(key="preferences_cookies", data=changed)
