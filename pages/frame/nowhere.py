"""Dead link (404): a project that is not there, or not any more, is said calmly, and there is a way on."""

import streamlit as st

from builder.errors import BuilderError, Missing
from builder.store import default_store
from pages.frame import keys

NEVER = "There is no project at this address. It may have been deleted, or the link is not complete."
GONE = "This project is no longer here: it was deleted while you had it open. A copy that you have made of it is still yours."


def gone() -> bool:
    """Whether the project that was open here has been deleted since."""
    known = st.session_state.get(keys.PROJECT)
    try:
        if known:
            default_store().project(known)
    except Missing:
        return True
    except BuilderError:
        return False
    return False


def show() -> None:
    """The page in place of the project."""
    st.warning(GONE if gone() else NEVER, icon=":material/link_off:")
    if st.button("Open my own project", type="primary"):
        for key in (keys.PROJECT, keys.CHOICES, keys.TOLD):
            st.session_state.pop(key, None)
        st.query_params.clear()
        st.rerun()


def show_in_part() -> None:
    """The same in a part of a page that was drawn before: a link, which draws all of it anew."""
    st.warning(GONE, icon=":material/link_off:")
    st.html('<a href="/" target="_self">Open my own project</a>')
