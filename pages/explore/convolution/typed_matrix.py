"""A matrix of numbers that a person types, a row a line, in place of a picture."""

import numpy as np
import streamlit as st

from builder.datasets.table_parser import rows_of_numbers
from builder.errors import BuilderError
from pages.frame.words import plain

MOST = 40  # rows and columns
COURSE = "60 113 56 139 85\n73 121 54 84 128\n131 99 70 129 127\n80 57 115 69 134\n104 126 123 95 130"


def matrix() -> tuple[str, np.ndarray] | None:
    """The matrix's key, which changes with it, and its numbers (rows, columns, 1); None where it is none."""
    help = "A row a line, with spaces, commas or tabs between: what is copied out of a spreadsheet works too."
    text = st.text_area("Numbers, a row a line", COURSE, key="kernel_numbers", persist_state="session", height=150, width=320, help=help)
    try:
        found = read(text)
    except BuilderError as error:
        st.warning(plain(error.sentence), icon=":material/edit:")
        return None
    return f"numbers {hash(found.tobytes())} {found.shape}", found[..., None]


def read(text: str) -> np.ndarray:
    """The numbers of a text, (rows, columns).

    Raises:
        BuilderError: rows of different lengths, too many, or what is no number.
    """
    rows = rows_of_numbers(text)
    if len(rows) > MOST or len(rows[0]) > MOST:
        raise BuilderError("The matrix", f"at most {MOST} rows and {MOST} columns", f"{len(rows):,} and {len(rows[0]):,}")
    return np.array(rows, "float64")
