"""Tables of numbers to edit: cells of text that `builder.typed` reads, so that no cell becomes another number on its way."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from builder.errors import BuilderError
from builder.typed import written
from pages.frame.number_field import checked
from pages.frame.words import plain

MOST_TOLD = 3  # refused cells that are told
FAR = 1e30  # from 0, where a column has no limits of its own


def number_table(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    key: str,
    limits: Sequence[tuple[float, float]] = (),
    empty: float | None = None,
    digits: int = 4,
    **more: Any,
) -> np.ndarray:
    """The numbers (rows, columns) after a person's edits; a cell that is none keeps its number, and the reason stands below.

    Args:
        limits: of each column.
        empty: what an emptied cell counts as; None: its number as it was.
        digits: what cells are rounded to, for the eye only.
    """
    begun = [[written(float(value), digits) for value in row] for row in values]
    config = {name: st.column_config.TextColumn(name, alignment="right") for name in columns}
    frame = pd.DataFrame(begun, index=list(rows), columns=list(columns))
    edited = st.data_editor(frame, key=key, column_config=config, **more).to_numpy(object)
    made, refused = read_cells(values, begun, edited, [f"{row}, {column}" for row in rows for column in columns], limits, empty)
    for sentence in refused[:MOST_TOLD]:
        st.markdown(f":small[:red[{plain(sentence)}]]")
    return made


def read_cells(
    values: np.ndarray,
    begun: Sequence[Sequence[str]],
    edited: np.ndarray,
    places: Sequence[str],
    limits: Sequence[tuple[float, float]] = (),
    empty: float | None = None,
) -> tuple[np.ndarray, list[str]]:
    """Parse the cells that differ from what they began with: the numbers, and a sentence for each that is none."""
    made, refused = values.astype("float64"), []
    for (row, column), text in np.ndenumerate(edited):
        if text == begun[row][column]:
            continue
        low, high = limits[column] if limits else (-FAR, FAR)
        try:
            number = checked(text if isinstance(text, str) else "", places[row * len(begun[0]) + column], low, high, whole=False)
        except BuilderError as error:
            refused.append(error.sentence)
            continue
        if number is not None or empty is not None:
            made[row, column] = empty if number is None else number
    return made, refused
