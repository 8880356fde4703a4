"""Top-activating stretches, where else in the dataset a unit responds that was found by brushing a stretch of a sequence."""

from typing import Any

import streamlit as st

from builder.datasets import Dataset
from builder.probes import recurrent as probes
from builder.words import format_count, format_number
from pages.explore import html as marks
from pages.explore.drawing import asked
from pages.explore.input import open_sample
from pages.explore.view import View


def show(view: View, dataset: Dataset, layer: str, pressed: dict[str, Any] | None) -> None:
    """A button for each of the strongest stretches of other samples; a press opens its sample."""
    if not pressed:
        return
    unit, threshold, above = int(pressed["unit"]), float(pressed["threshold"]), bool(pressed["above"])
    with st.spinner("Looking through other samples", show_time=False):
        found = asked(view, probes.top_stretches.top_stretches, layer=layer, unit=unit, threshold=threshold, above=above).answer
    side = f"{'above' if above else 'below'} {format_number(threshold)}"
    if not found["stretches"]:
        st.html(marks.note(f"Unit {unit} is {side} in none of {format_count(found['looked'], 'sample')}."))
        return
    st.html(marks.note(f"Of {format_count(found['looked'], 'sample')}, unit {unit} is {side} the most in"))
    with st.container(horizontal=True, gap="small"):
        for each in found["stretches"]:
            words = f"sample {each['sample']}, {steps(each['first'], each['last'])}"
            open_sample.button(dataset, view.part, each["sample"], words, f"elsewhere {each['sample']}")


def steps(first: int, last: int) -> str:
    """Steps 3 to 9, or step 3."""
    return f"step {first}" if first == last else f"steps {first} to {last}"
