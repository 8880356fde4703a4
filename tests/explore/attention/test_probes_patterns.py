"""What heads do with tokens seen before, on weights in which the answer is planted."""

import numpy as np
import pytest

from builder.probes.attention import patterns

pytestmark = pytest.mark.usefixtures("home")
TOKENS = np.array([3, 1, 4, 2, 3, 1, 4, 2])
RANDOM = np.random.default_rng(0)


def planted(*looks: tuple[int, int]) -> np.ndarray:
    """One head that looks only from each query to its key, elsewhere at itself."""
    weights = np.eye(8)[None].copy()
    for query, key in looks:
        weights[0, query] = np.eye(8)[key]
    return weights


def test_a_planted_previous_token_head_is_found() -> None:
    weights = planted(*((at, at - 1) for at in range(1, 8)))
    assert patterns.previous_token(weights).tolist() == [1]
    assert patterns.mean_distance(weights).tolist() == [7 / 8]


def test_planted_duplicate_and_induction_heads_are_found_and_told_apart() -> None:
    same, after = planted(*((at, at - 4) for at in range(4, 8))), planted(*((at, at - 3) for at in range(4, 8)))
    assert patterns.duplicate_token(same, TOKENS).tolist() == [1] and patterns.induction(same, TOKENS).tolist() == [0]
    assert patterns.duplicate_token(after, TOKENS).tolist() == [0] and patterns.induction(after, TOKENS).tolist() == [1]
    assert patterns.induction(after, np.arange(8)).tolist() == [0]


def test_a_head_that_looks_everywhere_alike_has_all_the_entropy() -> None:
    assert patterns.entropy(np.full((1, 4, 8), 1 / 8)).tolist() == [3]
    assert patterns.entropy(planted()).tolist() == [0]


def test_a_glance_shows_the_largest_of_each_block() -> None:
    weights = RANDOM.random((3, 100, 70))
    small = patterns.glance(weights, 10)
    assert small.shape == (3, 10, 10)
    assert small[1, 2, 3] == weights[1, 20:30, 21:28].max()
    assert (patterns.glance(weights, 100) == weights).all()
