"""The range of each number of a dataset's samples, so that one can be edited by hand within it."""

from functools import lru_cache
from typing import Any

import numpy as np

from builder import datasets
from builder.probes.model.record import Found


def ranges(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """The smallest and the largest value of each feature, over all samples and steps of `dataset`.

    Returns:
        arrays `low` and `high`, (features,), in the order of the last axis.
    """
    low, high = _ranges(str(arguments["dataset"]))
    return {}, {"low": low, "high": high}


@lru_cache(maxsize=8)
def _ranges(name: str) -> tuple[np.ndarray, np.ndarray]:
    x = datasets.record(name).load().x
    rows = x.reshape(-1, x.shape[-1])
    return rows.min(axis=0), rows.max(axis=0)


OPERATIONS = (ranges,)
