"""Scaled dot-product attention of one head, step by step: queries, keys, values, products, scale, mask, softmax, weighted sum."""

from typing import Any, NamedTuple

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.network.records import Node
from builder.probes.model.execute import Override, inputs_of, mask_of, run_and_sample, run_graph, scored, traced
from builder.probes.model.loaded import Loaded, first
from builder.probes.model.record import Found
from builder.probes.model.samples import Sample

from .attention import attention_nodes, axes
from .by_hand import softmax

LOWERED = -1e9  # what Keras adds to a hidden score of a layer of one head: where all of a row are hidden, the weights come out alike


class Unfolded(NamedTuple):
    """Scaled dot-product attention of one head for one input; axes (query or key, length) for vectors and (query, key) for the rest.

    Attributes:
        products: Q K^T, for additive scores the sum of the tanh. scaled: the same times `scale`.
        mask: whether the query may see the key. weights: the softmax over the keys it may see.
        sums: (query, value length), the weighted sums of the values.
    """

    query: np.ndarray
    key: np.ndarray
    value: np.ndarray
    products: np.ndarray
    scaled: np.ndarray
    mask: np.ndarray
    weights: np.ndarray
    sums: np.ndarray


class Learned(NamedTuple):
    """What additive attention has learned: its score is the sum of features * tanh(inside * (query + key)).

    Attributes:
        features: (features,), what each feature's tanh is multiplied by.
    """

    inside: float
    features: np.ndarray


def allowed(
    queries: int, keys: int, query_mask: np.ndarray | None, key_mask: np.ndarray | None, causal: bool, window: int | None
) -> np.ndarray:
    """Attention mask, which key each query may see, (query, key): no padding on either side, nothing later, nothing outside the window."""
    distance = np.arange(queries)[:, None] - np.arange(keys)
    mask = np.ones((queries, keys), bool)
    if query_mask is not None:
        mask &= query_mask[:, None]
    if key_mask is not None:
        mask &= key_mask
    if causal:
        mask &= distance >= 0
    if window is not None:
        mask &= np.abs(distance) < window
    return mask


def noting(seen: dict[str, Any], split: bool) -> Override:
    """An override that notes a layer's queries, keys, values, masks, scores and output; `split`: its heads have their own projections."""

    def hand(layer: Any, asked: Any, named: dict[str, Any]) -> Any:
        given = [asked, named["value"], named.get("key", named["value"])] if split else [*asked, *asked[-1:]][:3]
        masks = {"query_mask": mask_of(given[0]), "value_mask": mask_of(given[1]), "key_mask": mask_of(given[2])}
        result, scores, _ = scored(layer, asked, named)
        names = ("query", "value", "key")
        for name, tensor in zip(names, given, strict=True):
            seen[name] = getattr(layer, f"_{name}_dense")(tensor) if split else tensor[:, :, None]
        seen.update({name: mask for name, mask in masks.items() if mask is not None})
        if gated(layer):
            seen["gate"] = layer._gate_dense(given[0])
        seen.update(scores=scores if split else scores[:, None], output=first(result))
        return result

    return hand


def gated(layer: Any) -> bool:
    """Whether a learned gate scales the heads' sums."""
    return bool(getattr(layer, "_use_gate", getattr(layer, "use_gate", False)))


def unfolded(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Scaled dot-product attention of one `head` (a number) of `layer` for one input, step by step.

    Args:
        arguments: as for `attention`, and `layer`, `head`, `query` (a position; None: all).

    Returns:
        `scale` (None where each feature has its own), `additive` (whether query and key are added instead of multiplied), `inside`
        (what their sum is multiplied by before its tanh), `checks`; arrays as in `Unfolded`, rows of the one query where it is named,
        `output` (query, features), what the layer gives for all heads together, and of additive scores `features` (features,),
        what each feature's tanh is multiplied by.
    """
    run, one = run_and_sample(arguments, arrays)
    name, head = str(arguments["layer"]), int(arguments.get("head") or 0)
    found, seen = every_head(run, one, name)
    layer, node = run.model.get_layer(run.names[name]), run.network.node(name)
    if not 0 <= head < len(found):
        raise BuilderError("The head", f"a number from 0 to {len(found) - 1}", str(head))
    made = found[head]._asdict() | {"output": seen["output"]}
    checks = [{"name": "Weights as the layer's own", "value": float(np.abs(found[head].weights - seen["scores"][head]).max())}]
    checks.append({"name": "All heads together give the layer's output", "value": _output_gap(found, seen, layer, split(node))})
    if arguments.get("query") is not None:
        made = _row(made, int(arguments["query"]))
    answer = {"layer": name, "head": head, "heads": len(found), "additive": additive(node), "inside": 1.0, "checks": checks}
    if not additive(node):
        return {**answer, "scale": _scale(layer, node, found[head].query.shape[-1])}, made
    learned = learned_by(layer, found[head].query.shape[-1])
    scale = float(learned.features[0]) if np.ptp(learned.features) == 0 else None
    return {**answer, "scale": scale, "inside": learned.inside}, made | {"features": learned.features}


def split(node: Node) -> bool:
    """Whether a layer has projections of its own for its heads."""
    return facts(node.layer).attends == "split"


def additive(node: Node) -> bool:
    """Whether it adds query and key, and so has no products to scale."""
    return facts(node.layer).attends == "additive" or node.params.get("score_mode") == "concat"


def every_head(run: Loaded, one: Sample, name: str) -> tuple[list[Unfolded], Found]:
    """Attention heads of a layer for one input, and its noted `output`, `scores`, `gate` and masks, without the batch axis."""
    node = run.network.node(_layer(run, name))
    heads = split(node)

    def look(*tensors: Any) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        run_graph(run, tensors, {name: noting(seen, heads)})
        return seen

    seen = {key: np.asarray(value)[0] for key, value in traced(run, f"unfolded {name}", look)(*inputs_of(one)).items()}
    return _heads(seen, run.model.get_layer(run.names[name]), node), seen


def _layer(run: Loaded, name: str) -> str:
    names = attention_nodes(run.network)
    if name not in names:
        raise BuilderError("The layer", f"one of {', '.join(names)}", repr(name))
    if (count := axes(run.model.get_layer(run.names[name]))) > 1:
        raise BuilderError(name, "one axis of positions to be unfolded", f"{count}", "Its weights can be looked at as they are.")
    return name


def _heads(seen: dict[str, np.ndarray], layer: Any, node: Node) -> list[Unfolded]:
    """Attention heads from vectors (positions, heads, length); key heads that serve several queries (grouped-query) are repeated."""
    query, key, value = (np.moveaxis(seen[name], -2, 0) for name in ("query", "key", "value"))
    if query.ndim != 3:
        raise BuilderError("Unfolding attention", "one axis of positions", f"{query.ndim - 2}")
    key, value = (np.repeat(each, len(query) // len(each), axis=0) for each in (key, value))
    mask = _mask(seen, query.shape[1], key.shape[1], node)
    return [_head(q, k, v, mask, layer, node) for q, k, v in zip(query, key, value, strict=True)]


def _head(query: np.ndarray, key: np.ndarray, value: np.ndarray, mask: np.ndarray, layer: Any, node: Node) -> Unfolded:
    """One head, softmax(mask(scores)) V: query (query, d), key (key, d), value (key, d_v), mask (query, key)."""
    if additive(node):
        products, scaled = additive_scores(query, key, learned_by(layer, query.shape[1]))
    else:
        products = query @ key.T
        scaled = products * _scale(layer, node, query.shape[1])
    hidden = -np.inf if split(node) else LOWERED
    weights = softmax(np.where(mask, scaled, scaled + hidden))
    return Unfolded(query, key, value, products, scaled, mask, weights, weights @ value)


def _mask(seen: dict[str, np.ndarray], queries: int, keys: int, node: Node) -> np.ndarray:
    causal = bool(node.params.get("use_causal_mask", False))
    if not split(node):  # they mask a padded query's output, not its scores
        return allowed(queries, keys, None, seen.get("value_mask"), causal, None)
    hidden = [seen[name] for name in ("value_mask", "key_mask") if name in seen]
    key_mask = np.logical_and.reduce(hidden) if hidden else None
    return allowed(queries, keys, seen.get("query_mask"), key_mask, causal, node.params.get("sliding_window"))


def _scale(layer: Any, node: Node, length: int) -> float:
    """The scale of the dot products: 1 / sqrt(d), or the number that Attention has learned."""
    if split(node):
        return float(1 / length**0.5)
    return 1.0 if layer.scale is None else float(layer.scale)


def learned_by(layer: Any, length: int) -> Learned:
    """The learned numbers of AdditiveAttention, one a feature, or those of Attention's concat scores, one inside the tanh and one outside."""
    scale = np.float32(1) if layer.scale is None else np.asarray(layer.scale)
    concat = getattr(layer, "concat_score_weight", None)
    if concat is None:
        return Learned(1.0, np.broadcast_to(scale, length))
    return Learned(float(scale), np.full(length, concat, "float32"))


def additive_scores(query: np.ndarray, key: np.ndarray, learned: Learned) -> tuple[np.ndarray, np.ndarray]:
    """Additive attention scores, sums of tanh(query + key) without and with the learned numbers, (query, key); Bahdanau's (arXiv 1409.0473)."""
    parts = np.tanh(learned.inside * (query[:, None] + key))
    return parts.sum(axis=-1), (parts * learned.features).sum(axis=-1)


def _output_gap(found: list[Unfolded], seen: dict[str, np.ndarray], layer: Any, split: bool) -> float:
    """How far the heads' sums, put together by the output projection, are from the layer's output; queries that see no key apart."""
    sums, looks = np.stack([head.sums for head in found], axis=1), found[0].weights.any(axis=1)  # sums: (query, head, length)
    if split:
        made = np.asarray(layer._output_dense((sums * seen.get("gate", 1.0))[None].astype("float32")))[0]
    else:
        made = sums[:, 0] if "query_mask" not in seen else np.where(seen["query_mask"][:, None], sums[:, 0], 0)
    return float(np.abs(made - seen["output"])[looks].max(initial=0))


def _row(made: dict[str, np.ndarray], query: int) -> dict[str, np.ndarray]:
    """What belongs to one query; keys and values stay whole."""
    count = len(made["query"])
    if not 0 <= query < count:
        raise BuilderError("The query", f"a position from 0 to {count - 1}", str(query))
    return {name: value if name in ("key", "value") else value[query : query + 1] for name, value in made.items()}


OPERATIONS = (unfolded,)
