"""What a person sees where a page fails: a sentence, and never a traceback; Streamlit has put that in the server's log."""

import streamlit as st

from builder.errors import BuilderError
from pages.frame.words import plain

CALM = "This part of the page met an error of its own. Your networks and runs are stored and nothing of them is lost; the server's log has the details."


def calm(error: Exception) -> bool:
    """Show a failure where it happened; True: Streamlit need not show it as well."""
    st.error(plain(error.sentence) if isinstance(error, BuilderError) else CALM, icon=":material/error:")
    st.button("Try again", key=f"again {type(error).__name__} {hash(str(error))}")
    return True
