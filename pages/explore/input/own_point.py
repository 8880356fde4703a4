"""A point of a plane as input: pressed or dragged to over the data and the decision boundary, or typed as two numbers."""

from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.probes import neurons as probes
from pages.explore import drawing
from pages.explore.input import own_row
from pages.explore.input.own_inputs import EDIT, Own, keep, stored_input
from pages.explore.neurons.plane import plane_words
from pages.explore.view import View, inspection
from pages.frame.number_field import number_field
from pages.frame.words import plain

SIDE = 65  # points along each axis of what the network answers
ARRAYS = ("x", "y", "answer", "points", "labels")


def edit(dataset: Dataset, view: View) -> None:
    """The plane with the point in it, and its two numbers."""
    own = stored_input(dataset, EDIT)
    now = inspection(view, ()).arrays["raw"] if own is None else own.values
    with st.spinner("Asking for the plane", show_time=False):
        answer, arrays = drawing.asked(view._replace(part="test", sample=0, given=None), probes.plane.plane, side=SIDE)
    key = f"explore_point {dataset.name}"
    told = {
        "rating": answer["rating"],
        "arrays": {name: arrays[name] for name in ARRAYS},
        "here": [float(value) for value in now],
        **plane_words(dataset),
    }
    drawing.draw("explore/neurons/point", key, told, on_picked_change=lambda: _picked(dataset, key))
    _numbers(dataset, now, arrays)
    own_row.back(dataset)


def _numbers(dataset: Dataset, now: np.ndarray, arrays: dict[str, np.ndarray]) -> None:
    """A field for each number, within the plane."""
    for place, (column, name) in enumerate(zip(st.columns(2, vertical_alignment="bottom"), plane_words(dataset)["features"], strict=True)):
        low, high = sorted((float(arrays["xy"[place]][0]), float(arrays["xy"[place]][-1])))
        key = f"explore_point {dataset.name} {place}"
        value = min(max(float(now[place]), low), high)
        told: dict[str, Any] = {"on_change": own_row.moved_to, "args": (dataset, now, place)}
        with column:
            number_field(plain(name), low, high, value, key=key, whole=False, digits=4, **told)


def _picked(dataset: Dataset, key: str) -> None:
    point = read_point(st.session_state[key].get("picked"))
    if point is not None:
        keep(dataset, EDIT, Own(point))


def read_point(sent: Any) -> np.ndarray | None:
    """The place (2,) that the browser sent; None where it is none."""
    try:
        point = np.array(sent, "float32")
    except (TypeError, ValueError):
        return None
    return point if point.shape == (2,) and np.isfinite(point).all() else None
