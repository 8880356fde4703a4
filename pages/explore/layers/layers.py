"""Activations (feature maps) on three levels: the network with its cards, one layer in full, and the arithmetic of one number."""

from typing import Any, NamedTuple

import streamlit as st

from builder.catalogue import facts
from builder.datasets import Dataset
from builder.errors import BuilderError
from builder.network import Network
from builder.probes import layers as probes
from builder.probes.model.ports import SCORES
from builder.runs import Run
from builder.web.numbers import whole_number
from pages.explore import drawing
from pages.explore.attention import traced_number
from pages.explore.layers import overview
from pages.explore.view import PAGE, View
from pages.frame import keys, state

TITLE = "Layers"
KEY = "explore_overview"
FIRST = "output"  # the port that every layer has


class Place(NamedTuple):
    """What is looked at: the network (level 1), a layer's output (2), or a number of it (3), `at` a place in the map."""

    level: int
    layer: str
    map: int = 0
    at: tuple[int, ...] | None = None
    port: str = FIRST


def applies(run: Run, dataset: Dataset) -> bool:
    """Every network has layers."""
    return True


def layer_names(network: Network) -> list[str]:
    """The layers that make something, in the network's order."""
    return [node.name for node in network.nodes if not node.is_input]


def chosen_layer(names: list[str]) -> str:
    """The chosen layer, or the first."""
    chosen = state.chosen("layer")
    return str(chosen) if chosen in names else names[0]


def page_of(names: list[str], chosen: str) -> list[str]:
    """The page of twelve layers with the chosen one."""
    first = names.index(chosen) // PAGE * PAGE
    return names[first : first + PAGE]


def place(network: Network) -> Place:
    """The place from the query parameters: `unit` is nothing, "all", or a map and a place in it, as "5,11,14"; "cell:5" of another output than the first."""
    names = [node.name for node in network.nodes]
    layer, unit = str(state.chosen("layer") or ""), str(state.chosen("unit") or "")
    if layer not in names or not unit:
        return Place(1, layer if layer in names else names[0])
    port, numbers = parts(unit)
    known = port == FIRST or overview.output_name(network, layer, port) != layer
    here = Place(2, layer, port=port if known else FIRST)
    return here._replace(level=3, map=numbers[0], at=tuple(numbers[1:]) or None) if numbers else here


def parts(unit: str) -> tuple[str, list[int]]:
    """A unit's port and numbers: those of "cell:5" are "cell" and [5]."""
    port, _, rest = unit.rpartition(":")
    numbers = (whole_number(part, None) for part in rest.split(","))
    return port or FIRST, [number for number in numbers if number is not None]


def show(run: Run, view: View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Activations on the level that is looked at, their check, and their numbers as a file."""
    here = place(run.network)
    for carried in (keys.GATES_CARRIED, traced_number.KEY):
        st.session_state.pop(carried, None)
    asked = st.session_state.pop("overview_asked", None) or {}
    known = set(asked.get("has") or ())
    found = overview.cards(run, view, near(run.network, here, asked))
    told = overview.shared(run, view, found) | {"place": here._asdict(), "asked": asked.get("n", 0)}
    numbers = {name.partition(":")[2]: value for name, value in found.arrays.items() if name.startswith("card:")}
    if here.level == 1 and told["key"] not in known:
        told["network"] = overview.network(run, found, dataset)
    if here.level > 1:
        output = overview.output_name(run.network, here.layer, here.port)
        whole = overview.layer(run, view, output, how(output, asked))
        numbers = {name: values for name, values in whole.arrays.items() if name != "extent"}
        if whole.answer["key"] not in known:
            more = {"door": door(run.network, here.layer), "outputs": overview.outputs(found, here.layer)}
            told["layer"] = overview.closer(run, dataset, whole) | more
    if here.level > 2:
        told["lens"], arrays = arithmetic(view, here) if here.port == FIRST else (elsewhere(run.network, here), {})
        numbers = arrays or numbers
    drawing.draw("explore/layers/overview", KEY, told, on_asked_change=_take)
    below(view, here, found, numbers)


def near(network: Network, here: Place, asked: dict[str, Any]) -> str | None:
    """The card around which a large network is drawn in full; None where every card is."""
    if len(network.nodes) <= overview.LARGE:
        return None
    if asked.get("near"):
        st.session_state["overview_near"] = str(asked["near"])
    elif here.level > 1:
        st.session_state["overview_near"] = here.layer
    return str(st.session_state.get("overview_near") or here.layer)


def how(layer: str, asked: dict[str, Any]) -> str:
    """The subsampling of a layer that is too large: what was chosen for it, at first all of its maps."""
    chosen: dict[str, str] = st.session_state.setdefault("overview_how", {})
    if asked.get("how") in overview.WAYS:
        chosen[layer] = asked["how"]
    return chosen.get(layer, overview.WAYS[0])


def door(network: Network, layer: str) -> dict[str, str] | None:
    """The view that takes this layer's numbers apart, where another one does."""
    kind = facts(network.node(layer).layer)
    if kind.recurrent:
        return {"view": "gates", "title": "Gates", "words": "Every gate and state, step by step, and the sum that made each."}
    words = "Every head's matrix, and the sums of one query."
    return {"view": "attention", "title": "Attention", "words": words} if kind.attends else None


def arithmetic(view: View, here: Place) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arithmetic of one number: its terms, or the sentence that says why there are none."""
    try:
        answer, arrays = drawing.asked(view, probes.lenses.lenses, layer=here.layer, map=here.map, at=here.at)
    except BuilderError as error:
        return {"sentence": error.sentence}, {}
    return {"answer": answer, "arrays": arrays}, dict(arrays)


def elsewhere(network: Network, here: Place) -> dict[str, str]:
    """Where the arithmetic of a further output is: such layers have a view of their own."""
    other = door(network, here.layer)
    return {"sentence": f"{other['title']} shows how it was made." if other else "How it was made is not written out."}


def below(view: View, here: Place, found: overview.Inspection, numbers: dict[str, Any]) -> None:
    """Self-check against the run itself, and the numbers as a file."""
    name = {1: "layers", 2: here.layer, 3: f"{here.layer} arithmetic"}[here.level]
    with st.container(horizontal=True, vertical_alignment="center", key="overview_below"):
        if numbers:
            drawing.download(numbers, name, "overview_npz")
        drawing.badges(overview.checks(view, here.layer if here.level > 1 else None, found))


def _take() -> None:
    """The callback of a press: another level, another layer or number, less of a large layer, or the view that knows more."""
    asked = getattr(st.session_state[KEY], "asked", None)
    if not asked:
        return
    st.session_state["overview_asked"] = asked
    if view := asked.get("view"):
        state.choose(view=view)
        _carry(asked)
    if "layer" in asked:
        chosen = {"layer": str(asked["layer"]), "unit": str(asked.get("unit") or "")}
        state.choose(**chosen)
        state.mark_written(st.session_state.get(keys.TOLD, {}) | {"view": "layers"} | chosen)  # the drawing has written it there


def _carry(asked: dict[str, Any]) -> None:
    """Session state: the number that was looked at, for the view that opens, a unit at a step there, or the step as a query."""
    step, (port, numbers) = asked.get("step"), parts(str(asked.get("unit") or ""))
    if asked.get("view") == "attention" and port == SCORES:
        traced_number.choose(*numbers[:2])
    elif asked.get("view") == "attention":
        traced_number.carry(str(asked["layer"]), (*numbers[1:], numbers[0]) if numbers[1:] else None)
    elif numbers:
        unit = numbers[-1] if step is None else numbers[0]
        st.session_state[keys.GATES_CARRIED] = {str(asked["layer"]): {"n": asked["unit"], "unit": unit, "step": step, "port": port}}
