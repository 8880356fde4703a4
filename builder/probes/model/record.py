"""The record of a probe, and the type of an operation of the probes kernel."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Found = dict[str, np.ndarray]
Operation = Callable[[dict[str, Any], Found], tuple[dict[str, Any], Found]]  # arguments and arrays, to JSON values and arrays


@dataclass(frozen=True)
class Probe:
    """One way to look inside a run.

    Attributes:
        kinds: the datasets it is for: "image", "table", "points"; empty: all.
        compute: (run folder, epoch or None for the last, sample of the test part, layer or None for all) to named arrays,
            without the batch axis; `input` is what the network got.
        by_layer: whether the arrays are one for each layer, under its name; else a layer is what is looked at.
    """

    name: str
    title: str
    summary: str
    compute: Callable[[Path, int | None, int, str | None], Found]
    kinds: tuple[str, ...] = ()
    by_layer: bool = False
