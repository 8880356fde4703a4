"""Greedy decoding of an encoder-decoder, step by step: what it had read, its probabilities, and its cross-attention weights."""

from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.probes.model.execute import labels, run_and_sample
from builder.probes.model.greedy import greedy, output_of
from builder.probes.model.loaded import Loaded
from builder.probes.model.predicting import probabilities, raw_scores
from builder.probes.model.record import Found

from .attention import attended, ends


def writing(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Greedy decoding of one input.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given.

    Returns:
        `read` (the input), `written` and `before` (the token before each step) in the dataset's words, `target` or None, `looker`
        (the last layer that looks from what is written at what was read, or ""), `checks`; arrays `chances` (steps, classes),
        `tokens` (steps,), `looks` (steps, input positions), that layer's mean over its heads.
    """
    run, one = run_and_sample(arguments, arrays)
    if len(run.model.inputs) != 2 or not one.dataset.per_step:
        raise BuilderError("Writing step by step", "a network with an input to read and one for what is written", "another one")
    found = greedy(run, one.x, len(one.dataset.classes))
    chances = np.stack([probabilities(row.astype("float64"), raw_scores(run))[0] for row in found.answers])
    again = np.abs(output_of(run, one.x, found.fed) - found.answers).max()
    looker = cross(run)
    answer = {
        "read": labels(one, one.x[0].astype("int64")),
        "written": [one.dataset.classes[token] for token in found.tokens],
        "before": labels(one, found.fed[0]),
        "target": None if one.y is None else [one.dataset.classes[int(token)] for token in one.y],
        "looker": looker,
        "checks": [{"name": "One pass over all that was written says the same", "value": float(again)}],
        "epoch": run.epoch,
    }
    looks = {"looks": attended(run, (one.x, found.fed)).weights[looker].mean(axis=0)} if looker else {}
    return answer, {"chances": chances, "tokens": found.tokens, **looks}


def cross(run: Loaded) -> str:
    """The last cross-attention layer, whose keys come from elsewhere than its queries."""
    names = [node.name for node in run.network.nodes if facts(node.layer).attends and ends(run.network, node.name).cross]
    return names[-1] if names else ""


OPERATIONS = (writing,)
