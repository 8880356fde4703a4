"""A person's own inputs, in session state for each dataset: never in the address, never on disk."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from pages.frame import keys

SAMPLE, DRAW, UPLOAD, CAMERA, TYPE, EDIT = "Sample", "Draw", "Upload", "Camera", "Type", "Edit"
SOURCES: dict[str, tuple[str, ...]] = {"image": (SAMPLE, DRAW, UPLOAD, CAMERA), "tokens": (SAMPLE, TYPE)}
NAMES = {DRAW: "Drawing", UPLOAD: "Uploaded picture", CAMERA: "Photograph", TYPE: "Typed input", EDIT: "Edited input"}


class Own(NamedTuple):
    """An input in the dataset's shape, the steps that led to it, and for a drawing the sheet it was made on."""

    values: np.ndarray
    steps: tuple[str, ...] = ()
    sheet: str = ""


def sources(dataset: Dataset) -> tuple[str, ...]:
    """Sources of an input for this dataset: sample, drawing, upload, camera, typed or edited."""
    return SOURCES.get(dataset.kind, (SAMPLE, EDIT))


def source(dataset: Dataset) -> str:
    """The chosen source of the input, from session state."""
    chosen = str(st.session_state.setdefault(keys.SOURCES, {}).get(dataset.name, SAMPLE))
    return chosen if chosen in sources(dataset) else SAMPLE


def choose_source(dataset: Dataset, name: str) -> None:
    """Choose the source of a dataset's input: a sample, or one of the person's own."""
    st.session_state.setdefault(keys.SOURCES, {})[dataset.name] = name


def stored_input(dataset: Dataset, name: str) -> Own | None:
    """The input that a person last gave from this source, None where there is none."""
    return st.session_state.setdefault("explore_own", {}).get((dataset.name, name))


def keep(dataset: Dataset, name: str, own: Own | None) -> None:
    """Write the person's own input of a source to session state; None forgets it."""
    known = st.session_state.setdefault("explore_own", {})
    known.pop((dataset.name, name), None)
    if own is not None:
        known[dataset.name, name] = own
