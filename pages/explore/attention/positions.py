"""Positional encodings: what tells attention the order, and how alike any two steps are."""

import numpy as np
import streamlit as st

from builder.catalogue import facts
from builder.network import Network
from builder.probes import attention as probes
from builder.probes.attention.positions import similarity, sinusoidal
from pages.explore import html as marks
from pages.explore.drawing import asked, badges, download, draw
from pages.explore.view import View
from pages.frame.number_field import number_field

FORMULA = (
    "Feature 2i of step t is sin(t / 10000^(2i / d)), feature 2i + 1 is cos of the same, with d features in all. With an even d "
    "the squares of a step's numbers sum to d / 2."
)


def layers(network: Network) -> list[str]:
    """The layers with positional encodings."""
    return [node.name for node in network.nodes if facts(node.layer).positional]


def show(view: View, names: list[str]) -> None:
    """Positional encodings of one layer at this epoch, beside the sinusoidal ones of the same size."""
    layer = st.selectbox("Layer", names, key="positions_layer", persist_state="session", width=220) if len(names) > 1 else names[0]
    found = asked(view, probes.positions.positions, layer=layer)
    values, kind = found.arrays["encodings"], found.answer["kind"]
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        encodings(f"{layer}: {kind}", values)
        if kind == "learned":
            encodings("Sinusoidal, by the formula", sinusoidal(*values.shape))
    with right:
        alike(found.arrays["similarity"])
        if kind == "sinusoidal":
            badges([found.answer["check"]])
        download(found.arrays, f"positions {layer}", "positions_npz")


def by_formula() -> None:
    """Sinusoidal encodings of any size, without a network."""
    with st.container(horizontal=True, gap="small"):
        steps = number_field("Steps", 2, 128, 16, key="positions_steps", width=140)
        features = number_field("Features", 2, 128, 32, key="positions_features", width=140)
    values = sinusoidal(int(steps), int(features))
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        encodings("Sinusoidal, by the formula", values)
        st.html(marks.note(FORMULA))
    with right:
        alike(similarity(values))
        download({"encodings": values}, "positions by formula", "positions_formula_npz")


def alike(values: np.ndarray) -> None:
    """The cosine between the encodings of any two steps, (steps, steps)."""
    steps = [str(step) for step in range(len(values))]
    one = {"title": "How alike two steps are", "values": values, "labels": {"rows": steps, "columns": steps}, "square": True}
    draw("draw/matrix", "positions similarity", {"matrices": [one], "file": "similarity"})
    st.html(marks.note("The cosine between the encodings of any two steps. On sinusoidal ones only the distance counts."))


def encodings(title: str, values: np.ndarray) -> None:
    """Positional encodings as a matrix, (steps, features)."""
    axes, rows = {"rows": "step", "columns": "feature"}, [str(step) for step in range(len(values))]
    one = {"title": title, "values": values, "labels": {"rows": rows}, "axes": axes, "most": [16, 18]}
    draw("draw/matrix", f"positions {title}", {"matrices": [one], "file": "positions"})
