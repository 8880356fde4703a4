"""Prediction: a network's output for an input, in the dataset's own words."""

from typing import Any

import numpy as np

from .loaded import Loaded
from .samples import Sample


def prediction(run: Loaded, values: dict[str, np.ndarray], one: Sample) -> dict[str, Any]:
    """The network's prediction for one sample.

    Returns:
        For classes: `kind` "classes", `probabilities` by class, `answer` (the class number), `target`, `right`, and `note`
        where raw scores were turned into probabilities here. For a class at each step: `kind` "steps" with `answer` and
        `target`, class numbers by step. For an input given again: `kind` "again" with its mean squared `error`. Else: `kind`
        "values" with `values` and `target`.
    """
    from builder.recipes import trained_to_give

    output = values[run.network.outputs[0].name].astype("float64")
    if trained_to_give(run.settings.recipe) == "input":
        return {"kind": "again", "error": float(np.mean((output - one.x[0]) ** 2))}
    if one.dataset.per_step and output.ndim == 2:
        known = None if one.y is None else one.y.tolist()
        return {"kind": "steps", "classes": list(one.dataset.classes), "answer": output.argmax(axis=-1).tolist(), "target": known}
    row = output.reshape(-1)
    target = None if one.y is None else one.y.reshape(-1).tolist()
    classes = one.dataset.classes
    if not classes or len(row) not in (1, len(classes)) or (len(row) == 1 and len(classes) != 2):
        return {"kind": "values", "values": row.tolist(), "target": target, "names": list(classes) if len(classes) == len(row) else []}
    chances, note = probabilities(row, raw_scores(run))
    answer = int(np.argmax(chances))
    known = None if target is None else int(target[0])
    return {
        "kind": "classes",
        "classes": list(classes),
        "probabilities": chances.tolist(),
        "answer": answer,
        "target": known,
        "right": None if known is None else answer == known,
        "note": note,
    }


def raw_scores(run: Loaded) -> bool:
    """Whether the output is logits, not probabilities: the loss applied softmax or sigmoid itself."""
    from builder.catalogue import LAYERS
    from builder.recipes import last_activation

    return last_activation(run.network, LAYERS).function == "linear"


def probabilities(row: np.ndarray, raw: bool) -> tuple[np.ndarray, str]:
    """Probabilities of the classes from an output row (units,), one unit standing for the second of two classes."""
    if len(row) == 1:
        chance = 1 / (1 + np.exp(-row[0])) if raw else row[0]
        return np.array([1 - chance, chance]), "The sigmoid of the raw score." if raw else ""
    if not raw:
        return row, ""
    powers = np.exp(row - row.max())
    return powers / powers.sum(), "The softmax of the raw scores."
