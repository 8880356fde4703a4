"""Tokens that a person types (tokenisation): a line of text in a dataset's words as the input of a network, and back."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from builder.errors import BuilderError
from builder.network.records import Network
from builder.words import format_count

from .dataset import Dataset

SIGNS = {" ": "␣", "\n": "⏎"}
SENTENCE = ".,;:!?\"'“”()"  # signs of a sentence, which are no words


class Room(NamedTuple):
    """How many tokens a network takes (None: any number), and what fills up fewer, "" where nothing may."""

    length: int | None
    pad: str
    before: bool


def room_of(network: Network, dataset: Dataset) -> Room:
    """The length that a network takes; what is shorter is padded where the dataset has a token for it, or the network masks its first."""
    length, masks = network.inputs[0].params["shape"][0], any(node.params.get("mask_zero") for node in network.nodes)
    pad = dataset.pad or (vocabulary(dataset)[0] if masks else "")
    return Room(length, "" if length is None else pad, dataset.pad_before)


def understood(text: str, dataset: Dataset, room: Room) -> list[str]:
    """A line of text as the tokens of an input, padded where there is room.

    Raises:
        BuilderError: a word is not known, or there are too many or too few.
    """
    tokens = [known_as(word, dataset) for word in split(text, dataset)]
    strange = [word for word in dict.fromkeys(tokens) if word not in vocabulary(dataset)]
    if strange:
        raise BuilderError("The input", f"words of {dataset.called}", ", ".join(f"“{word[:40]}”" for word in strange[:5]))
    count, left = len(tokens), 0 if room.length is None else room.length - len(tokens)
    if left < 0 or not count or (left and not room.pad):
        most = format_count(room.length, "token") if room.length else "some tokens"
        raise BuilderError("The input", f"from 1 to {most}" if room.pad else most, f"{count}")
    filling = [room.pad] * left
    return [*filling, *tokens] if room.before else [*tokens, *filling]


def known_as(word: str, dataset: Dataset) -> str:
    """A word as the dataset writes it: in small letters, or without the sign after it, where it is known so and not as typed."""
    ways = (word, word.lower(), word.strip(SENTENCE), word.lower().strip(SENTENCE))
    return next((way for way in ways if way in vocabulary(dataset)), word)


def unpadded(words: Sequence[str], room: Room) -> list[str]:
    """Tokens without the padding at their end, or before their beginning."""
    found = list(words[::-1] if room.before else words)
    while room.pad and found and found[-1] == room.pad:
        found.pop()
    return found[::-1] if room.before else found


def numbers(words: Iterable[str], dataset: Dataset) -> list[int]:
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


def joined(words: Iterable[str], dataset: Dataset) -> str:
    """Tokens as a line of text."""
    return ("" if characters(dataset) else " ").join(map(visible, words))


def split(text: str, dataset: Dataset) -> list[str]:
    """A line of text as tokens."""
    plain_text = text.translate({ord(sign): word for word, sign in SIGNS.items()})
    if not characters(dataset):
        return plain_text.split()
    return list(plain_text if " " in vocabulary(dataset) else "".join(plain_text.split()))
