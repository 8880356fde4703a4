"""A sequence of a person's own instead of the sample's: tokens typed in the dataset's words."""

from collections.abc import Iterable

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from pages.explore.input.own_inputs import NAMES, TYPE, Own, choose_source, keep
from pages.explore.view import View, given
from pages.frame.words import plain

SIGNS = {" ": "␣", "\n": "⏎"}


def typed(view: View, dataset: Dataset, words: list[str], where: str = "view") -> View:
    """A field with the input's words; once they are changed, the view of those, which the left column keeps as the input."""
    key = f"typed {where} {view.run} {view.part} {view.sample} {hash(view.given)}"
    field = st.text_area if where == "left" else st.text_input  # a narrow place needs more than one line
    text = field(
        "Input", joined(words, dataset), key=key, help=known(dataset), width="stretch", on_change=_keep, args=(key, dataset, words)
    )
    wanted = split(text, dataset)
    if wanted == words:
        return view
    if problem := wrong(wanted, words, dataset):
        st.warning(plain(problem), icon=":material/edit:")
        return view
    return view._replace(given=given(NAMES[TYPE], numbers(wanted, dataset)))


def _keep(key: str, dataset: Dataset, words: list[str]) -> None:
    """What can be an input becomes the one that every view looks at."""
    wanted = split(st.session_state[key], dataset)
    if not wrong(wanted, words, dataset):
        keep(dataset, TYPE, Own(np.array(numbers(wanted, dataset), "float32")))
        choose_source(dataset, TYPE)


def numbers(words: list[str], dataset: Dataset) -> list[int]:
    """Tokenisation: each token's number."""
    return [vocabulary(dataset).index(word) for word in words]


def vocabulary(dataset: Dataset) -> tuple[str, ...]:
    """What each token's number stands for."""
    return dataset.vocabulary or dataset.classes


def visible(word: str) -> str:
    """A token as it is written: a space and a line's end have signs of their own."""
    return SIGNS.get(word, word)


def spelled(words: Iterable[str]) -> str:
    """Tokens one after the other as they are written, spaces and lines' ends among them."""
    return " ".join(map(visible, words))


def characters(dataset: Dataset) -> bool:
    """Whether each token is one character, so that nothing stands between them."""
    return all(len(word) == 1 for word in vocabulary(dataset))


def joined(words: list[str], dataset: Dataset) -> str:
    """Tokens as a line of text."""
    return ("" if characters(dataset) else " ").join(map(visible, words))


def split(text: str, dataset: Dataset) -> list[str]:
    """A line of text as tokens."""
    plain_text = text.translate({ord(sign): word for word, sign in SIGNS.items()})
    return list(plain_text) if characters(dataset) else plain_text.split()


def known(dataset: Dataset) -> str:
    """The words that there are."""
    return plain(f"Type your own. It knows: {' '.join(map(visible, vocabulary(dataset)))}")


def wrong(wanted: list[str], words: list[str], dataset: Dataset) -> str:
    """Validation: why these tokens cannot be the input, or nothing."""
    strange = [word for word in wanted if word not in vocabulary(dataset)]
    if strange:
        return f"“{strange[0]}” is not among the words of {dataset.title}. What was there before is shown."
    if len(wanted) != len(words):
        return f"The network takes {len(words)} tokens, but these are {len(wanted)}. What was there before is shown."
    return ""
