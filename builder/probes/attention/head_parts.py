"""Head contributions: what each head of an attention layer gives to one number of its output, a sum over all of them and the bias."""

from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.probes.layers.lens import index_in
from builder.probes.model.execute import run_and_sample
from builder.probes.model.record import Found

from .unfolded import Unfolded, every_head


def head_parts(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Head contributions to one number: each head's weighted sum of values through its own rows of the output projection.

    Args:
        arguments: as for `attention`; `layer`, `index` of the number in its output (query, feature...).

    Returns:
        `value`, `bias`, `head` (whose part is the largest in size), `heads`, `checks`; array `parts` (heads,), which with the bias
        add up to the number.
    """
    run, one = run_and_sample(arguments, arrays)
    name = str(arguments["layer"])
    heads, seen = every_head(run, one, name)
    query, *rest = index_in(arguments["index"], seen["output"])
    looks = heads[0].weights.any(axis=1)
    looks = np.logical_and(looks, seen.get("query_mask", looks))
    if not looks[query]:
        raise BuilderError(f"Position {query} of {name}", "a query that may look somewhere", "padding", "Choose another position.")
    kernel, bias = _projection(run.model.get_layer(run.names[name]), facts(run.network.node(name).layer).attends == "split", heads)
    gates = seen["gate"][query] if "gate" in seen else np.ones(len(heads))[:, None]
    sums = np.stack([head.sums[query] for head in heads]) * gates  # (head, length)
    place = tuple(rest)
    parts = (sums * np.moveaxis(kernel, (0, 1), (-2, -1))[place]).sum(axis=1)
    value, own = float(seen["output"][(query, *place)]), float(bias[place])
    answer = {
        "layer": name,
        "value": value,
        "bias": own,
        "head": int(np.abs(parts).argmax()),
        "heads": len(parts),
        "checks": [{"name": "All heads' parts add up to the number", "value": abs(float(parts.sum()) + own - value)}],
        "epoch": run.epoch,
    }
    return answer, {"parts": parts.astype("float32")}


def _projection(layer: Any, split: bool, heads: list[Unfolded]) -> tuple[np.ndarray, np.ndarray]:
    """The output projection's weights (head, length, feature...) and bias (feature...); a layer of one head without one gives its sums."""
    if not split:
        length = heads[0].sums.shape[1]
        return np.eye(length)[None], np.zeros(length)
    kernel, *bias = (np.asarray(each, "float64") for each in layer._output_dense.get_weights())
    return kernel, bias[0] if bias else np.zeros(kernel.shape[2:])


OPERATIONS = (head_parts,)
