"""Answer of the network that plays to one sample (prediction beside the target), in the way that its recipe and its dataset ask for."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from builder.runs.examples import Plan

from .pictures import rebuilt, steps, text, values
from .pictures.classes import chances, rates_classes
from .pictures.scene import Scene

MOST_CLASSES = 64  # that all have a bar
MOST_NUMBERS = 64  # of a regression
LIKELIEST = 12  # of more classes than that
NEXT = 5  # tokens that may follow
TAIL = 12  # tokens that they follow
MOST_PIXELS = 64 * 64 * 3  # of a picture that is given again

Block = dict[str, Any]


class Given(NamedTuple):
    """One sample before the network.

    Attributes:
        x: one array (1, ...) for each of the network's inputs.
        right: what it should answer, without the batch axis: a class number, values, class numbers (steps,), or its input; None: not known.
        last: the place of its last token.
    """

    x: tuple[np.ndarray, ...]
    right: np.ndarray | None
    last: int = -1


def sample(plan: Plan, part: Any, place: int) -> Given:
    """A sample of a part of the dataset, as its losses are measured on it."""
    one = part.take(np.array([place]))
    x, target = plan.measured(one)
    return Given(x, target[0] if plan.recipe.learns == "input" else one.y[0])


def own(plan: Plan, raw: np.ndarray, last: int = -1, written: Callable[[np.ndarray], np.ndarray] | None = None) -> Given:
    """A person's own input in the dataset's shape: nobody knows what is right, unless it is to be given again.

    Args:
        written: the network's input (1, ...) to what its decoder reads (1, steps), which it has written itself.
    """
    x = plan.steps.apply(raw[None].astype(plan.dataset.dtype, copy=False))
    more = () if written is None else (written(x),)
    return Given((plan.noisy(x), *more), x[0] if plan.recipe.learns == "input" else None, last)


def answer(shown: Scene, output: np.ndarray, given: Given) -> Block | None:
    """What the network says of a sample, from its output (1, ...), as JSON values; None where there is no way to say it.

    Returns:
        `kind`, and by it: "classes" `values`, the chance of each, `places` which they are where there are too many, and `right`;
        "numbers" `values` and `right`; "next" `places` and `values` of the likeliest tokens after `tail`, and `right`;
        "steps" `answer` and `right`, class numbers, `forced` where the right steps before each were read (teacher forcing), and `wrong` where
        there are no numbers; "again" `input`, `output` and `right` as arrays, and the mean squared `error`.
    """
    way = next((make for fits, make in WAYS if fits(shown)), None)
    return way(shown, output, given) if way else None


def _classes(shown: Scene, output: np.ndarray, given: Given) -> Block:
    """The chance of each class, or of the likeliest."""
    rated = chances(shown, output.astype("float32"))[0]
    places = range(len(rated)) if len(rated) <= MOST_CLASSES else likeliest(rated, LIKELIEST)
    more = {} if len(rated) <= MOST_CLASSES else {"places": list(places)}
    return {"kind": "classes", "values": finite(rated[list(places)]), "right": whole(given.right)} | more


def _numbers(shown: Scene, output: np.ndarray, given: Given) -> Block | None:
    """Predictions beside targets."""
    if output.size > MOST_NUMBERS:
        return None
    return {"kind": "numbers", "values": finite(output), "right": None if given.right is None else finite(given.right)}


def _next(shown: Scene, output: np.ndarray, given: Given) -> Block:
    """Next-token probabilities (top-k) after the last token."""
    [tokens] = given.x[0]
    end = given.last % len(tokens)
    rated = chances(shown, output[:, end].astype("float32"))[0]
    places = likeliest(rated, NEXT)
    tail = [int(each) for each in tokens[max(end + 1 - TAIL, 0) : end + 1]]
    right = None if given.right is None else int(given.right[end])
    return {"kind": "next", "places": places, "values": finite(rated[places]), "tail": tail, "right": right}


def _steps(shown: Scene, output: np.ndarray, given: Given) -> Block:
    """The likeliest class at each step."""
    right = None if given.right is None else [int(each) for each in given.right]
    said = [int(each) for each in output[0].argmax(axis=-1)]
    forced = bool(shown.plan.recipe.writes and right is not None)
    return {"kind": "steps", "answer": said, "right": right, "forced": forced, "wrong": not np.isfinite(output).all()}


def _again(shown: Scene, output: np.ndarray, given: Given) -> Block:
    """Reconstruction beside its input, and beside the clean one where noise was added."""
    assert given.right is not None
    error = finite(np.mean((output[0].astype("float64") - given.right) ** 2))[0]
    noisy = not np.array_equal(given.x[0][0], given.right)
    arrays = {"input": given.x[0][0], "output": output[0]} | ({"right": given.right} if noisy else {})
    return {"kind": "again", "error": error} | {name: packed(small(value)) for name, value in arrays.items()}


WAYS: tuple[tuple[Callable[[Scene], bool], Callable[[Scene, np.ndarray, Given], Block | None]], ...] = (
    (rebuilt.fits, _again),
    (text.fits, _next),
    (steps.fits, _steps),
    (rates_classes, _classes),
    (values.fits, _numbers),
)


def likeliest(rated: np.ndarray, most: int) -> list[int]:
    """The places of the largest chances, the largest first (top-k); what is no number comes last."""
    return [int(place) for place in np.argsort(-np.nan_to_num(rated, nan=-np.inf), kind="stable")[:most]]


def small(value: np.ndarray) -> np.ndarray:
    """Downsampling by stride of a picture (height, width, channels) until it has at most MOST_PIXELS numbers; of a row the first ones."""
    if value.ndim != 3:
        return value.reshape(len(value), -1)[: max(MOST_PIXELS // max(value[0].size, 1), 1)].reshape(-1, *value.shape[1:])
    every = int(np.ceil(np.sqrt(value.size / MOST_PIXELS)))
    return value[::every, ::every]


def finite(found: np.ndarray) -> list[float | None]:
    """Numbers for JSON; None for NaN and infinity."""
    return [float(each) if np.isfinite(each) else None for each in np.asarray(found, "float64").reshape(-1)]


def whole(right: np.ndarray | None) -> int | None:
    """A class number."""
    return None if right is None else int(right.reshape(-1)[0])


def packed(value: np.ndarray) -> Block:
    """An array as base64 of float32 in rows."""
    numbers = np.ascontiguousarray(value, "<f4")
    return {"shape": value.shape, "data": b64encode(numbers.tobytes()).decode()}
