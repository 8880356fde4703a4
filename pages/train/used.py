"""Disk usage: how much the data folder holds, in a quiet line, and which command frees some of it."""

import streamlit as st

from builder.engine.data_use import data_use
from builder.words import format_bytes
from pages.frame.words import plain


def show() -> None:
    """The line, once it has been counted."""
    used = data_use()
    if used is not None:
        st.caption(f"The data folder of all projects holds {plain(format_bytes(used))}; “python -m builder tidy” says what of it can go.")
