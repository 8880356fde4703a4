"""Integrated gradients: the score's rise from a baseline to the input, shared out among the input's numbers (arXiv 1703.01365)."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.probes.model.arguments import number
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe
from builder.probes.model.samples import asked_sample, sample
from builder.probes.model.scoring import entry

from .target import Target, over_places, scores_at, slopes, target_of

STEPS = 32


class Integrated(NamedTuple):
    """Integrated gradients: `attribution` as the point's shape; `rise` is F(x) - F(baseline), `gap` is the attributions' sum less the rise."""

    attribution: np.ndarray
    rise: float
    gap: float


def integrate(run: Loaded, asked: Target, steps: int = STEPS, baseline: np.ndarray | None = None) -> Integrated:
    """Integrated gradients by the midpoint rule: (x - b) · mean over k of dF/dx at b + (k + 1/2)/steps · (x - b).

    Complete, that is without a gap, in the limit of many steps; the gap says how far from it these are.

    Args:
        steps: at how many points gradients are taken.
        baseline: (...) as the point, what counts as no input; None: zeros.
    """
    start = np.zeros_like(asked.point) if baseline is None else baseline.astype("float32")
    way = asked.point - start
    shares = ((np.arange(steps) + 0.5) / steps).astype("float32").reshape(-1, *[1] * way.ndim)
    _, gradients = slopes(run, asked, start + shares * way)
    attribution = way * gradients.mean(axis=0)
    rise = float(asked.score - scores_at(run, asked, start[None])[0])
    return Integrated(attribution, rise, float(attribution.sum(dtype="float64")) - rise)


def integrated_gradients(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Integrated gradients of a score, in its own units.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given, `target` (None: the predicted),
            `step`, `steps` of the path; the array `baseline` (None: zeros).

    Returns:
        `target`, `score`, `rise`, `gap` and the check; the array `attribution`, for tokens (steps,).
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    one = asked_sample(run, arguments, arrays)
    asked = target_of(run, one, arguments.get("target"), arguments.get("step"))
    found = integrate(run, asked, number(arguments, "steps", STEPS, 1, 1024), arrays.get("baseline"))
    answer: dict[str, Any] = {"target": asked.target, "score": asked.score, "rise": found.rise, "gap": found.gap, "epoch": run.epoch}
    answer["check"] = {"name": "Sum of all attributions less the score's rise from the baseline", "value": found.gap}
    return answer, {"input": one.x[0], "attribution": over_places(found.attribution, entry(run) is not None)}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Integrated gradients: `attribution` of the predicted class's score for a sample of the test part, and its `gap`."""
    run = loaded(run_folder, epoch)
    one = sample(run, "test", place)
    found = integrate(run, target_of(run, one))
    attribution = over_places(found.attribution, entry(run) is not None)
    return {"input": one.x[0], "attribution": attribution, "gap": np.array(found.gap), "check": np.array(found.gap)}


INTEGRATED_GRADIENTS = Probe(
    name="integrated_gradients",
    title="Integrated gradients",
    summary="How much each number of the input adds to the score, compared with no input at all.",
    compute=compute,
)


OPERATIONS = (integrated_gradients,)
PROBES = (INTEGRATED_GRADIENTS,)
