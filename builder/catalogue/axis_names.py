"""Axis names of a tensor (height, width, channels; steps, features), by its rank and the layer it leaves."""

from collections.abc import Mapping, Sequence
from typing import Any

BY_RANK: tuple[tuple[str, ...], ...] = (
    (),
    ("features",),
    ("steps", "features"),
    ("height", "width", "channels"),
    ("frames", "height", "width", "channels"),
)
SCORES = ("Dense", "Activation", "Softmax")  # layers that may end a classifier


def axes(layer: str, shape: Sequence[int | None], is_output: bool = False, params: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """Labels of a layer's output axes, without the batch: ("height", "width", "channels"); "classes" for a classifier's output.

    Without `params` a row of several numbers that leaves the network is taken for classes.
    """
    rank = len(shape)
    if rank >= len(BY_RANK):
        return tuple(f"axis {number}" for number in range(1, rank + 1))
    if rank == 1 and is_output and _classifies(layer, shape, params):
        return ("classes",)
    names = BY_RANK[rank]
    if rank > 1 and (params or {}).get("data_format") == "channels_first":
        return (names[-1], *names[:-1])
    return names


def _classifies(layer: str, shape: Sequence[int | None], params: Mapping[str, Any] | None) -> bool:
    if layer == "Softmax":
        return True
    if params is None:
        return layer in SCORES and shape[0] != 1
    return layer in SCORES and params.get("activation") in ("softmax", "log_softmax")
