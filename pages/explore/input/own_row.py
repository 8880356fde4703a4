"""A row or a sequence edited by hand, within the range that the dataset's numbers have."""

from functools import lru_cache

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.datasets.own import feature_names
from builder.engine import calls
from pages.explore.input.own_inputs import EDIT, Own, keep, stored_input
from pages.explore.number_table import number_table
from pages.explore.view import PATIENCE, View, inspection
from pages.frame.words import plain

TALL = 330  # pixels of the list of sliders
STEPS = 200  # places of a slider


def edit(dataset: Dataset, view: View) -> None:
    """The numbers as sliders, those of a sequence as a table; one press goes back to the sample's."""
    start = inspection(view, ()).arrays["raw"]
    own = stored_input(dataset, EDIT)
    now = start if own is None else own.values
    low, high = ranges(dataset.name)
    if start.ndim == 1:
        _sliders(dataset, now, low, high)
    else:
        _table(dataset, now, low, high)
    back(dataset)


def back(dataset: Dataset) -> None:
    """A reset button to the sample's own numbers, once there are others."""
    if stored_input(dataset, EDIT) is not None:
        st.button("Back to the sample's numbers", icon=":material/undo:", type="tertiary", on_click=_forget, args=(dataset,))


@lru_cache(maxsize=8)
def ranges(dataset: str) -> tuple[np.ndarray, np.ndarray]:
    """The range of each feature, cached: its smallest and its largest value."""
    found = calls.call("probes", "ranges", {"dataset": dataset}, timeout=PATIENCE)[1]
    return found["low"], found["high"]


def _sliders(dataset: Dataset, now: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    with st.container(height=TALL if len(now) > 4 else "content", border=False):
        for place, name in enumerate(feature_names(dataset, len(now))):
            ends = float(low[place]), float(max(high[place], low[place] + 1e-6))
            key = f"explore_row {dataset.name} {place}"
            st.session_state[key] = min(max(float(now[place]), ends[0]), ends[1])
            step = (ends[1] - ends[0]) / STEPS
            st.slider(plain(name), *ends, step=step, format="%.2f", key=key, on_change=moved, args=(dataset, now, place, key))


def moved(dataset: Dataset, now: np.ndarray, place: int, key: str) -> None:
    """The callback of a slider."""
    moved_to(dataset, now, place, st.session_state[key])


def moved_to(dataset: Dataset, now: np.ndarray, place: int, value: float) -> None:
    """Keep the row with one number moved, the others exactly what they were."""
    values = now.astype("float32", copy=True)
    values[place] = value
    keep(dataset, EDIT, Own(values))


def _table(dataset: Dataset, now: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    count = st.session_state.get("explore_steps_count", 0)
    key, base = f"explore_steps {dataset.name} {count}", f"explore_steps_base {dataset.name} {count}"
    if key not in st.session_state:  # freshly on the page: what was edited before is where it begins
        st.session_state[base] = now
    begun = st.session_state[base]
    columns = list(feature_names(dataset, begun.shape[1]))
    rows, limits = [str(step) for step in range(len(begun))], list(zip(low.tolist(), high.tolist(), strict=True))
    values = number_table(begun, rows, columns, key=key, limits=limits, height=TALL).astype("float32")
    if not np.array_equal(values, now):
        keep(dataset, EDIT, Own(values))


def _forget(dataset: Dataset) -> None:
    keep(dataset, EDIT, None)
    st.session_state["explore_steps_count"] = st.session_state.get("explore_steps_count", 0) + 1
