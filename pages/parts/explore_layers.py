"""Explore's middle and right: a card for every layer, and the chosen layer in full."""

import io
from functools import lru_cache
from math import ceil

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.figures.maps import Picture, Scale, kernels, layer_picture
from builder.network import Network
from builder.runs import Run
from pages.parts import explore_marks as marks
from pages.parts import state
from pages.parts.explore_data import PAGE, Inspection, View, filters, inspection, whole_layer
from pages.parts.words import plain

VIEWS = {"maps": "Feature maps", "filters": "Filters"}
SCALES: dict[Scale, str] = {"map": "each map", "layer": "this layer"}


TITLE = "Layers"


def applies(run: Run, dataset: Dataset) -> bool:
    """Every network has layers."""
    return True


def show(run: Run, seen: View, dataset: Dataset, kept: list[int]) -> None:
    """A card for every layer, and beside them the chosen one in full."""
    names = layer_names(run.network)
    chosen = chosen_layer(names)
    on_page = page_of(names, chosen)
    found = inspection(seen, tuple(on_page))
    middle, right = st.columns([2.9, 1.9], gap="medium")
    with middle:
        view, scale = head(names, on_page)
        cards(on_page, chosen, found, seen, view, scale)
    with right:
        detail(run, chosen, found, seen, view, scale)


def layer_names(network: Network) -> list[str]:
    """The layers that make something, in the network's order."""
    return [node.name for node in network.nodes if node.layer != "Input"]


def chosen_layer(names: list[str]) -> str:
    """The chosen layer, or the first."""
    chosen = state.chosen("layer")
    return str(chosen) if chosen in names else names[0]


def page_of(names: list[str], chosen: str) -> list[str]:
    """The layers on the screen: the turned-to stretch of twelve, at first the one with the chosen layer."""
    pages = ceil(len(names) / PAGE)
    place = st.session_state.get("explore_page", names.index(chosen) // PAGE + 1)
    first = (min(max(place, 1), pages) - 1) * PAGE
    return names[first : first + PAGE]


def head(names: list[str], on_page: list[str]) -> tuple[str, Scale]:
    """Title, what is drawn and on which scale."""
    with st.container(key="explore_head", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**What each layer makes of it**", width="stretch")
        view = st.segmented_control(
            "Show", VIEWS, default="maps", required=True, key="explore_view", format_func=VIEWS.__getitem__, label_visibility="collapsed"
        )
        scale: Scale = st.selectbox(
            "Scale", SCALES, key="explore_scale", format_func=lambda each: f"scale: {SCALES[each]}", label_visibility="collapsed", width=165
        )
    if len(names) > PAGE:
        pages = ceil(len(names) / PAGE)
        st.session_state["explore_page"] = names.index(on_page[0]) // PAGE + 1
        st.number_input(
            f"Layers {names.index(on_page[0]) + 1} to {names.index(on_page[-1]) + 1} of {len(names)}, page", 1, pages, key="explore_page"
        )
    return view, scale


def cards(on_page: list[str], chosen: str, found: Inspection, seen: View, view: str, scale: Scale) -> None:
    """One card a layer that has something to show; a press chooses it."""
    weights = filters(seen, tuple(on_page)).arrays if view == "filters" else {}
    shapes = {f"layer:{each['name']}": tuple(each["shape"]) for each in found.answer["layers"]}
    shapes |= {name: values.shape for name, values in weights.items()}
    names = [name for name in on_page if view == "maps" or f"layer:{name}" in weights]
    for place, name in enumerate(names):
        picture = drawn(seen, tuple(on_page), name, scale) if view == "maps" else drawn_filters(seen, tuple(on_page), name, scale)
        with st.container(key=f"layer_card_{place}{'_chosen' if name == chosen else ''}"):
            label = f"**{plain(name)}** :gray[{marks.shape(shapes[f'layer:{name}'])}]"
            st.button(label, key=f"layer_{name}", type="tertiary", width="stretch", on_click=_choose, args=(name,))
            alt = f"What {name} makes of the sample" if view == "maps" else f"Weights of {name}"
            st.html(marks.legend(picture.low, picture.high, "corner") + marks.image(picture, alt) + _amount(picture))
    if not names:
        st.html(marks.note("None of these layers has weights."))


def _amount(picture: Picture) -> str:
    return marks.note(f"The first {picture.shown:,} of {picture.count:,}") if picture.shown < picture.count else ""


def _choose(name: str) -> None:
    state.choose(layer=name)


@lru_cache(maxsize=256)
def drawn(seen: View, on_page: tuple[str, ...], name: str, scale: Scale) -> Picture:
    """The picture of a layer in its card."""
    return layer_picture(inspection(seen, on_page).arrays[f"layer:{name}"], scale=scale)


@lru_cache(maxsize=64)
def drawn_filters(seen: View, on_page: tuple[str, ...], name: str, scale: Scale) -> Picture:
    """The picture of a layer's weights in its card."""
    return kernels(filters(seen, on_page).arrays[f"layer:{name}"], scale=scale, most=5, inputs=24, side=24)


def detail(run: Run, name: str, found: Inspection, seen: View, view: str, scale: Scale) -> None:
    """The chosen layer large, with its figures."""
    figures = next(each for each in found.answer["layers"] if each["name"] == name)
    st.markdown(f"**{plain(name)}** :gray[{plain(figures['layer'])}]")
    values = _values(name, figures["maps"], found, seen, view)
    if values is None:
        st.html(marks.note("This layer has no weights: it only passes on, rearranges or switches off what comes in."))
        return
    picture = (
        kernels(values, scale=scale, most=32, inputs=12, side=30, width=430)
        if view == "filters"
        else layer_picture(values, scale=scale, most=512, side=96, width=430)
    )
    st.html(marks.figures(_rows(values) if view == "filters" else statistics(figures)))
    own = "Each map on its own scale; the ends are the largest map's." if picture.scale == "map" else ""
    st.html(marks.legend(picture.low, picture.high) + marks.note(own))
    st.html(marks.image(picture, f"{name}, large") + _amount(picture))
    label = "Download the numbers"
    st.download_button(
        label, lambda: _npz(name, values), "layer.npz", icon=":material/download:", on_click="ignore", key=f"explore_npz_{run.id}"
    )


def _values(name: str, maps: int, found: Inspection, seen: View, view: str) -> np.ndarray | None:
    """All of the layer's numbers."""
    if view == "filters":
        return filters(seen, (name,)).arrays.get(f"layer:{name}")
    known = found.arrays.get(f"layer:{name}")
    return known if known is not None and (known.ndim < 3 or known.shape[-1] == maps) else whole_layer(seen, name)


def statistics(figures: dict) -> dict[str, str]:
    """A layer's figures in words."""
    rows = {
        "Shape": marks.shape(figures["shape"]),
        "Smallest": marks.number(figures["low"]),
        "Largest": marks.number(figures["high"]),
        "Mean": marks.number(figures["mean"]),
        "Zeros": "none" if figures["zeros"] is None else f"{figures['zeros']:.1%}",
    }
    return rows | ({"No numbers": f"{figures['wrong']:.1%}"} if figures["wrong"] else {})


def _rows(values: np.ndarray) -> dict[str, str]:
    names = {2: "inputs × units", 3: "width × inputs × filters", 4: "height × width × inputs × filters"}
    return {
        "Shape": f"{marks.shape(values.shape)} {names.get(values.ndim, '')}",
        "Smallest": marks.number(float(values.min())),
        "Largest": marks.number(float(values.max())),
        "Mean": marks.number(float(values.mean())),
    }


def _npz(name: str, values: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **{name: values})  # type: ignore[arg-type]
    return file.getvalue()
