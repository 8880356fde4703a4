"""Token sampling: from scores to the next token: temperature, top-k and top-p, recomputed from stored scores without the network."""

from typing import NamedTuple

import numpy as np

from builder.errors import BuilderError


class Next(NamedTuple):
    """How the next token is chosen, each (tokens,).

    Attributes:
        logits: the scores. scaled: divided by the temperature.
        before: probabilities before the cut. kept: whether a token may be chosen. after: probabilities after it, summing to 1.
    """

    logits: np.ndarray
    scaled: np.ndarray
    before: np.ndarray
    kept: np.ndarray
    after: np.ndarray


def logits(probabilities: np.ndarray) -> np.ndarray:
    """Logits that a softmax turns into these probabilities: their logarithms; a probability of 0 becomes the smallest number's."""
    return np.log(np.maximum(probabilities, np.finfo("float64").tiny))


def choose(scores: np.ndarray, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None) -> Next:
    """Temperature, top-k, top-p: p ~ exp(score / temperature), then the `top_k` most likely, then the fewest that hold `top_p`.

    Args:
        scores: (tokens,), what the last layer gives before its softmax.
        temperature: towards 0 the most likely token takes all, towards infinity all are alike; 0 is allowed.
        top_k: how many tokens may be chosen; None: all. top_p: from above 0 to 1; None: all.
    """
    _check(scores, temperature, top_k, top_p)
    values = np.asarray(scores, "float64")
    best = values == values.max()
    with np.errstate(over="ignore"):  # a tiny temperature makes infinities, whose powers are right
        below = (values - values.max()) / temperature if temperature else np.where(best, 0.0, -np.inf)
        scaled = values / temperature if temperature else np.where(best, np.inf, -np.inf)
    before = _shares(np.exp(below))
    kept = _fewest(_most_likely(before, top_k), top_p)
    return Next(values, scaled, before, kept > 0, _shares(kept))


def _check(scores: np.ndarray, temperature: float, top_k: int | None, top_p: float | None) -> None:
    if np.ndim(scores) != 1 or not np.size(scores) or not np.isfinite(scores).all():
        raise BuilderError("The scores", "one finite number for each token", f"an array of shape {np.shape(scores)}")
    if not (np.isfinite(temperature) and temperature >= 0):
        raise BuilderError("The temperature", "a number from 0", str(temperature))
    if top_k is not None and top_k < 1:
        raise BuilderError("top-k", "a whole number from 1", str(top_k))
    if top_p is not None and not 0 < top_p <= 1:
        raise BuilderError("top-p", "a number above 0 and up to 1", str(top_p))


def _shares(values: np.ndarray) -> np.ndarray:
    return values / values.sum()


def _most_likely(probabilities: np.ndarray, top_k: int | None) -> np.ndarray:
    """Top-k: the k largest, the rest 0; of equals the first."""
    if top_k is None:
        return probabilities
    order = np.argsort(-probabilities, kind="stable")[:top_k]
    kept = np.zeros_like(probabilities)
    kept[order] = probabilities[order]
    return kept


def _fewest(probabilities: np.ndarray, top_p: float | None) -> np.ndarray:
    """Top-p (nucleus): the fewest of the largest whose share of what is left reaches p, the rest 0."""
    if top_p is None:
        return probabilities
    shares = _shares(probabilities)
    order = np.argsort(-shares, kind="stable")
    before = np.cumsum(shares[order]) - shares[order]  # what the more likely ones hold already
    return np.where(np.isin(np.arange(len(shares)), order[before < top_p - 1e-12]), probabilities, 0.0)


def draw(chances: np.ndarray, seed: int) -> int:
    """Sample a token by its probability."""
    return int(np.random.default_rng(seed).choice(len(chances), p=chances))
