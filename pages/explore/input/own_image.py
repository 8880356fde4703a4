"""A picture of a person's own: drawn on a sheet, uploaded, or taken with the camera."""

import streamlit as st

from builder.datasets import Dataset, sheets
from builder.datasets.uploads import MOST_BYTES, fitted, sketched
from builder.errors import BuilderError
from pages.explore import drawing
from pages.explore.input.own_inputs import CAMERA, DRAW, UPLOAD, Own, keep, stored_input
from pages.explore.view import View
from pages.frame.words import plain

KINDS = "image"  # what the field takes: more than what can be read, so that the reason is said
LARGEST = MOST_BYTES // 2**20  # MiB
PROBLEM = "explore_own_problem"  # what was wrong with the last file, by source


def draw(dataset: Dataset, view: View) -> None:
    """The drawing sheet; its pixels come when the pen is lifted."""
    key, own = f"explore_draw {dataset.name}", stored_input(dataset, DRAW)
    told = sheets.described(dataset) | {"image": own.sheet if own else ""}
    drawing.draw("explore/input/draw", key, told, on_drawn_change=lambda: _take(dataset, key))


def _take(dataset: Dataset, key: str) -> None:
    sent = st.session_state[key].get("drawn")
    pixels = sheets.read_sheet(dataset, sent)
    made = None if pixels is None else sketched(dataset, pixels)
    keep(dataset, DRAW, Own(made.values, made.steps, str(sent)) if made else None)


def upload(dataset: Dataset, view: View) -> None:
    """A field for a file."""
    key = f"explore_upload {dataset.name}"
    st.file_uploader(
        f"A picture of at most {LARGEST} MiB",
        KINDS,
        key=key,
        max_upload_size=LARGEST,
        on_change=_file,
        args=(dataset, UPLOAD, key),
    )
    _problem(UPLOAD)


def camera(dataset: Dataset, view: View) -> None:
    """A field that takes a photograph."""
    key = f"explore_camera {dataset.name}"
    st.camera_input("A photograph", key=key, on_change=_file, args=(dataset, CAMERA, key), label_visibility="collapsed")
    _problem(CAMERA)


def _file(dataset: Dataset, name: str, key: str) -> None:
    """The callback of an upload or its removal; a file that cannot be used gives a reason, and the sample is shown."""
    file, made, problem = st.session_state[key], None, ""
    try:
        made = fitted(dataset, file.getvalue()) if file else None
    except BuilderError as error:
        problem = error.sentence
    st.session_state.setdefault(PROBLEM, {})[name] = problem
    keep(dataset, name, Own(made.values, made.steps) if made else None)


def _problem(name: str) -> None:
    """The error of the last file, where it could not be used."""
    if sentence := st.session_state.get(PROBLEM, {}).get(name):
        st.warning(plain(sentence), icon=":material/broken_image:")
