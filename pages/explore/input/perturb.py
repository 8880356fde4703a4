"""Perturbation of the input (noise, shift, rotation, occlusion): which and how much; the same every time."""

from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.datasets.perturbations import Change, changed, describe, kinds
from pages.explore.view import View, given, input_name
from pages.frame.words import plain

TITLES = {"": "As it is", "noise": "With noise", "shift": "Shifted", "rotation": "Turned", "occlusion": "Partly covered"}


def choose(dataset: Dataset, base: View, raw: Any) -> tuple[View, str]:
    """The view of the perturbed input and what was done; `raw()` gives the numbers that are changed.

    Without a change the view as it was, and nothing.
    """
    kind = st.selectbox(
        "Change it", ["", *kinds(dataset)], key=f"explore_change {dataset.name}", persist_state="session", format_func=TITLES.__getitem__
    )
    if not kind:
        return base, ""
    x = raw()
    change = _asked(dataset, kind, x)
    words = describe(dataset, change)
    return base._replace(given=given(f"{input_name(base)}, {words}", changed(dataset, x, change))), words


def _asked(dataset: Dataset, kind: Any, x: np.ndarray) -> Change:
    if kind == "noise":
        return _noise(dataset)
    if kind == "rotation":
        return Change(kind, amount=_slider(dataset, "Degrees", -180, 180, 30))
    return _shift(dataset, x) if kind == "shift" else _cover(dataset, x)


def _noise(dataset: Dataset) -> Change:
    label = "Replaced, in %" if dataset.kind == "tokens" else "Standard deviation, in % of the range"
    amount = _slider(dataset, label, 0, 100, 20) / 100
    key = f"explore_noise_seed {dataset.name}"
    st.button("Other noise", icon=":material/casino:", type="tertiary", on_click=_next, args=(key,))
    return Change("noise", amount=amount, seed=st.session_state.get(key, 0))


def _next(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, 0) + 1


def _shift(dataset: Dataset, x: np.ndarray) -> Change:
    if x.ndim == 1 and dataset.kind != "tokens":
        return Change("shift", amount=_slider(dataset, "Add to every number, in % of the range", -50, 50, 10) / 100)
    if dataset.kind != "image":
        return Change("shift", place=(_slider(dataset, "Steps later", 1 - len(x), len(x) - 1, 1),))
    height, width = x.shape[:2]
    down = _slider(dataset, "Pixels down", -height // 2, height // 2, height // 8)
    return Change("shift", place=(down, _slider(dataset, "Pixels to the right", -width // 2, width // 2, 0)))


def _cover(dataset: Dataset, x: np.ndarray) -> Change:
    if dataset.kind == "image":
        height, width = x.shape[:2]
        side = _slider(dataset, "Side of the box", 1, min(height, width), max(min(height, width) // 3, 1))
        top = _slider(dataset, "From the top", 0, height - 1, height // 3)
        left = _slider(dataset, "From the left", 0, width - 1, width // 3)
        return Change("occlusion", place=(top, left), size=(min(side, height - top), min(side, width - left)))
    if x.ndim == 1 and len(dataset.features) == len(x):
        names = dataset.features
        place = st.selectbox(
            "Covered",
            range(len(x)),
            key=f"explore_covered {dataset.name}",
            persist_state="session",
            format_func=lambda at: plain(names[at]),
        )
        return Change("occlusion", place=(place,), size=(1,))
    first = _slider(dataset, "From step", 0, len(x) - 1, len(x) // 3)
    return Change("occlusion", place=(first,), size=(min(_slider(dataset, "Steps", 1, len(x), max(len(x) // 4, 1)), len(x) - first),))


def _slider(dataset: Dataset, label: str, low: int, high: int, start: int) -> int:
    key = f"explore_change {dataset.name} {label} {low} {high}"  # a value that is kept must lie within the limits
    return int(st.slider(label, low, max(high, low + 1), start, key=key, persist_state="session"))
