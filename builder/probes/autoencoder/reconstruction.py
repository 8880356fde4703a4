"""Reconstruction error of an autoencoder: of one sample with its reconstruction, and of the whole test part for anomaly detection."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.datasets import Arrays
from builder.errors import BuilderError
from builder.probes.model.execute import run_and_sample, traced
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe
from builder.probes.model.samples import part
from builder.recipes import Seeded
from builder.runs.examples import Plan, plan
from builder.runs.run_folder import history

BATCH = 256
BINS = 40


def planned(run: Loaded) -> Plan:
    """The plan of an autoencoder: how the run's samples became examples.

    Raises:
        BuilderError: the network does not learn to give its input again.
    """
    found = plan(run.network, run.settings, *([tuple(end.shape[1:]) for end in side] for side in (run.model.inputs, run.model.outputs)))
    if found.recipe.learns != "input":
        needed = "a run that learns to give its input again"
        raise BuilderError("Looking at reconstructions", needed, f"the recipe {found.recipe.title}", "Train an autoencoder.")
    return found


def rebuilt(run: Loaded, x: np.ndarray) -> np.ndarray:
    """Reconstruction: the network's output for inputs (samples, ...), a batch at a time."""
    graph = traced(run, "model", lambda tensor: run.model(tensor, training=False))
    return np.concatenate([np.asarray(graph(x[start : start + BATCH])) for start in range(0, len(x), BATCH)])


def squared_errors(x: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    """Reconstruction error: each sample's mean squared error, (samples,)."""
    return np.square(reconstructions.astype("float64") - x).reshape(len(x), -1).mean(axis=1)


def reconstruction(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Reconstruction of one sample: its input, the network's output, and the signed error.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given; `noise`, how much the input is
            corrupted in the recipe's way (None: as much as in training), and `seed` of that.

    Returns:
        `mean_squared_error`, `mean_absolute_error`, `before` (the input's own mean squared distance from the clean one), `noise`,
        `checks`; arrays `input` (as the network got it), `clean`, `reconstruction`, `error` (reconstruction - clean).
    """
    run, one = run_and_sample(arguments, arrays)
    how = planned(run)
    amount = how.recipe.corruption.amount if arguments.get("noise") is None else float(arguments["noise"])
    if not 0 <= amount < float("inf"):
        raise BuilderError("The noise", "a number from 0", str(arguments["noise"]))
    x = np.asarray(how.corrupted(one.x, Seeded(int(arguments.get("seed") or 0)), amount))
    made = rebuilt(run, x)
    error = made - one.x
    answer = {
        "mean_squared_error": float(np.square(error, dtype="float64").mean()),
        "mean_absolute_error": float(np.abs(error).mean(dtype="float64")),
        "before": float(np.square(x - one.x, dtype="float64").mean()),
        "noise": amount,
        "checks": [check] if (check := as_reported(run, how, Path(arguments["run"]))) else [],
        "epoch": run.epoch,
    }
    return answer, {"input": x[0], "clean": one.x[0], "reconstruction": made[0], "error": error[0]}


def as_reported(run: Loaded, how: Plan, place: Path) -> dict[str, Any] | None:
    """How far the mean squared error over the validation part is from what training reported after this epoch; None where it did not."""
    kept_history = history(place)
    plain = how.proposal.loss == "mean_squared_error" and "val_kl" not in kept_history  # nothing is added to the loss
    told = kept_history.get("val_mean_squared_error") or (kept_history.get("val_loss") if plain else None) or []
    if not 0 < run.epoch <= len(told):
        return None
    kept = run.functions.setdefault("reported", {})
    if run.epoch not in kept:
        (x,), y = how.measured(part(run.settings, "validation"))
        kept[run.epoch] = float(squared_errors(y, rebuilt(run, x)).mean())
    return {"name": "Error as the run reported it", "value": abs(kept[run.epoch] - float(told[run.epoch - 1]))}


class Curve(NamedTuple):
    """Precision-recall of calling every error from a threshold on an anomaly, each (thresholds,), thresholds from high to low.

    `precision`: the share of anomalies among what is called one. `recall`: the share of the anomalies that is called one.
    """

    thresholds: np.ndarray
    precision: np.ndarray
    recall: np.ndarray


def precision_recall(errors: np.ndarray, anomalous: np.ndarray) -> Curve:
    """The precision-recall curve over each error that occurs as a threshold; errors (samples,), anomalous (samples,) bool."""
    order = np.argsort(-errors, kind="stable")
    ordered, hits = errors[order], np.cumsum(anomalous[order])
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))  # of equal errors all are called
    return Curve(ordered[last], hits[last] / (last + 1), hits[last] / max(int(anomalous.sum()), 1))


def errors(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Anomaly detection: the reconstruction errors of a part, and how well they tell anomalies.

    Args:
        arguments: `run`, `epoch`, `part` (None: the test part), `threshold` (None: the 95th percentile of the errors of what is
            no anomaly), `anomaly`: the number of a class that counts as one, or "shuffled" (None): every sample once more with
            its numbers in another order, the same values without their structure.

    Returns:
        `mean`, `threshold`, `precision` and `recall` at it, `anomalies` (so many), `checks`; arrays `errors`, `anomalous`, `labels`
        (samples,), `edges` and `counts` ([usual, anomalous], bins) of the histogram, and the curve's `thresholds`, `precisions`,
        `recalls`.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    how, held = planned(run), part(run.settings, arguments.get("part") or "test")
    x, anomalous, labels = _planted(how, held, arguments.get("anomaly"), run.settings.seed)
    y = x[1]
    found = squared_errors(y, rebuilt(run, x[0]))
    usual = found[~anomalous]
    asked = arguments.get("threshold")
    threshold = float(np.quantile(usual if len(usual) else found, 0.95)) if asked is None else float(asked)
    called = found >= threshold
    curve, edges = precision_recall(found, anomalous), np.histogram_bin_edges(found, BINS)
    answer = {
        "mean": float(usual.mean()) if len(usual) else None,
        "threshold": threshold,
        "precision": float(anomalous[called].mean()) if called.any() else None,
        "recall": float(called[anomalous].mean()) if anomalous.any() else None,
        "anomalies": int(anomalous.sum()),
        "checks": [check] if (check := as_reported(run, how, Path(arguments["run"]))) else [],
        "epoch": run.epoch,
    }
    counts = np.stack([np.histogram(found[which], edges)[0] for which in (~anomalous, anomalous)])
    made = {"errors": found, "anomalous": anomalous, "labels": labels, "edges": edges, "counts": counts}
    return answer, made | {"thresholds": curve.thresholds, "precisions": curve.precision, "recalls": curve.recall}


def _planted(how: Plan, held: Arrays, anomaly: Any, seed: int) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]:
    """Anomalies among a part: inputs and targets, which of them are anomalies, and their classes."""
    (x,), y = how.measured(held)
    labels = held.y.astype("int64") if how.dataset.classes and held.y.ndim == 1 else np.zeros(len(held), "int64")
    if anomaly not in (None, "shuffled"):
        if not 0 <= int(anomaly) < len(how.dataset.classes):
            raise BuilderError("The anomaly", f"a class from 0 to {len(how.dataset.classes) - 1}, or “shuffled”", repr(anomaly))
        return (x, y), labels == int(anomaly), labels
    order = np.random.default_rng(seed).permutation(int(np.prod(x.shape[1:])))
    mixed = [each.reshape(len(each), -1)[:, order].reshape(each.shape) for each in (x, y)]
    both = [np.concatenate(pair) for pair in zip((x, y), mixed, strict=True)]
    return (both[0], both[1]), np.repeat([False, True], len(x)), np.concatenate([labels, labels])


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Reconstruction: `input`, `reconstruction` and the signed `error`, and `clean`, what it is measured against."""
    return reconstruction({"run": run_folder, "epoch": epoch, "sample": place}, {})[1]


RECONSTRUCTION = Probe(
    name="reconstruction",
    title="Reconstruction",
    summary="What an autoencoder makes of an input, and where it is wrong.",
    compute=compute,
)


OPERATIONS = (reconstruction, errors)
PROBES = (RECONSTRUCTION,)
