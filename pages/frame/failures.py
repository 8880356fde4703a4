"""Error page: what a person sees where a page fails: a sentence, and never a traceback; Streamlit has put that in the server's log."""

import logging
from itertools import count

import streamlit as st

from builder.errors import BuilderError, Missing
from pages.frame import nowhere
from pages.frame.words import plain

UNEXPECTED = "This part of the page met an error of its own. Your networks and runs are stored and nothing of them is lost; the server's log has the details."
_shown = count()


def keep_log_of_bugs() -> None:
    """Log filter: Streamlit logs a traceback for whatever a page shows, which a bug needs, and a sentence for a person does not."""
    logging.getLogger("streamlit.error_util").addFilter(is_bug)


def is_bug(record: logging.LogRecord) -> bool:
    """Whether a log record is of no BuilderError; a database that is away has been told once, by the store."""
    return not (record.exc_info and isinstance(record.exc_info[1], BuilderError))


def show_failure(error: Exception) -> bool:
    """Show an exception as a sentence where it happened; True: Streamlit need not show it as well."""
    if isinstance(error, Missing) and nowhere.gone():
        nowhere.show_in_part()
        return True
    st.error(plain(error.sentence) if isinstance(error, BuilderError) else UNEXPECTED, icon=":material/error:")
    st.button("Try again", key=f"again {next(_shown)}")  # a rerun is all it is for, so no two share a key, however alike they fail
    return True
