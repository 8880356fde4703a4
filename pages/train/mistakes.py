"""After the test of a classifier: its confusion matrix, its report by class, and its wrong samples, each of which opens in Explore."""

import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from builder import files
from builder.datasets import Dataset
from builder.engine.launch import test
from builder.errors import BuilderError
from builder.recipes import rates_classes
from builder.runs import RunSummary, folder
from builder.runs.defaults import known
from builder.runs.run_folder import mistakes_path
from builder.store import default_store, may_edit
from builder.words import format_count, format_number
from pages.explore import drawing
from pages.frame import keys, state, toasts

SHOWN = 24  # wrong samples at once
FEATURES = 4  # columns of a row that are named
AROUND = 24  # tokens before the one in question
PRESSED = "mistakes_pressed"  # the run whose test was just made: its matrix comes into sight
CELL = "mistakes_cell"  # the cell whose samples are shown, by run


def show(now: state.Current, run: RunSummary) -> None:
    """The mistakes of a run whose test was made, in the middle column."""
    dataset = known(run.settings.dataset)
    if not (dataset and rates_classes(run.settings.recipe, dataset) and default_store().last_event(run.id, "test")):
        return
    if mistakes_path(folder(run.id)).exists():
        _drawn(now, run, dataset)
    elif now.editable and not run.status.alive:
        st.button("Show what it got wrong", key=f"mistakes of {run.id}", on_click=run_test, args=(now, run))


@st.fragment
def _drawn(now: state.Current, run: RunSummary, dataset: Dataset) -> None:
    """The drawing; a press on a cell redraws it alone, one on a sample opens Explore."""
    place = mistakes_path(folder(run.id))
    found, key = kept(place, place.stat().st_mtime_ns), f"mistakes {run.id}"
    cell = st.session_state.get(CELL, {}).get(run.id)
    told: Any = drawing.draw(
        "train/mistakes",
        key,
        {
            "file": f"{run.name}, its mistakes",
            "classes": list(dataset.classes),
            "counted": "steps" if dataset.per_step else "samples",
            "confusion": found["confusion"],
            "table": found["table"],
            "cell": cell,
            "wrong": gallery(dataset, found, cell),
            "range": [dataset.low, dataset.high],
            "pressed": time.time() if st.session_state.pop(PRESSED, "") == run.id else 0,
        },
        on_cell_change=lambda: _chose(run.id, key),
        on_open_change=lambda: None,
    )
    if told.open is not None:
        _open(now, run, dataset, int(told.open))


@lru_cache(maxsize=8)
def kept(place: Path, changed: int) -> dict[str, np.ndarray]:
    """A run's mistakes as its test found them; `changed` lets a new file be read anew."""
    return files.unpack(place)


def gallery(dataset: Dataset, found: dict[str, np.ndarray], cell: list[int] | None) -> list[dict[str, Any]]:
    """The wrong samples of a cell, a row and a column; of no cell the ones that the network was surest of."""
    rows = np.arange(len(found["sample"]))
    if cell:
        rows = rows[(found["target"] == cell[0]) & (found["said"] == cell[1])]
    rows = rows[np.argsort(-found["chance"][rows], kind="stable")][:SHOWN]
    return [_item(dataset, found, row) for row in rows.tolist()]


def _item(dataset: Dataset, found: dict[str, np.ndarray], row: int) -> dict[str, Any]:
    """One wrong sample: a picture, or what it is in words."""
    item: dict[str, Any] = {name: int(found[name][row]) for name in ("sample", "step", "target", "said")}
    item["chance"] = float(found["chance"][row])
    place = np.searchsorted(found["raw_sample"], item["sample"])
    if place < len(found["raw_sample"]) and found["raw_sample"][place] == item["sample"]:
        raw = found["raw"][place]
        item |= {"picture": raw} if dataset.kind == "image" else {"words": in_words(dataset, raw, item["step"])}
    return item


def in_words(dataset: Dataset, raw: np.ndarray, step: int) -> str:
    """A sample that is no picture: its first features, its tokens up to the step in question, or its shape."""
    if dataset.kind == "tokens":
        apart = "" if all(len(word) == 1 for word in dataset.vocabulary) and dataset.per_step else " "
        shown = raw[max(step - AROUND, 0) : step + 1] if dataset.per_step else raw
        return ("…" if dataset.per_step and step > AROUND else "") + apart.join(dataset.vocabulary[int(token)] for token in shown)
    if len(dataset.features) == raw.size:
        pairs = zip(dataset.features, raw.reshape(-1), strict=True)
        named = [f"{name} {format_number(float(value))}" for name, value in pairs][:FEATURES]
        return ", ".join(named) + (", …" if raw.size > FEATURES else "")
    return format_count(len(raw), "step")


def _chose(run_id: str, key: str) -> None:
    """Remember the cell that was pressed; pressed again, it is let go."""
    if told := getattr(st.session_state[key], "cell", None):
        cells: dict[str, Any] = st.session_state.setdefault(CELL, {})
        cells[run_id] = None if told == cells.get(run_id) else told


def _open(now: state.Current, run: RunSummary, dataset: Dataset, sample: int) -> None:
    """Explore at a sample of the test part, with the weights that were tested, in place of an input of one's own."""
    st.session_state.setdefault(keys.SOURCES, {}).pop(dataset.name, None)
    state.choose(run=run.id, part="test", sample=sample, epoch="")  # the newest weights, which were tested
    where = {"project": now.project.id, "network": now.network_name, "run": run.id, "part": "test", "sample": str(sample)}
    st.switch_page(str(state.PAGES / "3_explore.py"), query_params=where)


def run_test(now: state.Current, run: RunSummary) -> None:
    """Callback: measure a run on the test part; of one that was tested before, figures stay and mistakes are found."""
    if may_edit(now.project, now.owner_token):
        try:
            with st.spinner("Testing"):
                test(run.id)
            st.session_state[PRESSED] = run.id
        except BuilderError as error:
            toasts.tell(error.sentence)
