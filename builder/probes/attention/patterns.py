"""Attention rollout (Abnar 2020) and head patterns: what a head does with tokens seen before (previous token, duplicate, induction)."""

from collections.abc import Sequence

import numpy as np


def rollout(layers: Sequence[np.ndarray]) -> np.ndarray:
    """Attention rollout, how much of each input position reaches each output position: the product over layers of A / 2 + I / 2.

    A is the mean over the heads of a layer and I stands for the residual connection (Abnar and Zuidema 2020, arXiv 2005.00928).
    Rows of padded queries, which are zero, count as looking at themselves.

    Args:
        layers: weights (heads, positions, positions) of each layer, the first one first.

    Returns:
        (output position, input position), each row sums to 1.
    """
    count = layers[0].shape[-1]
    found = np.eye(count)
    for weights in layers:
        mean = weights.astype("float64").mean(axis=0)
        empty = ~mean.any(axis=1)
        mean[empty, np.flatnonzero(empty)] = 1
        mixed = 0.5 * mean + 0.5 * np.eye(count)
        found = (mixed / mixed.sum(axis=1, keepdims=True)) @ found
    return found


def row_gap(weights: np.ndarray) -> float:
    """The largest distance of a row's sum from 1, as softmax gives it; rows that are all zero are padded queries and left out."""
    sums = weights.astype("float64").sum(axis=-1)
    return float(np.abs(sums[sums > 0] - 1).max(initial=0))


def previous_token(weights: np.ndarray) -> np.ndarray:
    """Previous-token heads: each head's mean weight on the token before, (heads,); weights (heads, query, key) of self-attention."""
    return _mean(weights, np.eye(weights.shape[-1], k=-1, dtype=bool)[: weights.shape[-2]])


def duplicate_token(weights: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """Duplicate-token heads: each head's mean weight on earlier places of the same token, (heads,), over the tokens that have one."""
    return _mean(weights, _seen_before(tokens))


def induction(weights: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """Induction heads: each head's mean weight on what followed the same token before, (heads,) (Olsson et al. 2022, arXiv 2209.11895)."""
    after = np.zeros((len(tokens), len(tokens)), bool)
    after[:, 1:] = _seen_before(tokens)[:, :-1]
    return _mean(weights, after)


def _seen_before(tokens: np.ndarray) -> np.ndarray:
    """(query, key): whether the key is an earlier place of the query's token."""
    return np.tril(tokens[:, None] == tokens, k=-1)


def _mean(weights: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The weight on these places of each row (query, key), averaged over the rows that have any; 0 where none has."""
    rows = places.any(axis=1)
    if not rows.any():
        return np.zeros(len(weights))
    return (weights * places).sum(axis=-1)[:, rows].mean(axis=-1, dtype="float64")


def mean_distance(weights: np.ndarray) -> np.ndarray:
    """Mean attention distance: how many steps away each head looks on average, (heads,)."""
    steps = np.abs(np.arange(weights.shape[-2])[:, None] - np.arange(weights.shape[-1]))
    sums = weights.sum(axis=(-1, -2), dtype="float64")
    return (weights * steps).sum(axis=(-1, -2)) / np.where(sums > 0, sums, 1)


def entropy(weights: np.ndarray) -> np.ndarray:
    """Attention entropy, how widely each head looks, in bits, (heads,): 0 at one place only, log2(keys) where it looks everywhere alike."""
    logs = np.log2(weights, out=np.zeros(weights.shape, "float64"), where=weights > 0)
    rows = weights.any(axis=-1)
    each = -(weights * logs).sum(axis=-1)
    return (each * rows).sum(axis=-1) / np.maximum(rows.sum(axis=-1), 1) + 0.0


def glance(weights: np.ndarray, most: int = 48) -> np.ndarray:
    """Max pooling of attention weights for a thumbnail: the largest of each block, (heads, up to `most`, up to `most`)."""
    for axis in (-2, -1):
        starts = np.unique(np.linspace(0, weights.shape[axis], min(most, weights.shape[axis]), endpoint=False).astype(int))
        weights = np.maximum.reduceat(weights, starts, axis=axis)
    return weights
