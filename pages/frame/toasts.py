"""Toasts: what a press has to tell is kept until the page is drawn; an element of a fragment's callback would stand in another one's place."""

from typing import Literal

import streamlit as st

from pages.frame.words import plain

KEPT = "_toasts"


def tell(words: str, icon: str = ":material/error:", duration: Literal["short", "long"] = "short") -> None:
    """Have a sentence shown as soon as the page, or the fragment that was pressed in, is drawn."""
    st.session_state.setdefault(KEPT, []).append((words, icon, duration))


def show() -> None:
    """Show what there is to tell, once."""
    for words, icon, duration in st.session_state.pop(KEPT, ()):
        st.toast(plain(words), icon=icon, duration=duration)
