"""Sequences made from a rule, so that the right answer, and what attention or memory must do for it, is known."""

from functools import cache
from typing import Any

import numpy as np

from .dataset import Arrays, Dataset

SEED = 11
DIGITS = tuple(str(digit) for digit in range(10))


@cache
def reversal(count: int = 12_000, length: int = 16) -> Arrays:
    """Random digits and the same digits backwards: x and y are (samples, steps) int64, y[t] = x[steps - 1 - t]."""
    x = np.random.default_rng(SEED).integers(0, 10, (count, length))
    return Arrays(x, x[:, ::-1].copy())


BLANK, GO = 0, 9  # copy_memory's tokens beside the symbols 1 to 8
COPIED = 10  # symbols to remember
DELAY = 20  # steps to remember them for


@cache
def copy_memory(count: int = 12_000, delay: int = DELAY) -> Arrays:
    """Ten symbols, a delay of blanks, a go signal, and then the ten symbols again: (samples, delay + 20).

    Without memory the best cross-entropy is 10 ln 8 / (delay + 20) (Arjovsky et al. 2016, arXiv 1511.06464).
    """
    symbols = np.random.default_rng(SEED).integers(1, 9, (count, COPIED))
    blank = np.zeros((count, 1), "int64")
    go = np.full((count, 1), GO)
    x = np.concatenate([symbols, blank.repeat(delay - 1, 1), go, blank.repeat(COPIED, 1)], axis=1)
    y = np.concatenate([blank.repeat(delay + COPIED, 1), symbols], axis=1)
    return Arrays(x, y)


@cache
def adding(count: int = 12_000, length: int = 50) -> Arrays:
    """Numbers from 0 to 1, two of them marked, one in each half: the target is the sum of the two.

    Predicting the mean, 1, gives a mean squared error of 1/6 (Hochreiter and Schmidhuber 1997).
    x: (samples, steps, [value, marker]); y: (samples, 1).
    """
    random = np.random.default_rng(SEED)
    values = random.random((count, length))
    markers = np.zeros((count, length))
    rows = np.arange(count)
    for low, high in ((0, length // 2), (length // 2, length)):
        markers[rows, random.integers(low, high, count)] = 1
    x = np.stack([values, markers], axis=2).astype("float32")
    return Arrays(x, (x[:, :, 0] * x[:, :, 1]).sum(axis=1, keepdims=True))


SYMBOLS = 20  # induction's alphabet


@cache
def induction(count: int = 12_000, length: int = 16) -> Arrays:
    """Random symbols, then the same ones again; predict the next one. Only the repetition can be predicted.

    x and y: (samples, 2 x length - 1), y[t] = x[t + 1]. Two layers of attention can do it, one cannot
    (Olsson et al. 2022, arXiv 2209.11895).
    """
    once = np.random.default_rng(SEED).integers(0, SYMBOLS, (count, length))
    twice = np.concatenate([once, once], axis=1)
    return Arrays(twice[:, :-1].copy(), twice[:, 1:].copy())


def _tokens(name: str, title: str, summary: str, theory: str, **given: Any) -> Dataset:
    """The record of a dataset of tokens with a target at each step."""
    return Dataset(
        name=name,
        title=title,
        summary=summary,
        theory=theory,
        source="made from a rule",
        kind="tokens",
        dtype="int64",
        per_step=True,
        **given,
    )


SEQUENCES = (
    _tokens(
        "reversal",
        "Reversal",
        "16 random digits; the target is the same digits backwards.",
        "One layer of attention solves it by looking from each place at its mirror image, so its weights lie on the anti-diagonal.",
        input_shape=(16,),
        count=12_000,
        load=reversal,
        high=9,
        classes=DIGITS,
        vocabulary=DIGITS,
        network="reversal_attention",
        epochs=8,
        learning_rate=0.003,
        batch_size=64,
    ),
    _tokens(
        "copy_memory",
        "Copy memory",
        f"Ten symbols, {DELAY} blanks, then the ten symbols again.",
        f"Without memory the cross-entropy cannot fall below 10 ln 8 / {DELAY + 2 * COPIED} = {COPIED * np.log(8) / (DELAY + 2 * COPIED):.3f}.",
        input_shape=(DELAY + 2 * COPIED,),
        count=12_000,
        load=copy_memory,
        high=9,
        classes=DIGITS,
        vocabulary=("·", *DIGITS[1:9], "go"),
        network="copy_transformer",
        epochs=8,
        learning_rate=0.003,
        batch_size=64,
    ),
    Dataset(
        name="adding",
        title="Adding problem",
        summary="50 numbers from 0 to 1, two of them marked: the target is their sum.",
        theory="Answering 1 whatever comes in gives a mean squared error of 1/6 = 0.167; below that a network must remember over the gap.",
        source="Hochreiter and Schmidhuber 1997, made from a rule",
        kind="sequence",
        task="regression",
        target_names=("the sum",),
        input_shape=(50, 2),
        features=("number", "marked"),
        count=12_000,
        load=adding,
        network="adding_lstm",
        epochs=16,
        learning_rate=0.003,
        batch_size=64,
    ),
    _tokens(
        "induction",
        "Repeated random symbols",
        "16 random symbols, then the same 16 again; predict the next one.",
        "Only the second half can be predicted, and only by finding what followed the last time: two layers of attention can, one cannot.",
        input_shape=(31,),
        count=12_000,
        load=induction,
        high=SYMBOLS - 1,
        foretells=True,
        classes=tuple("abcdefghijklmnopqrst"),
        vocabulary=tuple("abcdefghijklmnopqrst"),
        network="induction_transformer",
        epochs=8,
        learning_rate=0.003,
        batch_size=64,
    ),
)
