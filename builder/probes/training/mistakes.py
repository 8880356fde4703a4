"""Confusion matrix, per-class report and misclassified samples of a classifier on a part of its dataset.

Precision is the share of what was called a class that is of it, recall the share of a class that was called so, F1 their harmonic mean
(van Rijsbergen 1979); each is 0 where there is nothing to share out, as scikit-learn has it.
"""

import numpy as np

from builder.probes.model.record import Found

EACH = (24, 12, 6, 3, 1)  # wrong samples that are kept of each cell: as many as these limits allow
MOST = 3000
MOST_BYTES = 8 * 2**20


def answers(outputs: np.ndarray, logits: bool) -> tuple[np.ndarray, np.ndarray]:
    """The predicted class and its probability, both (samples,) or (samples, steps).

    Args:
        outputs: (samples, units) or (samples, steps, units); one unit stands for the second of two classes.
        logits: whether they are raw scores, before softmax or sigmoid.
    """
    outputs = outputs.astype("float64")
    if outputs.shape[-1] == 1:
        chance = 1 / (1 + np.exp(-outputs[..., 0])) if logits else outputs[..., 0]
        outputs = np.stack([1 - chance, chance], axis=-1)
    elif logits:
        powers = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
        outputs = powers / powers.sum(axis=-1, keepdims=True)
    return outputs.argmax(axis=-1), outputs.max(axis=-1)


def confusion(targets: np.ndarray, said: np.ndarray, classes: int) -> np.ndarray:
    """Confusion matrix: how often each class (a row) was called each class (a column)."""
    return np.bincount(targets.reshape(-1) * classes + said.reshape(-1), minlength=classes**2).reshape(classes, classes)


def per_class(matrix: np.ndarray) -> np.ndarray:
    """Precision, recall, F1 and support of each class, (classes, 4)."""
    right, support, called = np.diag(matrix).astype("float64"), matrix.sum(axis=1), matrix.sum(axis=0)

    def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        return part / np.where(whole > 0, whole, 1)

    return np.stack([share(right, called), share(right, support), share(2 * right, called + support), support], axis=1)


def wrong(raw: np.ndarray, targets: np.ndarray, said: np.ndarray, chances: np.ndarray, classes: int) -> Found:
    """Misclassified samples, of each cell of the confusion matrix those that the network was surest of.

    Returns:
        `sample`, `step` (0 where a sample has one answer), `target`, `said` and `chance`, (mistakes,); and `raw`, the samples among them
        as the dataset has them, with `raw_sample`, their numbers.
    """
    places = np.argwhere(targets != said)
    at = tuple(places.T)
    cell, chance = targets[at] * classes + said[at], chances[at]
    order = np.lexsort((-chance, cell))
    _, first, counts = np.unique(cell[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(first, counts)
    one = raw[0].nbytes
    for most in EACH:
        kept = order[rank < most]
        samples = np.unique(places[kept, 0])
        if len(kept) <= MOST and len(samples) * one <= MOST_BYTES:
            break
    kept = kept[:MOST]
    samples = np.unique(places[kept, 0])[: max(MOST_BYTES // one, 1)]
    step = places[kept, 1] if places.shape[1] > 1 else np.zeros(len(kept), "int64")
    found = {"sample": places[kept, 0], "step": step, "target": targets[at][kept], "said": said[at][kept], "chance": chance[kept]}
    return found | {"raw": raw[samples], "raw_sample": samples}


def mistakes(outputs: np.ndarray, logits: bool, raw: np.ndarray, targets: np.ndarray, classes: int) -> Found:
    """All of it for a classifier's outputs: `confusion`, `table` and the wrong samples."""
    said, chances = answers(outputs, logits)
    matrix = confusion(targets, said, classes)
    return {"confusion": matrix, "table": per_class(matrix), **wrong(raw, targets, said, chances, classes)}
