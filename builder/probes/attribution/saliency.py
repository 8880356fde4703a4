"""Saliency, the gradient of the score by the input (arXiv 1312.6034), gradient × input, and SmoothGrad."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe
from builder.probes.model.samples import asked_sample, sample
from builder.probes.model.scoring import entry

from .target import Target, over_places, scores_at, slopes, target_of

SAMPLES = 32
NOISE = 0.15  # of SmoothGrad, in parts of the input's range
STEP = 1e-3  # of the finite difference, in the input's units along the gradient


def gradient(run: Loaded, asked: Target) -> np.ndarray:
    """Saliency: the gradient dF/dx, as the point's shape."""
    return slopes(run, asked, asked.point[None])[1][0]


def gradient_times_input(run: Loaded, asked: Target) -> np.ndarray:
    """Gradient × input, x · dF/dx: a first guess of what each number adds; it equals integrated gradients where F is linear."""
    return asked.point * gradient(run, asked)


def smooth_gradient(run: Loaded, asked: Target, samples: int = SAMPLES, noise: float = NOISE, seed: int = 0) -> np.ndarray:
    """SmoothGrad: the mean of dF/dx, with its sign, over copies of the input with Gaussian noise (arXiv 1706.03825)."""
    spread = noise * float(np.ptp(asked.point))
    copies = asked.point + np.random.default_rng(seed).normal(0, spread, (samples, *asked.point.shape))
    return slopes(run, asked, copies.astype("float32"))[1].mean(axis=0)


def slope_error(run: Loaded, asked: Target, step: float = STEP) -> float:
    """Gradient check: |measured - claimed| / claimed slope along the gradient; measured is the score's central finite difference."""
    found = gradient(run, asked)
    length = float(np.linalg.norm(found))
    if length == 0:
        return 0.0
    way = (step * found / length).astype("float32")
    ahead, behind = scores_at(run, asked, np.stack([asked.point + way, asked.point - way]))
    return abs(float(ahead - behind) / (2 * step) - length) / length


METHODS: dict[str, Callable[[Loaded, Target], np.ndarray]] = {
    "saliency": gradient,
    "gradient_times_input": gradient_times_input,
    "smoothgrad": smooth_gradient,
}


def attribution(run: Loaded, asked: Target, method: str) -> np.ndarray:
    """Attribution by one of METHODS; for tokens one number a step, lengths of gradients and sums of products."""
    how = "sum" if method == "gradient_times_input" else "length"
    return over_places(METHODS[method](run, asked), entry(run) is not None, how)


def saliency(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Saliency: the gradient of a score by the input, by one of METHODS.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given, `target` (None: the predicted),
            `step`, `method`: one of METHODS.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    one = asked_sample(run, arguments, arrays)
    asked = target_of(run, one, arguments.get("target"), arguments.get("step"))
    answer: dict[str, Any] = {"target": asked.target, "score": asked.score, "epoch": run.epoch}
    answer["check"] = {"name": "Slope along the gradient against a finite difference, relative", "value": slope_error(run, asked)}
    return answer, {"input": one.x[0], "attribution": attribution(run, asked, arguments.get("method") or "saliency")}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None, method: str = "saliency") -> Found:
    """Saliency: `attribution` of the predicted class's score for a sample of the test part."""
    run = loaded(run_folder, epoch)
    one = sample(run, "test", place)
    asked = target_of(run, one)
    return {"input": one.x[0], "attribution": attribution(run, asked, method), "check": np.array(slope_error(run, asked))}


SALIENCY = tuple(
    Probe(name=name, title=title, summary=summary, compute=partial(compute, method=name))
    for name, title, summary in (
        ("saliency", "Saliency", "How much the score changes with each number of the input."),
        ("gradient_times_input", "Gradient × input", "Each number of the input times the score's slope there."),
        ("smoothgrad", "SmoothGrad", "The slope averaged over noisy copies of the input."),
    )
)


OPERATIONS = (saliency,)
PROBES = SALIENCY
