"""LSTM and GRU gates over time: states and gates of a recurrent layer step by step, and which past step matters."""

from typing import Any

import numpy as np
import streamlit as st

from builder.catalogue import facts
from builder.datasets import Dataset
from builder.datasets.typed_tokens import visible, vocabulary
from builder.network import Node
from builder.probes import recurrent as probes
from builder.runs import Run
from builder.words import format_count
from pages.explore import html as marks
from pages.explore.drawing import asked, badges, download, draw
from pages.explore.input.typed import typed
from pages.explore.recurrent import lookback, top_stretches
from pages.explore.view import Inspection, View
from pages.frame import keys, state

TITLE = "Gates"
KEY = "recurrent"
WORDS = {
    "hidden": "Hidden state",
    "cell": "Cell state",
    "forget_gate": "Forget gate",
    "input_gate": "Input gate",
    "output_gate": "Output gate",
    "update_gate": "Update gate",
    "reset_gate": "Reset gate",
    "candidate": "Candidate",
    "before_activation": "Before activation",
}


def applies(run: Run, dataset: Dataset) -> bool:
    """Whether the network has a recurrent layer whose steps can be recomputed."""
    return bool(recurrent(run))


def recurrent(run: Run) -> dict[str, Node]:
    """The recurrent layers by name."""
    return {node.name: node for node in run.network.nodes if facts(node.layer).recurrent}


def show(run: Run, view: View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """States and gates over time, with the arithmetic of one number beside them."""
    node = choose(recurrent(run))
    middle, right = st.columns([2.9, 1.9], gap="medium")
    with middle, st.spinner("Recomputing the gates", show_time=False):
        found = asked(view, probes.gates.gates, layer=node.name)
    typed_view = view
    if own := tokens(found, dataset):
        with middle:
            typed_view = typed(view, dataset, own)
    if typed_view is not view:
        found = asked(typed_view, probes.gates.gates, layer=node.name)
    steps = labels(found, dataset)
    with middle:
        over_time(typed_view, found, node, dataset, steps)
        top_stretches.show(typed_view, dataset, node.name, pressed(typed_view, node))
        download(found.arrays, f"gates {node.name}", "gates_npz")
    with right:
        badges(found.answer["checks"])
        st.html(marks.note(facts(found.answer["kind"]).inside))
        lookback.show(typed_view, node.name, found.answer["kind"], steps)


def choose(found: dict[str, Node]) -> Node:
    """The chosen layer where it is recurrent, else the first that is."""
    chosen = state.chosen("layer")
    node = found.get(str(chosen)) or next(iter(found.values()))
    if len(found) > 1:
        st.session_state["recurrent_layer"] = node.name
        st.selectbox("Layer", list(found), key="recurrent_layer", on_change=_layer, width=220)
    return node


def _layer() -> None:
    state.choose(layer=st.session_state["recurrent_layer"])


def labels(found: Inspection, dataset: Dataset) -> list[str]:
    """A step's token, or its number."""
    steps = len(next(iter(series(found).values())))
    known = tokens(found, dataset)
    return list(map(visible, known)) if len(known) == steps else [str(step) for step in range(steps)]


def tokens(found: Inspection, dataset: Dataset) -> list[str]:
    """The input in the dataset's words; nothing where it is not tokens."""
    values, words = found.arrays["input"], vocabulary(dataset)
    if dataset.kind != "tokens" or values.ndim != 1:
        return []
    return [words[int(token)] if 0 <= token < len(words) else str(int(token)) for token in values]


def series(found: Inspection) -> dict[str, np.ndarray]:
    """Hidden and cell states, then the gates, each (time, units)."""
    arrays = {name: value for name, value in found.arrays.items() if name not in ("input", "layer_input", "mask")}
    order = list(WORDS)
    return dict(sorted(arrays.items(), key=lambda each: next((at for at, name in enumerate(order) if each[0].endswith(name)), len(order))))


def title(name: str) -> str:
    """ "Forget gate", or "Backward forget gate" where the directions differ."""
    way, _, rest = name.partition("_")
    return f"{way.capitalize()} {WORDS[rest].lower()}" if rest in WORDS and name not in WORDS else WORDS.get(name, name)


def over_time(view: View, found: Inspection, node: Node, dataset: Dataset, steps: list[str]) -> None:
    """Heat maps of states and gates, and lines of units."""
    arrays, mask, ways = series(found), found.arrays.get("mask"), directions(found, node)
    data = {
        "title": f"{node.name} over time",
        "note": f"{format_count(next(iter(arrays.values())).shape[1], 'unit')}, {format_count(len(steps), 'step')}",
        "names": [{"name": name, "title": title(name), "way": way_of(name, ways)} for name in arrays],
        "arrays": arrays,
        "steps": steps,
        "input": given(found, dataset, len(steps), node.name),
        "directions": ways,
        "mask": None if mask is None else mask.astype(int).tolist(),
        "key": whose(view, node),
        "carried": carried(found, node),
    }
    draw("explore/recurrent/recurrent", KEY, data, on_responds_change=_nothing)


def carried(found: Inspection, node: Node) -> dict[str, Any] | None:
    """The number that was pressed on the layer's card; of a state that it gives, the unit after the last step that was read."""
    told = (st.session_state.get(keys.GATES_CARRIED) or {}).get(node.name)
    if not told or told["port"] == "output":
        return told
    ways = directions(found, node)
    way = ways[-1] if told["port"].startswith("backward_") else ways[0]
    return {**told, "unit": told["unit"] + way["units"][0], "step": 0 if way["back"] else None}


def whose(view: View, node: Node) -> str:
    """The key of a brushed stretch: its input and layer, whatever the epoch."""
    return f"{view.run} {view.part} {view.sample} {hash(view.given)} {node.name}"


def pressed(view: View, node: Node) -> dict[str, Any] | None:
    """The unit that was pressed among those that respond to a stretch of this input."""
    found = (st.session_state.get(KEY) or {}).get("responds")
    return found if found and found["key"] == whose(view, node) else None


def _nothing() -> None:
    """A press redraws the view, which reads what was pressed."""


def given(found: Inspection, dataset: Dataset, steps: int, layer: str) -> dict[str, Any]:
    """The input as a strip over the same steps: a sequence's values with their names, tokens' numbers, or else what reaches the layer."""
    values = found.arrays["input"]
    if values.ndim == 2 and len(values) == steps:
        names = dataset.features if len(dataset.features) == values.shape[1] else [str(at) for at in range(values.shape[1])]
        return {"title": "Input", "values": values, "rows": list(names)}
    if len(tokens(found, dataset)) == steps:
        return {"title": "Input, the tokens' numbers", "values": values, "rows": None}
    reaches = found.arrays["layer_input"]
    return {"title": f"What reaches {layer}", "values": reaches, "rows": [str(at) for at in range(reaches.shape[1])]}


def way_of(name: str, ways: list[dict[str, Any]]) -> str:
    """The direction whose units alone an array has; "" where those of all stand in it beside each other."""
    return next((way["name"] for way in ways if way["name"] and name.startswith(f"{way['name']}_")), "")


def directions(found: Inspection, node: Node) -> list[dict[str, Any]]:
    """Directions of a recurrent layer, whether each reads the steps from the last to the first (`back`), and its activation function."""
    each_own = [own(node), own(node, "backward_layer") or own(node)]
    turned = bool(each_own[0].get("go_backwards", False))
    return [
        each | {"back": (each["name"] == "backward") != turned, "activation": str(params.get("activation") or "tanh")}
        for each, params in zip(found.answer["directions"], each_own, strict=False)
    ]


def own(node: Node, inside: str = "layer") -> dict[str, Any]:
    """The parameters of the layer itself, or of one that a Bidirectional wraps."""
    inner = node.params.get(inside) if facts(node.layer).both_ways else None
    return inner.get("params", {}) if isinstance(inner, dict) else ({} if inside != "layer" else node.params)
