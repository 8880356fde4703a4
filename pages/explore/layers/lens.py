"""Arithmetic of one number of a layer's feature map (its receptive field), from the run's own weights."""

from math import ceil, prod, sqrt
from typing import Any

import numpy as np
import streamlit as st

from builder.catalogue import facts
from builder.datasets import Dataset
from builder.errors import BuilderError
from builder.probes import layers as probes
from builder.runs import Run
from builder.words import format_shape
from pages.explore import drawing
from pages.explore import view as data
from pages.explore.layers import layers, overview
from pages.frame import state
from pages.frame.words import plain

TITLE = "Arithmetic"
KEY = "explore_lens"
SIDE = 56  # numbers of a map's longer side that a card shows
MOST_UNITS = 512
MOST_ASKED = 2_000_000  # numbers of all layers on the page that are fetched whole
MOST = 160_000  # numbers in all cards together: less than a megabyte is sent


def applies(run: Run, dataset: Dataset) -> bool:
    """Every network has numbers; what layer has no written arithmetic is said where it is chosen."""
    return bool(layers.layer_names(run.network))


def show(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Arithmetic: cards of feature maps, and beside them the terms of one number."""
    names = layers.layer_names(run.network)
    chosen = layers.chosen_layer(names)
    on_page = layers.page_of(names, chosen)
    number, at = _asked(chosen)
    told: dict[str, Any] = {"layer": chosen, "layers": cards(run, view, on_page, chosen), "map": number}
    try:
        answer, arrays = drawing.asked(view, probes.lenses.lenses, layer=chosen, map=number, at=at)
        told |= {"map": answer["map"], "lens": {"answer": answer, "arrays": arrays}}
    except BuilderError as error:
        arrays = {}
        told["sentence"] = error.sentence
        elsewhere(run, chosen)
    drawing.draw("explore/layers/lens", KEY, told, on_asked_change=_take)
    if arrays:
        drawing.download(arrays, f"{chosen} arithmetic", "explore_lens_npz")


def elsewhere(run: Run, name: str) -> None:
    """The way to the view that writes out what a layer with steps of its own computes."""
    layer = facts(run.network.node(name).layer)
    view = "gates" if layer.gates or layer.both_ways else "attention" if layer.attends else ""
    if view:
        title = {"gates": "Gates", "attention": "Attention"}[view]
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(plain(f"{title} writes out each number of {name}, step by step."), width="content")
            st.button(f"Open {title}", key="lens_elsewhere", on_click=state.choose, kwargs={"view": view, "layer": name})


def cards(run: Run, view: data.View, on_page: list[str], chosen: str) -> list[dict[str, Any]]:
    """A card for each layer: with all of its maps, or where those would be millions of numbers, with what the overview shows."""
    afar = overview.cards(run, view, chosen if len(run.network.nodes) > overview.LARGE else None)
    figures = {each["name"]: each for each in afar.answer["layers"]}
    if sum(prod(figures[name]["shape"]) for name in on_page) > MOST_ASKED:
        told = ("name", "count", "kind", "strides")
        words = {name: format_shape(figures[name]["shape"]) for name in on_page}
        return [{key: figures[name][key] for key in told} | {"shape": words[name], "maps": afar.arrays[f"card:{name}"]} for name in on_page]
    found = data.inspection(view, tuple(on_page))
    return [card(name, found.arrays[f"layer:{name}"], figures[name]["shape"], share(found, on_page)) for name in on_page]


def share(found: data.Inspection, on_page: list[str]) -> int:
    """How many numbers a card may send: all where everything fits, else each card the same."""
    total = sum(found.arrays[f"layer:{name}"].size for name in on_page)
    return total if total <= MOST else MOST // len(on_page)


def card(name: str, values: np.ndarray, shape: list[int], most: int = MOST) -> dict[str, Any]:
    """A layer's feature maps as its card draws them, large ones subsampled: every n-th number, so each that is seen is there."""
    count = shape[-1] if len(shape) > 1 else int(np.prod(shape))
    if values.ndim <= 1:
        maps, kind, strides = values.reshape(-1, 1, 1)[:MOST_UNITS], "units", (1, 1)
    elif values.ndim == 2:
        across = ceil(values.shape[0] / MOST_UNITS)
        maps, kind, strides = values.T[:64, None, ::across], "steps", (1, across)
    else:
        maps = np.moveaxis(values.reshape(-1, *values.shape[-2:]), -1, 0)
        least = ceil(sqrt(maps.size / max(most, 1)))
        down, across = (min(max(ceil(length / SIDE), least), length) for length in maps.shape[1:])
        maps, kind, strides = maps[:, ::down, ::across], "maps", (down, across)
    return {"name": name, "shape": format_shape(shape), "count": count, "kind": kind, "strides": strides, "maps": maps.astype("float32")}


def _asked(layer: str) -> tuple[int, tuple[int, ...] | None]:
    """The chosen map of a layer and the place in it."""
    asked = st.session_state.get("explore_lens_asked") or {}
    if asked.get("layer") != layer:
        return 0, None
    at = asked.get("at")
    return int(asked.get("map") or 0), tuple(map(int, at)) if at else None


def _take() -> None:
    """The callback of a press on a map or a number that the browser has no arithmetic of."""
    asked = getattr(st.session_state[KEY], "asked", None)
    if asked:
        st.session_state["explore_lens_asked"] = asked
        state.choose(layer=str(asked["layer"]))
