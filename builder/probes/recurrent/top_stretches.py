"""Top-activating stretches of sequences: where else a unit responds: the stretches of other samples in which it is beyond a threshold."""

from typing import Any, NamedTuple

import numpy as np

from builder.probes.model.arguments import number
from builder.probes.model.loaded import loaded
from builder.probes.model.record import Found
from builder.probes.model.samples import part

from .brush import others, values_of

COUNT = 100  # samples that are looked through
BEST = 8


class Stretch(NamedTuple):
    """A stretch of a sample, steps `first` to `last`, and how far beyond the threshold the unit is there, all steps added up."""

    sample: int
    first: int
    last: int
    beyond: float


def top_stretches(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Top-activating stretches: those of other samples in which a unit responds most.

    Args:
        arguments: `run`, `epoch`, `part`, `sample` (which is left out), `layer`, `what`, as for `brush`; `unit`, `threshold`, and
            `above`: whether it responds above or below it; `count` of samples looked through, `best`: how many stretches.

    Returns:
        `stretches` [{sample, first, last, beyond}], the strongest first, one a sample, and `looked`, so many samples.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    held = part(run.settings, arguments.get("part") or "test")
    count = min(number(arguments, "count", COUNT, 1, 1000), len(held))
    found = [best for at in range(count) if at != arguments.get("sample") and (best := strongest(arguments, at))]
    order = sorted(found, key=lambda each: -each.beyond)[: number(arguments, "best", BEST, 1, 100)]
    return {"stretches": [each._asdict() for each in order], "looked": count, "epoch": run.epoch}, {}


def strongest(arguments: dict[str, Any], sample: int) -> Stretch | None:
    """The top-activating stretch of a sample, in which the unit is furthest beyond the threshold, all steps added up."""
    values, _, _ = values_of({**arguments, "sample": sample}, {})
    unit = number(arguments, "unit", 0, 0, values.shape[1] - 1)
    sign, threshold = (1 if arguments.get("above", True) else -1), float(arguments.get("threshold") or 0)
    beyond = sign * (values[:, unit].astype("float64") - threshold)
    found = [Stretch(sample, *span, float(beyond[span[0] : span[1] + 1].sum())) for span in others(beyond[:, None], np.array([0]), 0)]
    return max(found, key=lambda each: each.beyond, default=None)


OPERATIONS = (top_stretches,)
