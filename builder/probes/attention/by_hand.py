"""Self-attention by hand: three tokens, three weight matrices, four steps, every number editable."""

from typing import NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.words import format_shape

TOKENS = ("The", "Dog", "Runs")
EMBEDDINGS = ((1, 0, 1, 0), (0, 2, 0, 2), (1, 1, 1, 1))
POSITIONS = ((2, 1, 2, 1), (2, 4, 2, 4), (4, 4, 4, 4))
W_Q = ((1, 0, 1), (1, 0, 0), (0, 0, 1), (0, 1, 1))
W_K = ((0, 0, 1), (1, 1, 0), (0, 1, 0), (1, 1, 0))
W_V = ((0, 2, 0), (0, 3, 0), (1, 0, 3), (1, 1, 0))


class ByHand(NamedTuple):
    """Every step of one attention head.

    Attributes:
        inputs: (tokens, features), the embeddings with their positions where those are on.
        queries, keys: (tokens, d_k); values: (tokens, d_v).
        scores: (query, key), Q K^T; scaled: the same divided by sqrt(d_k) where the scale is on.
        weights: (query, key), the softmax of each row of `scaled`; each row sums to 1.
        outputs: (query, d_v), the weighted sums of the values.
    """

    inputs: np.ndarray
    queries: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    scores: np.ndarray
    scaled: np.ndarray
    weights: np.ndarray
    outputs: np.ndarray


def project(inputs: np.ndarray, weights: np.ndarray, name: str) -> np.ndarray:
    """Queries, keys or values: inputs (tokens, features) @ weights (features, length)."""
    if weights.ndim != 2 or inputs.shape[1] != len(weights):
        came = format_shape(weights.shape)
        raise BuilderError(name, f"{inputs.shape[1]} rows of numbers, one for each feature of a token", came)
    return inputs @ weights


def scores(queries: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Attention scores, how well each query matches each key: (query, key), the dot products Q K^T."""
    if queries.shape[1] != keys.shape[1]:
        raise BuilderError("W_K", f"{queries.shape[1]} columns, as W_Q has", str(keys.shape[1]))
    return queries @ keys.T


def softmax(values: np.ndarray) -> np.ndarray:
    """Softmax: exp(value) / sum of exp over the last axis; rows of -inf alone become zeros, as a masked query's."""
    top = values.max(axis=-1, keepdims=True)
    powers = np.exp(values - np.where(np.isfinite(top), top, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return np.divide(powers, total, out=np.zeros_like(powers), where=total > 0)


def attend(
    embeddings: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    *,
    scale: bool = True,
    positions: np.ndarray | None = None,
) -> ByHand:
    """Self-attention in four steps: softmax(Q K^T / sqrt(d_k)) V.

    Args:
        embeddings: (tokens, features). w_q, w_k: (features, d_k). w_v: (features, d_v).
        scale: whether the scores are divided by sqrt(d_k).
        positions: added to the embeddings, (tokens, features); None: left out.
    """
    inputs = np.asarray(embeddings, "float64")
    if positions is not None:
        if np.shape(positions) != inputs.shape:
            raise BuilderError("The positions", f"{format_shape(inputs.shape)} numbers, one for each of the embeddings", "others")
        inputs = inputs + np.asarray(positions, "float64")
    names = zip((w_q, w_k, w_v), ("W_Q", "W_K", "W_V"), strict=True)
    queries, keys, values = (project(inputs, np.asarray(matrix, "float64"), name) for matrix, name in names)
    products = scores(queries, keys)
    scaled = products / np.sqrt(keys.shape[1]) if scale else products
    weights = softmax(scaled)
    return ByHand(inputs, queries, keys, values, products, scaled, weights, weights @ values)
