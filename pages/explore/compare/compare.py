"""Comparison of two sides: every layer's outputs on one scale, their difference, and both predictions."""

from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.datasets.typed_tokens import visible, vocabulary
from builder.engine import calls
from builder.errors import BuilderError
from builder.probes.compare import comparison
from builder.runs import Run, folder
from builder.words import format_count, format_number, format_shape
from pages.explore import drawing
from pages.explore import html as marks
from pages.explore.compare import other_side
from pages.explore.layers import layers as explore_layers
from pages.explore.view import PATIENCE, Inspection, View, whole_layer
from pages.frame import state
from pages.frame.words import plain

TITLE = "Compare"
KEY = "explore_compare"
MOST = 5  # classes


def applies(run: Run, dataset: Dataset) -> bool:
    """Every network can be compared with itself at another epoch or on another input."""
    return bool(explore_layers.layer_names(run.network))


def show(run: Run, view: View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Comparison: the choice of the other side, and both beside each other."""
    try:
        sides = other_side.choose(run, view, dataset, saved_epochs)
    except BuilderError as error:  # the other run's dataset is gone
        st.info(plain(error.sentence), icon=":material/compare_arrows:")
        return
    pair(run, view, dataset, sides)


def pair(run: Run, view: View, dataset: Dataset, sides: other_side.Sides) -> None:
    """Both sides on one scale, with what was checked."""
    if sides.note:
        st.html(marks.note(sides.note))
    names = explore_layers.layer_names(run.network)
    chosen = explore_layers.chosen_layer(names)
    try:
        with st.spinner("Comparing", show_time=False):
            found = compared(view, sides.other, tuple(explore_layers.page_of(names, chosen)), chosen)
    except BuilderError as error:
        st.info(plain(error.sentence), icon=":material/compare_arrows:")
        return
    drawing.draw("explore/compare/compare", KEY, component_data(run, dataset, sides, found, chosen), on_asked_change=_take)
    below(view, sides, found, chosen)


@lru_cache(maxsize=24)
def compared(view: View, other: View, layers: tuple[str, ...], layer: str) -> Inspection:
    """LRU cache of comparisons: what the probes kernel finds for both sides."""
    arrays = (view.arrays or {}) | ({"other": other.given.array} if other.given else {})
    beside = {"run": str(folder(other.run)), "epoch": other.epoch, "part": other.part, "sample": other.sample}
    arguments: dict[str, Any] = {"epoch": view.epoch, "part": view.part, "sample": view.sample, "other": beside}
    more = {"layers": list(layers), "layer": layer}
    return Inspection(*calls.probe(str(folder(view.run)), comparison.compare, arrays=arrays or None, timeout=PATIENCE, **arguments, **more))


def component_data(run: Run, dataset: Dataset, sides: other_side.Sides, found: Inspection, chosen: str) -> dict[str, Any]:
    """The block of data of the drawing."""
    drawn = [row for row in found.answer["layers"] if row["drawn"]]
    return {
        "names": list(sides.names),
        "layers": [
            row | {"this": found.arrays[f"this:{row['name']}"], "mate": found.arrays[f"other:{row['name']}"], "words": distance_text(row)}
            for row in drawn
        ],
        "opened": chosen,
        "inputs": inputs(dataset, found),
        "rows": rows(dataset, found.answer["this"]["prediction"], found.answer["other"]["prediction"]),
        "said": predictions_text(found.answer["this"]["prediction"], found.answer["other"]["prediction"], sides.names),
        "alone": alone(found.answer["alone"], sides.names),
        "file": f"{run.name} compared",
    }


def distance_text(row: dict[str, Any]) -> str:
    """Relative difference and correlation of a layer's two outputs, in words."""
    if row["share"] is None:
        return "no numbers to compare"
    if row["most"] == 0:
        return "exactly the same"
    alike = "" if row["alike"] is None else f", correlation {format_number(row['alike'])}"
    mate = f" · beside {row['other']}" if row["other"] != row["name"] else ""
    return f"differs by {row['share']:.1%}{alike}, at most {format_number(row['most'])}{mate}"


def inputs(dataset: Dataset, found: Inspection) -> dict[str, Any]:
    """Both inputs as the dataset has them: pictures as they are, rows and sequences laid out as a layer's, tokens as words."""
    this, other = (found.arrays[f"raw:{side}"] for side in ("this", "other"))
    told: dict[str, Any] = {"low": dataset.low, "high": dataset.high, "shape": format_shape(this.shape)}
    if dataset.kind == "tokens":
        return told | {"words": [[visible(vocabulary(dataset)[int(each)]) for each in side] for side in (this, other)]}
    if this.shape != other.shape:
        return told
    if dataset.kind == "image":
        return told | {"pictures": [this, other]}
    kind = "units" if this.ndim == 1 else "steps"
    names = list(dataset.features) if dataset.kind in ("table", "points") else []
    return told | {"rows": [laid(this), laid(other)], "kind": kind, "lengths": list(this.shape), "names": names}


def laid(values: np.ndarray) -> np.ndarray:
    """(numbers,) or (steps, features) as (maps, rows, columns)."""
    return values.T[:, None] if values.ndim == 2 else values.reshape(-1, 1, 1)


def rows(dataset: Dataset, one: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    """Predictions line by line: the likeliest classes of both, or the predicted values."""
    if one["kind"] == other["kind"] == "classes":
        first, second = (dict(zip(each["classes"], each["probabilities"], strict=True)) for each in (one, other))
        order = sorted(dict.fromkeys([*first, *second]), key=lambda name: -max(first.get(name, 0), second.get(name, 0)))
        return [{"name": name, "values": [first.get(name), second.get(name)], "share": True} for name in order[:MOST]]
    pairs = zip(_values(dataset, one), _values(dataset, other), strict=False)
    return [{"name": name, "values": [a, b], "share": False} for (name, a), (_, b) in list(pairs)[:8]]


def _values(dataset: Dataset, prediction: dict[str, Any]) -> list[tuple[str, float]]:
    if prediction["kind"] == "again":
        return [("mean squared error", prediction["error"])]
    return [(dataset.answer_name(place), value) for place, value in enumerate(prediction.get("values", []))]


def predictions_text(one: dict[str, Any], other: dict[str, Any], names: tuple[str, str]) -> str:
    """Both predictions in one sentence, where lines of numbers do not say them."""
    if {one["kind"], other["kind"]} == {"classes"}:
        first, second = (each["classes"][each["answer"]] for each in (one, other))
        return f"Both say {first}." if first == second else f"{names[0]} says {first}, {names[1]} says {second}."
    if {one["kind"], other["kind"]} == {"steps"}:
        same = sum(a == b for a, b in zip(one["answer"], other["answer"], strict=False))
        return f"Both say the same at {same:,} of {format_count(min(len(one['answer']), len(other['answer'])), 'step')}."
    return "" if one["kind"] == other["kind"] else f"{names[0]}: {alone_says(one)}. {names[1]}: {alone_says(other)}."


def alone_says(prediction: dict[str, Any]) -> str:
    """A prediction by itself, where the two are of different kinds."""
    if prediction["kind"] == "classes":
        return str(prediction["classes"][prediction["answer"]])
    if prediction["kind"] == "steps":
        return " ".join(visible(prediction["classes"][number]) for number in prediction["answer"][:MOST])
    values = ", ".join(format_number(value) for value in prediction.get("values", [])[:MOST])
    return values or f"mean squared error {format_number(prediction['error'])}"


def alone(names: dict[str, list[str]], titles: tuple[str, str]) -> str:
    """Unmatched layers: those without a partner on the other side."""
    parts = [f"{title}: {', '.join(names[side])}" for side, title in zip(("this", "other"), titles, strict=True) if names[side]]
    return f"Without a layer of the same shape on the other side. {'; '.join(parts)}." if parts else ""


def below(view: View, sides: other_side.Sides, found: Inspection, chosen: str) -> None:
    """What was checked, and the opened layer's whole outputs as a file."""
    mate = next((row["other"] for row in found.answer["layers"] if row["name"] == chosen), None)
    if mate is not None:
        st.download_button(
            f"Download both outputs of {plain(chosen)}",
            lambda: drawing.npz(both(view, sides.other, chosen, mate)),
            f"{chosen} compared.npz",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key="compare_npz",
        )
    drawing.badges(found.answer["checks"])


def both(view: View, other: View, layer: str, mate: str) -> dict[str, np.ndarray]:
    """A layer's whole outputs and their difference."""
    this, that = whole_layer(view, layer), whole_layer(other, mate)
    return {"this": this, "other": that, "difference": this - that}


def _take() -> None:
    """The callback of a press on a layer, which opens it."""
    asked = getattr(st.session_state[KEY], "asked", None)
    if asked:
        state.choose(layer=str(asked["layer"]))
