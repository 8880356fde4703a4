"""A sample that something on the page points at becomes the one that is looked at."""

import streamlit as st

from builder.datasets import Dataset
from pages.explore.input.own_inputs import SAMPLE, choose_source
from pages.frame import state


def button(dataset: Dataset, part: str, sample: int, label: str, key: str) -> None:
    """A quiet button that opens a sample of a part."""
    help = f"Open sample {sample:,} of the {part} part"
    st.button(label, key=key, type="tertiary", help=help, on_click=opened, args=(dataset, part, sample))


def opened(dataset: Dataset, part: str, sample: int) -> None:
    """The sample stands at the left, in place of an input of a person's own too."""
    choose_source(dataset, SAMPLE)
    state.choose(part=part, sample=sample)
