"""Ablation of heads and positions: what changes without it: a head left out, or a position that no other may look at. Weights alone do not show that."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.probes.model.execute import Override, inputs_of, labels, mask_of, origin, run_and_sample, run_graph, tokens_of, traced
from builder.probes.model.loaded import Loaded
from builder.probes.model.record import Found

from .attention import attended, attention_nodes, ends

MOST_BYTES = 128 * 2**20  # of the weights of one batch of hidden positions


def head_ablation(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Head ablation: the network's output without what the weighted sums of some heads add to the layer's output.

    Args:
        arguments: as for `attention`, and `heads` [[layer, head], ...] that go together (None: each head of the network by itself).

    Returns:
        `heads` [{layer, head, change}], where `change` is the largest change of any output number, and `checks`;
        arrays `output` and `without` (case, ...), one case a head, or one for all that go together.
    """
    run, one = run_and_sample(arguments, arrays)
    counts = head_counts(run)
    together = arguments.get("heads")
    heads = [(str(layer), int(head)) for layer, head in together] if together is not None else every_head(counts)
    for layer, head in heads:
        if layer not in counts or not 0 <= head < counts[layer]:
            raise BuilderError("The head", "a layer and a head that are there", f"{layer}, {head}")
    cases = [heads] if together is not None else [[head] for head in heads]
    keep = {layer: np.ones((len(cases), count), "float32") for layer, count in counts.items()}
    for case, gone in enumerate(cases):
        for layer, head in gone:
            keep[layer][case, head] = 0
    whole, check = _whole(run, inputs_of(one))
    without = without_heads(run, inputs_of(one), keep)
    changes = np.abs(without - whole).reshape(len(cases), -1).max(axis=1)
    figures = [{"layer": layer, "head": head, "change": float(changes[min(at, len(cases) - 1)])} for at, (layer, head) in enumerate(heads)]
    return {"heads": figures, "checks": [check]}, {"output": whole, "without": without}


def head_counts(run: Loaded) -> dict[str, int]:
    """The number of attention heads of each layer that has some, by name."""
    found = {}
    for name in attention_nodes(run.network):
        node = run.network.node(name)
        if facts(node.layer).attends == "split" and not node.params.get("attention_axes"):
            found[name] = int(node.params.get("num_heads") or node.params["num_query_heads"])
    return found


def every_head(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Every (layer, head), in order."""
    return [(layer, head) for layer, count in counts.items() for head in range(count)]


def without_heads(run: Loaded, x: Sequence[np.ndarray], keep: Mapping[str, np.ndarray]) -> np.ndarray:
    """Forward pass with a head mask: the output (case, ...), heads scaled by `keep` (case, heads) at each layer, 1 as it is, 0 left out."""
    last, cases = _last(run), len(next(iter(keep.values())))

    def look(kept: dict[str, Any], *tensors: Any) -> Any:
        return run_graph(run, tensors, {name: scaled(kept[name]) for name in kept})[last][0]

    many = [np.repeat(each, cases, axis=0) for each in x]
    return np.asarray(traced(run, "heads", look)(dict(keep), *many))


def scaled(keep: Any) -> Override:
    """An override that scales what each head gives to the layer's output projection; keep (batch, heads)."""

    def hand(layer: Any, first: Any, named: dict[str, Any]) -> Any:
        dense = layer._output_dense
        own = dense.call
        object.__setattr__(dense, "call", lambda sums: own(sums * keep[:, None, :, None]))  # past Keras's bookkeeping of attributes
        try:
            return layer(first, **named)
        finally:
            object.__delattr__(dense, "call")

    return hand


def token_masking(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Token masking: the network's output when no other position may attend to one, for each in turn.

    Args:
        arguments: as for `attention`, and `source` (the Input whose positions are hidden; None: the first that is attended to),
            `positions` (None: each by itself).

    Returns:
        `source`, `tokens` (their labels), `positions`, `change` (of each, the largest change of any output number), `checks`;
        arrays `output` and `without` (case, ...).
    """
    run, one = run_and_sample(arguments, arrays)
    x = inputs_of(one)
    sources = {name: origin(run.network, ends(run.network, name).key) for name in attention_nodes(run.network)}
    source = arguments.get("source") or next(iter(sources.values()))
    names = [name for name, key in sources.items() if key == source]
    if not names:
        raise BuilderError("The source", f"one of {', '.join(dict.fromkeys(sources.values()))}", repr(source))
    weights = attended(run, x).weights
    count = weights[names[0]].shape[-1]
    names = [name for name in names if weights[name].shape[-1] == count]
    asked = arguments.get("positions")
    positions = list(range(count)) if asked is None else [int(each) for each in asked]
    if wrong := [each for each in positions if not 0 <= each < count]:
        raise BuilderError("The position", f"a number from 0 to {count - 1}", str(wrong[0]))
    whole, check = _whole(run, x)
    one_case = sum(4 * weights[name].size for name in weights)
    without = hide(run, x, names, count, positions, int(np.clip(MOST_BYTES // max(one_case, 1), 1, count)))
    changes = np.abs(without - whole).reshape(len(positions), -1).max(axis=1, initial=0)
    tokens = tokens_of(run, one).get(source)
    words = labels(one, tokens) if tokens is not None and len(tokens) == count else None
    answer = {"source": source, "tokens": words, "positions": positions, "change": changes.tolist(), "checks": [check]}
    return answer, {"output": whole, "without": without}


def hide(run: Loaded, x: Sequence[np.ndarray], names: Sequence[str], count: int, positions: Sequence[int], batch: int) -> np.ndarray:
    """Token masking: the output (case, ...) with each position masked from all others at these layers, `batch` cases at a time."""
    last = _last(run)

    def look(seen: Any, *tensors: Any) -> Any:
        return run_graph(run, tensors, {name: hiding(seen, ends(run.network, name).cross) for name in names})[last][0]

    graph, made = traced(run, f"hidden {' '.join(names)}", look), []
    for start in range(0, len(positions), batch):
        few = positions[start : start + batch]
        seen = np.ones((batch, count), bool)  # always as many cases, so that one graph serves all
        seen[np.arange(len(few)), few] = False
        made.append(np.asarray(graph(seen, *(np.repeat(each, batch, axis=0) for each in x)))[: len(few)])
    return np.concatenate(made) if made else np.zeros((0,))


def hiding(seen: Any, cross: bool) -> Override:
    """An override with an attention mask: only keys that may be `seen` (batch, key); in self-attention each still sees itself."""

    def hand(layer: Any, first: Any, named: dict[str, Any]) -> Any:
        import tensorflow as tf

        if isinstance(first, list):  # Attention takes a mask for its queries and one for its values
            masks = [mask_of(tensor) for tensor in first[:2]]
            return layer(first, mask=[masks[0], seen if masks[1] is None else seen & masks[1]], **named)
        queries = tf.shape(first)[1]
        mask = tf.repeat(seen[:, None], queries, axis=1)
        if not cross:
            mask |= tf.eye(queries, dtype=tf.bool)
        return layer(first, **named, attention_mask=mask)

    return hand


def _last(run: Loaded) -> str:
    return [node.name for node in run.network.outputs if node.name in run.names][-1]


def _whole(run: Loaded, x: Sequence[np.ndarray]) -> tuple[np.ndarray, dict[str, Any]]:
    """The output as it is, and the check that the run with its layers called one by one gives it."""
    whole = np.asarray(run.function(*x)[list(run.names).index(_last(run))])[0]
    found = attended(run, x)
    return whole, {"name": "With all heads: difference to the run's output", "value": float(np.abs(found.output - whole).max())}


OPERATIONS = (head_ablation, token_masking)
