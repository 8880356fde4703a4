"""Stratified split of a dataset into its training, validation and test parts."""

import numpy as np

from builder.errors import BuilderError

from .dataset import Arrays, Parts

TEST_SHARE = 0.15
TEST_SEED = 2024  # fixed: the same samples stay unseen whatever the run's own seed is
FEWEST = 3  # samples: one for each part


def spread(y: np.ndarray, seed: int) -> np.ndarray:
    """Stratified shuffle: a random order of the rows, from a seed, in which every stretch holds each class in its share.

    Each row gets (its place within its class + 1/2) / (rows of its class); sorted by that, classes come evenly mixed.

    Args:
        y: (samples,) class numbers, or (samples, targets) values, which are only shuffled.
    """
    order = np.random.default_rng(seed).permutation(len(y))
    if y.ndim > 1:
        return order
    by_class = np.argsort(y[order], kind="stable")
    _, counts = np.unique(y, return_counts=True)
    place = np.arange(len(y)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = np.empty(len(y))
    share[by_class] = (place + 0.5) / np.repeat(counts, counts)
    return order[np.argsort(share, kind="stable")]


def sizes(count: int, validation_share: float = 0.2) -> tuple[int, int, int]:
    """How many samples training, validation and test get of `count`; none gets less than one."""
    if count < FEWEST:
        raise BuilderError("The dataset", f"at least {FEWEST} samples, one for each part", str(count), "Add rows.")
    if not 0 < validation_share < 1:
        raise BuilderError("The validation share", "a part between 0 and 1", str(validation_share))
    test = test_size(count)
    validation = min(max(round((count - test) * validation_share), 1), count - test - 1)
    return count - test - validation, validation, test


def test_size(count: int) -> int:
    """How many of `count` samples are kept for the test: a share of them, and at least two are left over."""
    return min(max(round(count * TEST_SHARE), 1), count - 2)


def test_rows(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the test part, and all others in their own order; the same for every seed."""
    order, test = spread(y, TEST_SEED), test_size(len(y))
    return order[:test], np.sort(order[test:])


def split(arrays: Arrays, seed: int = 1, validation_share: float = 0.2, limit: int | None = None) -> Parts:
    """Stratified train, validation and test split: test is fixed, the rest is shuffled with the seed, its last `validation_share` is validation.

    Classes keep their shares in each part. `limit` takes at most so many samples in all.
    """
    if limit is not None and limit < len(arrays):
        arrays = arrays.take(np.sort(spread(arrays.y, TEST_SEED)[:limit]))
    test, rest = test_rows(arrays.y)
    train = sizes(len(arrays), validation_share)[0]
    # `spread` puts whole rounds of all classes one after the other, so the tail is as mixed as the head
    rest = rest[spread(arrays.y[rest], seed)]
    return Parts(arrays.take(rest[:train]), arrays.take(rest[train:]), arrays.take(test))
