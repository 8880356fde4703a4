"""A sequence of a person's own instead of the sample's: tokens typed in the dataset's words."""

from functools import lru_cache

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.datasets.typed_tokens import Room, joined, numbers, room_of, understood, unpadded, visible, vocabulary
from builder.errors import BuilderError
from builder.store import default_store
from pages.explore.input.own_inputs import NAMES, TYPE, Own, choose_source, keep
from pages.explore.view import View, given
from pages.frame.words import plain


def typed(view: View, dataset: Dataset, words: list[str], where: str = "view") -> View:
    """A field with the input's words; once they are changed, the view of those, which the left column keeps as the input."""
    room = room_of_run(view.run, dataset)
    key = f"typed {where} {view.run} {view.part} {view.sample} {hash(view.given)}"
    text = st.text_input(
        "Input", joined(unpadded(words, room), dataset), key=key, help=known(dataset), on_change=_keep, args=(key, dataset, room)
    )
    try:
        wanted = understood(text, dataset, room)
    except BuilderError as error:
        st.warning(plain(f"{error.sentence} What was there before is shown."), icon=":material/edit:")
        return view
    return view if wanted == words else view._replace(given=given(NAMES[TYPE], numbers(wanted, dataset)))


def _keep(key: str, dataset: Dataset, room: Room) -> None:
    """What can be an input becomes the one that every view looks at."""
    try:
        wanted = understood(st.session_state[key], dataset, room)
    except BuilderError:
        return  # the field says it
    keep(dataset, TYPE, Own(np.array(numbers(wanted, dataset), "float32")))
    choose_source(dataset, TYPE)


@lru_cache(maxsize=32)
def room_of_run(run: str, dataset: Dataset) -> Room:
    """The length that a run's network takes."""
    return room_of(default_store().run(run).network, dataset)


def known(dataset: Dataset) -> str:
    """The words that there are."""
    return plain(f"Type your own. It knows: {' '.join(map(visible, vocabulary(dataset)))}")
