"""Calibration (ECE, reliability diagram): whether predictions with 80 % confidence are right in 80 % of cases (arXiv 1706.04599)."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.arguments import number
from builder.probes.model.batches import batch, one_or_many, pieces_of, planned
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.predicting import raw_scores
from builder.probes.model.record import Found, Probe
from builder.recipes import rates_classes

BINS = 15


class Calibration(NamedTuple):
    """Reliability diagram, by bin of confidence: `counts` of predictions, their mean `confidence` and `accuracy` (0 where there are none)."""

    ece: float
    edges: np.ndarray
    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray


def calibrate(confidence: np.ndarray, right: np.ndarray, bins: int = BINS) -> Calibration:
    """ECE = sum over bins of n_b / N · |accuracy_b − confidence_b|, over bins of equal width, the upper edge inside.

    Args:
        confidence: (answers,) the probability of the predicted class.
        right: (answers,) bool.
    """
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    some = np.maximum(counts, 1)
    means = np.bincount(place, weights=confidence, minlength=bins) / some
    shares = np.bincount(place, weights=right, minlength=bins) / some
    ece = float((counts * np.abs(shares - means)).sum() / max(len(confidence), 1))
    return Calibration(ece, edges, counts, means, shares)


def answers(run: Loaded, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Predicted probabilities (answers, classes) and targets (answers,) over a part; each step of a sequence is an answer.

    Raises:
        BuilderError: the run does not rate classes.
    """
    dataset = planned(run).dataset
    if not rates_classes(run.settings.recipe, dataset):
        came = f"one that predicts the numbers of {dataset.title}" if dataset.task == "regression" else "one that gives its input again"
        raise BuilderError("Calibration", "a network that rates classes", came)
    seen = batch(run, part, None)
    rows = np.concatenate([np.asarray(_outputs(run)(*piece), "float64") for piece in pieces_of(run, seen.x)])
    rows = rows.reshape(-1, rows.shape[-1])
    targets = seen.raw.y.reshape(-1)
    if len(targets) != len(rows):
        raise BuilderError("Calibration", "a network that rates classes", f"targets of {planned(run).dataset.called} that it does not rate")
    raw = raw_scores(run)
    if rows.shape[-1] == 1:
        chance = 1 / (1 + np.exp(-rows)) if raw else rows
        return np.concatenate([1 - chance, chance], axis=1), targets
    powers = np.exp(rows - rows.max(axis=1, keepdims=True)) if raw else rows
    return powers / powers.sum(axis=1, keepdims=True), targets


def _outputs(run: Loaded) -> Any:
    import tensorflow as tf

    if "outputs" not in run.functions:
        run.functions["outputs"] = tf.function(
            lambda *inputs: run.model(one_or_many(inputs), training=False), autograph=False, reduce_retracing=True
        )
    return run.functions["outputs"]


def _of(run: Loaded, part: str, bins: int) -> tuple[Calibration, np.ndarray, np.ndarray]:
    chances, targets = answers(run, part)
    confidence, right = chances.max(axis=1), chances.argmax(axis=1) == targets
    return calibrate(confidence, right, bins), confidence, right


def calibration(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Calibration of a run: its ECE and reliability diagram.

    Args:
        arguments: `run`, `epoch`, `part` (test by default), `bins`.

    Returns:
        `ece`, `accuracy`, `confidence` (both means), `answers` and the check; arrays `edges` (bins + 1,), `counts`, `confidence`
        and `accuracy` (bins,).
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    found, confidence, right = _of(run, arguments.get("part") or "test", number(arguments, "bins", BINS, 1, 1000))
    gap = float((found.counts * found.accuracy).sum() / len(right) - right.mean())
    answer = {
        "ece": found.ece,
        "accuracy": float(right.mean()),
        "confidence": float(confidence.mean()),
        "answers": len(right),
        "epoch": run.epoch,
        "check": {"name": "Accuracy put together from the bins less the accuracy itself", "value": gap},
    }
    return answer, _arrays(found)


def _arrays(found: Calibration) -> Found:
    return {"edges": found.edges, "counts": found.counts, "confidence": found.confidence, "accuracy": found.accuracy}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Calibration over the test part: `ece` and the bins."""
    found, _, _ = _of(loaded(run_folder, epoch), "test", BINS)
    return {**_arrays(found), "ece": np.array(found.ece)}


CALIBRATION = Probe(
    name="calibration",
    title="Calibration",
    summary="Whether the network is right as often as it is sure.",
    compute=compute,
)


OPERATIONS = (calibration,)
PROBES = (CALIBRATION,)
