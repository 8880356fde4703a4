"""Streamlit components of Explore's drawings: arrays as one block of data, scripts in assets/draw and assets/explore."""

import io
from base64 import b64encode
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import numpy as np
import streamlit as st

from builder import files
from builder.engine import calls
from builder.engine.messages import Op
from builder.figures import palette
from builder.runs import folder
from pages.explore.view import PATIENCE, Inspection, View
from pages.frame import keys
from pages.frame.component import component

SCALES = {
    "light": {"signed": palette.DIVERGING, "rising": palette.RISING},
    "dark": {"signed": palette.DIVERGING_DARK, "rising": palette.RISING_DARK},
}


@cache
def drawing(module: str) -> Any:
    """The Streamlit component (cached) that assets/MODULE.js draws."""
    return component(module.replace("/", "_"), module, html='<div class="inspect"></div>', css=["draw/panel.css"])


def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
    """Mount a module with its data; arrays in it, at any depth, become base64 float32 with their shape."""
    return drawing(module)(key=key, data={**shared(), **sendable(data)}, **callbacks)


def shared() -> dict[str, Any]:
    """The data of every drawing: its colour maps, and what is seen in words, which a file of it begins with."""
    return {"scales": SCALES, "colours": palette.CURVES, "about": st.session_state.get(keys.ABOUT, "")}


def sendable(value: Any) -> Any:
    """JSON serialisation; an array becomes {shape, data}, base64 float32."""
    if isinstance(value, np.ndarray):
        return {"shape": list(value.shape), "data": b64encode(np.ascontiguousarray(value, "<f4").tobytes()).decode()}
    if isinstance(value, Mapping):
        return {name: sendable(each) for name, each in value.items()}
    return [sendable(each) for each in value] if isinstance(value, list | tuple) else value


def download(arrays: Mapping[str, np.ndarray], file: str, key: str) -> None:
    """A button for the arrays that are seen, as `.npz`."""
    label = "Download the numbers"
    st.download_button(label, lambda: npz(arrays), f"{file}.npz", icon=":material/download:", type="tertiary", on_click="ignore", key=key)


def npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays by name as one `.npz` file."""
    file = io.BytesIO()
    files.pack(file, arrays)
    return file.getvalue()


@lru_cache(maxsize=96)  # some twenty epochs of a view, so that a slider that comes back shows at once
def asked(view: View, op: Op, **more: Any) -> Inspection:
    """LRU cache of probes: what an operation finds for the chosen run, epoch and input, in their kernel."""
    arguments = {"epoch": view.epoch, "part": view.part, "sample": view.sample, **more}
    return Inspection(*calls.probe(str(folder(view.run)), op, arrays=view.arrays, timeout=PATIENCE, **arguments))


asked_whole = lru_cache(maxsize=4)(asked.__wrapped__)  # for answers of many megabytes


HOLDS = "A check of the numbers that are shown here: it holds, up to rounding."
FAILS = "A check of the numbers that are shown here: it is off by more than rounding explains, so take them with care."


def badges(checks: list[dict[str, Any]], limit: float = 1e-4) -> None:
    """What was checked on what is shown, each with the difference that was found."""
    with st.container(horizontal=True, gap="small"):
        for check in checks:
            right = check["value"] <= limit
            st.badge(
                f"{check['name']}: off by {check['value']:.0e}" if check["value"] else f"{check['name']}: exact",
                icon=":material/check:" if right else ":material/warning:",
                color="green" if right else "orange",
                help=HOLDS if right else FAILS,
            )
