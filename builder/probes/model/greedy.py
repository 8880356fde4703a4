"""Greedy decoding: an encoder-decoder writes on its own, each step's likeliest token (argmax) is the next step's input."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .loaded import Loaded


class Written(NamedTuple):
    """What greedy decoding wrote for one input.

    Attributes:
        tokens: (steps,), at each step the likeliest (argmax).
        answers: (steps, classes), the network's output at each step, as its last layer gives it.
        fed: (1, steps), what the decoder had read in the end: the start token, then every token but the last.
    """

    tokens: np.ndarray
    answers: np.ndarray
    fed: np.ndarray


def greedy(run: Loaded, x: np.ndarray, start: int) -> Written:
    """Greedy decoding, one token after the other, for an input x (1, ...); `start` is the number of the token before the first."""
    return decoded(lambda fed: output_of(run, x, fed), run.model.inputs[1].shape[1] or x.shape[1], start)


def decoded(answers: Callable[[np.ndarray], np.ndarray], steps: int, start: int) -> Written:
    """Greedy decoding of so many steps; `answers` gives the network's output (steps, classes) where its decoder reads `fed` (1, steps)."""
    fed, rows = np.full((1, steps), start), []
    for step in range(steps):
        rows.append(answers(fed)[step])
        if step + 1 < steps:
            fed[0, step + 1] = rows[-1].argmax()
    given = np.stack(rows)
    return Written(given.argmax(axis=-1), given, fed)


def output_of(run: Loaded, *x: Any) -> np.ndarray:
    """Forward pass: the network's output for one input, an array (1, ...) for each of its inputs, without the batch axis."""
    name = next(node.name for node in reversed(run.network.outputs) if node.name in run.names)
    return np.asarray(run.function(*x)[list(run.names).index(name)])[0]
