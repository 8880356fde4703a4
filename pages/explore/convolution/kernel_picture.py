"""The input of a convolution by hand: a photograph, a sample, a file, the camera's, or numbers that are typed."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from builder.datasets import DATASETS, Dataset
from builder.datasets.fitting import GREY
from builder.datasets.resizing import resize
from builder.datasets.uploads import photograph
from builder.engine import calls
from builder.errors import BuilderError
from pages.explore import view as data
from pages.explore.convolution import typed_matrix
from pages.explore.input.own_image import KINDS, LARGEST
from pages.frame.number_field import number_field
from pages.frame.words import plain

PLACES = {"temple": "Temple", "flower": "Flower", "sample": "Sample", "file": "File", "camera": "Camera", "numbers": "Numbers"}
NUMBERS = "numbers"
SIDES = (32, 64, 96, 160, 240, 320)  # pixels of the longer side
WITH = [name for name, each in DATASETS.items() if each.kind == "image" and not each.download]


class Sample(NamedTuple):
    """The sample that Explore's left column shows."""

    view: data.View
    dataset: Dataset


def chosen(sample: Sample | None) -> tuple[str, np.ndarray] | None:
    """The image's key, which changes with it, and (height, width, 1 or 3) whole numbers from 0 to 255, typed ones as they are; None where there is none yet."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        place = st.segmented_control(
            "Picture",
            PLACES,
            default="temple",
            required=True,
            key="kernel_place",
            persist_state="session",
            format_func=PLACES.__getitem__,
            width="content",
        )
        if place == NUMBERS:
            return typed_matrix.matrix()
        side = st.selectbox(
            "Longer side", SIDES, index=SIDES.index(160), key="kernel_side", persist_state="session", format_func=_pixels, width=120
        )
        colour = st.toggle(
            "In colour", key="kernel_colour", persist_state="session", help="The same kernel goes over red, green and blue, each alone."
        )
    found = _found(place, sample)
    if found is None:
        return None
    name, picture = found
    shown = fitted(picture, side, colour)
    return f"{name} {side} {shown.shape[2]}", shown


def place() -> str:
    """The image's source."""
    return st.session_state.get("kernel_place") or "temple"


def _pixels(side: int) -> str:
    return f"{side} pixels"


def _found(place: str, sample: Sample | None) -> tuple[str, np.ndarray] | None:
    """The image as it came: (height, width, channels) from 0 to 255."""
    if place == "sample":
        return _sample(sample) if sample else _any_sample()
    if place in ("file", "camera"):
        return _own(place)
    with st.spinner("Fetching the photograph", show_time=False):
        return place, scikit_learns(place)


@lru_cache(maxsize=2)
def scikit_learns(name: str) -> np.ndarray:
    """A photograph that ships with scikit-learn, from the process that may load it."""
    return calls.call("probes", "photograph", {"name": name}, timeout=data.PATIENCE)[1]["picture"]


def _own(place: str) -> tuple[str, np.ndarray] | None:
    """A file or what the camera sees, of which nothing is kept; what is wrong with it is said in its place."""
    if place == "file":
        file = st.file_uploader(f"A picture of at most {LARGEST} MiB", type=KINDS, key="kernel_file", max_upload_size=LARGEST)
    else:
        file = st.camera_input("Take a picture", key="kernel_camera", width=420)
    if file is None:
        return None
    try:
        picture, _ = photograph(file.getvalue())
    except BuilderError as error:
        st.warning(plain(error.sentence), icon=":material/broken_image:")
        return None
    picture.thumbnail((SIDES[-1], SIDES[-1]))
    return file.file_id, np.asarray(picture)


def _sample(sample: Sample) -> tuple[str, np.ndarray]:
    """The sample at the left, a changed one included."""
    view, dataset = sample
    raw = data.inspection(view, ()).arrays["raw"]
    name = f"{dataset.name} {view.part} {view.sample} {hash(view.given)}"
    return name, bytes_of(raw, dataset)


def _any_sample() -> tuple[str, np.ndarray]:
    """A sample of a dataset of pictures, where the run has none."""
    with st.container(horizontal=True, gap="small"):
        name = st.selectbox(
            "Dataset", WITH, key="kernel_dataset", persist_state="session", format_func=lambda each: DATASETS[each].title, width=240
        )
        samples = _samples(name)
        place = number_field(f"Sample of {len(samples)}", 0, len(samples) - 1, 0, key=f"kernel_sample_{name}", width=130)
    return f"{name} {place}", bytes_of(samples[place], DATASETS[name])


@lru_cache(maxsize=4)
def _samples(name: str) -> np.ndarray:
    return calls.call("probes", "preview", {"dataset": name}, timeout=data.PATIENCE)[1]["x"]


def bytes_of(raw: np.ndarray, dataset: Dataset) -> np.ndarray:
    """A dataset's picture on the scale of 0 to 255."""
    return np.clip((raw - dataset.low) / (dataset.high - dataset.low) * 255, 0, 255)


def fitted(picture: np.ndarray, side: int, colour: bool) -> np.ndarray:
    """No longer than `side`, grey unless in colour, whole numbers; what is smaller keeps its size."""
    height, width = picture.shape[:2]
    found = picture.astype("float32")
    if max(height, width) > side:
        share = side / max(height, width)
        found = resize(found[None], max(round(height * share), 1), max(round(width * share), 1))[0]
    if found.shape[2] == 3 and not colour:
        found = (found @ GREY)[..., None]
    return np.clip(np.round(found), 0, 255)
