"""Sanity check of a saliency map: with randomised weights it must look different (arXiv 1810.03292)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from builder.probes.model.loaded import Loaded

DRAWS = 5
LARGE = 1_000_000  # numbers of a kernel
MANY = 20_000_000  # weights, of which one draw must do


@contextmanager
def random_weights(run: Loaded, seed: int) -> Iterator[None]:
    """Weight randomisation: inside, every kernel's numbers are shuffled; biases and the statistics of normalisation stay."""
    random = np.random.default_rng(seed)
    kept = run.model.get_weights()
    run.model.set_weights([_shuffled(each, random) if each.ndim > 1 else each for each in kept])
    try:
        yield
    finally:
        run.model.set_weights(kept)


def _shuffled(kernel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A random permutation of a kernel's numbers; of a large one whole rows, which takes a tenth of the time."""
    if kernel.size < LARGE:
        return random.permutation(kernel.reshape(-1)).reshape(kernel.shape)
    rows = kernel.reshape(-1, kernel.shape[-1])
    return rows[random.permutation(len(rows))].reshape(kernel.shape)


def agreement(run: Loaded, draw: Callable[[], np.ndarray], shown: np.ndarray) -> float:
    """Mean Spearman rank correlation between the map shown and the ones that `draw` gives with random weights."""
    found = []
    for seed in range(DRAWS if run.bytes < 4 * MANY else 1):
        with random_weights(run, seed):
            found.append(spearman(shown, draw()))
    return float(np.mean(found))


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman rank correlation, ties sharing their mean rank; 0 where one side is constant."""
    ranks = np.stack([_ranks(np.asarray(each, "float64").reshape(-1)) for each in (a, b)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(ranks, axis=1)
    return float(ranks[0] @ ranks[1] / lengths.prod()) if lengths.all() else 0.0


def _ranks(values: np.ndarray) -> np.ndarray:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts + 1) / 2)[places]
