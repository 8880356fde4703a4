"""English text: the Python documentation that ships with CPython, character by character."""

from functools import cache

import numpy as np

from .dataset import Arrays, Dataset

SEED = 15
WINDOW = 64  # characters
STRIDE = 24
# line break, space and what the text is made of; every other character becomes a space
CHARACTERS = ("\n", " ", *"abcdefghijklmnopqrstuvwxyz0123456789.,;:'\"()[]{}=+-*/<>_`#!?%&|@\\~^$")


@cache
def help_topics() -> str:
    """The topics of Python's own help, in lower case, with single spaces."""
    from pydoc_data.topics import topics

    text = "\n".join(topics[name] for name in sorted(topics)).lower()
    known = set(CHARACTERS)
    lines = (" ".join("".join(c if c in known else " " for c in line).split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def encode(text: str) -> np.ndarray:
    """Character tokenisation: character numbers of a text; an unknown character counts as a space."""
    number = {character: index for index, character in enumerate(CHARACTERS)}
    return np.array([number.get(character, 1) for character in text.lower()], "int64")


@cache
def pydoc(count: int = 12_000) -> Arrays:
    """Windows of 64 characters, and at each place the character that follows: x and y (samples, 64)."""
    tokens = encode(help_topics())
    starts = np.arange(0, len(tokens) - WINDOW - 1, STRIDE)
    starts = np.random.default_rng(SEED).permutation(starts)[:count]
    every = np.stack([tokens[start : start + WINDOW + 1] for start in starts])
    return Arrays(every[:, :-1].copy(), every[:, 1:].copy())


TEXT = Dataset(
    name="pydoc",
    title="The Python documentation",
    summary="12,000 windows of 64 characters from Python's own help; predict each next character.",
    theory="English has a little over one bit a character (Shannon 1951); a small network gets to about two.",
    source="pydoc_data, which ships with CPython",
    kind="tokens",
    dtype="int64",
    per_step=True,
    foretells=True,
    input_shape=(WINDOW,),
    count=12_000,
    load=pydoc,
    high=len(CHARACTERS) - 1,
    classes=CHARACTERS,
    vocabulary=CHARACTERS,
    network="text_transformer",
    epochs=8,
    learning_rate=0.002,
    batch_size=64,
)
