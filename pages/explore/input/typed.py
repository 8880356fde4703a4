"""A sequence of a person's own instead of the sample's: tokens typed in the dataset's words."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.store import default_store
from builder.words import format_count
from pages.explore.input.own_inputs import NAMES, TYPE, Own, choose_source, keep
from pages.explore.view import View, given
from pages.frame.words import plain

SIGNS = {" ": "␣", "\n": "⏎"}
SENTENCE = ".,;:!?\"'“”()"  # signs of a sentence, which are no words


class Room(NamedTuple):
    """How many tokens a network takes (None: any number), and what fills up fewer, "" where nothing may."""

    length: int | None
    pad: str
    before: bool


def typed(view: View, dataset: Dataset, words: list[str], where: str = "view") -> View:
    """A field with the input's words; once they are changed, the view of those, which the left column keeps as the input."""
    room = room_of(view.run, dataset)
    key = f"typed {where} {view.run} {view.part} {view.sample} {hash(view.given)}"
    text = st.text_input(
        "Input", joined(unpadded(words, room), dataset), key=key, help=known(dataset), on_change=_keep, args=(key, dataset, room)
    )
    wanted, problem = understood(text, dataset, room)
    if problem:
        st.warning(plain(f"{problem} What was there before is shown."), icon=":material/edit:")
        return view
    return view if wanted == words else view._replace(given=given(NAMES[TYPE], numbers(wanted, dataset)))


def _keep(key: str, dataset: Dataset, room: Room) -> None:
    """What can be an input becomes the one that every view looks at."""
    wanted, problem = understood(st.session_state[key], dataset, room)
    if not problem:
        keep(dataset, TYPE, Own(np.array(numbers(wanted, dataset), "float32")))
        choose_source(dataset, TYPE)


@lru_cache(maxsize=32)
def room_of(run: str, dataset: Dataset) -> Room:
    """The length that a run's network takes; what is shorter is padded where the dataset has a token for it, or the network masks its first."""
    graph = default_store().run(run).network
    length, masks = graph.inputs[0].params["shape"][0], any(node.params.get("mask_zero") for node in graph.nodes)
    pad = dataset.pad or (vocabulary(dataset)[0] if masks else "")
    return Room(length, "" if length is None else pad, dataset.pad_before)


def understood(text: str, dataset: Dataset, room: Room) -> tuple[list[str], str]:
    """A line of text as the tokens of an input, padded where there is room, and why it cannot be one, or nothing."""
    tokens = [known_as(word, dataset) for word in split(text, dataset)]
    strange = [word for word in dict.fromkeys(tokens) if word not in vocabulary(dataset)]
    if strange:
        names = ", ".join(f"“{word}”" for word in strange[:5])
        return [], f"{names} {'is' if len(strange) == 1 else 'are'} not among the words of {dataset.title}."
    count, left = len(tokens), 0 if room.length is None else room.length - len(tokens)
    if left < 0 or not count or (left and not room.pad):
        most = format_count(room.length, "token") if room.length else "some tokens"
        most = f"from 1 to {most}" if room.pad else most
        return [], f"The network takes {most}, but {'this is 1' if count == 1 else f'these are {count}'}."
    filling = [room.pad] * left
    return ([*filling, *tokens] if room.before else [*tokens, *filling]), ""


def known_as(word: str, dataset: Dataset) -> str:
    """A word as the dataset writes it: in small letters, or without the sign after it, where it is known so and not as typed."""
    ways = (word, word.lower(), word.strip(SENTENCE), word.lower().strip(SENTENCE))
    return next((way for way in ways if way in vocabulary(dataset)), word)


def unpadded(words: list[str], room: Room) -> list[str]:
    """Tokens without the padding at their end, or before their beginning."""
    found = words[::-1] if room.before else list(words)
    while room.pad and found and found[-1] == room.pad:
        found.pop()
    return found[::-1] if room.before else found


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
    if not characters(dataset):
        return plain_text.split()
    return list(plain_text if " " in vocabulary(dataset) else "".join(plain_text.split()))


def known(dataset: Dataset) -> str:
    """The words that there are."""
    return plain(f"Type your own. It knows: {' '.join(map(visible, vocabulary(dataset)))}")
