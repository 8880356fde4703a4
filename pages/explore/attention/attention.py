"""Attention weights of a run: every head at a glance, one in full, one query's arithmetic, and head ablation."""

from typing import Any

import numpy as np
import streamlit as st

from builder.catalogue import facts
from builder.datasets import Dataset
from builder.datasets.typed_tokens import visible
from builder.probes import attention as probes
from builder.runs import Run
from pages.explore import html as marks
from pages.explore.attention import ablation, by_hand, next_token, positions, traced_number, writing
from pages.explore.drawing import asked, asked_whole, badges, download, draw
from pages.explore.input.typed import typed
from pages.explore.view import Inspection, View
from pages.frame import keys, state

TITLE = "Attention"
FEW = 200_000  # weights that are sent at once, so that another head shows without asking
LAST = 10**6  # a query at the end, however many there are
KEY = "attention"
CAUTION = (
    "A weight says where a head looked, not why the network answered as it did: the values it fetched may not matter later, "
    "and another way past this layer may carry the same. What changes without a head is the stronger sign."
)
Layer = dict[str, Any]


def applies(run: Run, dataset: Dataset) -> bool:
    """Whether the network has an attention layer."""
    return any(facts(node.layer).attends for node in run.network.nodes)


def show(run: Run, view: View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Attention heads with one head's arithmetic beside them, or another side of the same layers."""
    bar = st.container(horizontal=True, gap="medium", vertical_alignment="bottom")
    positioned = positions.layers(run.network)
    fitting = {
        "This run": True,
        "Writing": writing.fits(run),
        "Next token": next_token.fits(dataset),
        "Positions": bool(positioned),
        "By hand": True,
    }
    tabs = [name for name, fits in fitting.items() if fits]
    if st.session_state.get(keys.ATTENTION_TAB) not in tabs:
        st.session_state[keys.ATTENTION_TAB] = tabs[0]
    tab = bar.segmented_control("Attention of", tabs, required=True, key=keys.ATTENTION_TAB, on_change=_tab)
    if tab == "By hand":
        by_hand.show()
    elif tab == "Positions":
        positions.show(view, positioned)
    elif tab == "Writing":
        writing.show(view, dataset)
    else:
        heads(view, dataset, bar, tab == "Next token")


def _tab() -> None:
    """What comes next is asked after the last token, until another position is chosen."""
    if st.session_state[keys.ATTENTION_TAB] == "Next token":
        st.session_state[keys.ATTENTION_QUERY] = LAST


def heads(view: View, dataset: Dataset, bar: Any, following: bool) -> None:
    """Attention weights of the chosen head and query, for the sample or a typed input; `following`: the next token after the query."""
    with st.spinner("Looking at attention", show_time=False):
        found = asked(view, probes.attention.attention, layers=())
    own, choices = next(iter(found.answer["tokens"].values()), None), bar
    typed_view = view
    if own:
        with bar:
            choices = st.container(horizontal=True, gap="medium", width="content")
            typed_view = typed(view, dataset, own)
    if typed_view is not view:
        found = asked(typed_view, probes.attention.attention, layers=())
    brought = traced_number.look(typed_view, found.answer["layers"])
    with choices:
        layer, head, query = choose(found.answer["layers"], found.answer["tokens"])
    if following:
        next_token.show(dataset, found, query, token_labels(layer, "query", found.answer["tokens"]))
        return
    middle, right = st.columns([2.9, 1.9], gap="medium")
    with middle:
        traced_number.show(brought, layer["name"], head, query)
        matrix(typed_view, found, layer, head, query)
    with right:
        made = unfold(typed_view, found, layer, head, query)
        badges(found.answer["checks"] + made.answer["checks"] + traced_number.checks(brought, layer["name"], query))
        st.html(marks.note(CAUTION))
    with middle:
        ablation.show(typed_view, dataset, found, layer, head)


def choose(layers: list[Layer], tokens: dict[str, list[str]]) -> tuple[Layer, int, int]:
    """Layer, head and query, as chosen on the drawing or in the fields beside each other."""
    by_name = {layer["name"]: layer for layer in layers}
    chosen = state.chosen("layer")
    layer = by_name.get(str(chosen), layers[0])
    head = min(int(st.session_state.get(keys.ATTENTION_HEAD) or 0), layer["heads"] - 1)
    query = min(int(st.session_state.get(keys.ATTENTION_QUERY) or 0), layer["queries"] - 1)
    names = token_labels(layer, "query", tokens)
    st.session_state.update(attention_layer=layer["name"], attention_head=head, attention_query=query)
    if len(layers) > 1:
        st.selectbox("Layer", list(by_name), key="attention_layer", on_change=_layer, width=190)
    if layer["heads"] > 1:
        st.selectbox("Head", range(layer["heads"]), key=keys.ATTENTION_HEAD, width=90)
    st.selectbox("Query", range(layer["queries"]), key=keys.ATTENTION_QUERY, format_func=lambda at: f"{at} · {names[at]}", width=150)
    return layer, head, query


def _layer() -> None:
    state.choose(layer=st.session_state["attention_layer"])


def token_labels(layer: Layer, end: str, tokens: dict[str, list[str]]) -> list[str]:
    """The tokens of the queries or keys, or their numbers where there are none."""
    count, known = layer["queries" if end == "query" else "keys"], tokens.get(layer[f"{end}_source"], [])
    return list(map(visible, known)) if len(known) == count else [str(place) for place in range(count)]


def matrix(view: View, found: Inspection, layer: Layer, head: int, query: int) -> None:
    """Attention weights: the heads at a glance, the chosen one's matrix, and its lines."""
    layers, tokens = found.answer["layers"], found.answer["tokens"]
    weights = sent(view, layers, layer, head)
    data = {
        "layers": [
            each
            | {
                "glance": found.arrays[f"glance:{each['name']}"],
                "words": {end: token_labels(each, end, tokens) for end in ("query", "key")},
            }
            for each in layers
        ],
        "weights": weights,
        "chosen": {"layer": layer["name"], "head": head, "query": query},
    }
    draw("explore/attention/attention", KEY, data, on_seen_change=_seen)
    whole = weights[layer["name"]]["values"]
    download({"weights": np.asarray(whole), "head": np.array(head)}, f"attention {layer['name']}", "attention_npz")


def sent(view: View, layers: list[Layer], layer: Layer, head: int) -> dict[str, dict[str, Any]]:
    """The attention weights that are sent: all where they are few, else those of the chosen head alone, {layer: {first head, values (heads, query, key)}}."""
    if sum(each["heads"] * each["queries"] * each["keys"] for each in layers) <= FEW:
        whole = asked(view, probes.attention.attention, layers=tuple(each["name"] for each in layers)).arrays
        return {each["name"]: {"first": 0, "values": whole[f"weights:{each['name']}"]} for each in layers}
    own = asked_whole(view, probes.attention.attention, layers=(layer["name"],)).arrays[f"weights:{layer['name']}"]
    return {layer["name"]: {"first": head, "values": own[head : head + 1]}}


def _seen() -> None:
    """The callback of a press on the drawing: choose its layer, head and query."""
    chosen = st.session_state[KEY].get("seen")
    if chosen:
        state.choose(layer=chosen["layer"])
        st.session_state.update(attention_head=int(chosen["head"]), attention_query=int(chosen["query"]))


def unfold(view: View, found: Inspection, layer: Layer, head: int, query: int) -> Inspection:
    """Scaled dot-product attention of one query: its vector, the keys, products, scale, mask, softmax, and the sum of the values."""
    made = asked(view, probes.unfolded.unfolded, layer=layer["name"], head=head, query=query)
    names = token_labels(layer, "query", found.answer["tokens"])
    told, arrays = {name: made.answer[name] for name in ("scale", "additive", "inside")}, made.arrays
    data = {
        "title": f"Query {names[query]} ({query}), unfolded",
        "arrays": {name: arrays[name][0] for name in ("query", "products", "scaled", "mask", "weights", "sums")}
        | {name: arrays[name] for name in ("key", "value", "features") if name in arrays},
        "words": token_labels(layer, "key", found.answer["tokens"]),
        "query": query,
        "scaled": "weighted" if told["scale"] is None else f"× {told['scale']:.3g}",
        "note": f"{_formula(layer['layer'], **told)}, then the sum of weight × value.",
    } | told
    draw("explore/attention/unfolded", "unfolded", data)
    download({name: value for name, value in arrays.items() if name != "output"}, "unfolded", "unfolded_npz")
    return made


def _formula(layer: str, scale: float | None, additive: bool, inside: float) -> str:
    """The scores and their softmax as they are written: dot products, or sums of tanh with what was learned for them."""
    times = "" if scale in (1, None) else f" × {scale:.3g}"
    if not additive:
        return f"softmax(q · k{' / √d' if facts(layer).attends == 'split' else times})"
    tanh = "tanh(q + k)" if inside == 1 else f"tanh({inside:.3g} × (q + k))"
    return f"softmax(Σ {tanh}{times})" if scale is not None else f"softmax(Σ w × {tanh}) with a learned w for each number"
