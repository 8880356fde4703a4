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


def unfold(query: np.ndarray, key: np.ndarray, value: np.ndarray, mask: np.ndarray, scale: float) -> Unfolded:
    """Scaled dot-product attention, softmax(mask(scale Q K^T)) V: query (query, d), key (key, d), value (key, d_v), mask (query, key)."""
    products = query @ key.T
    scaled = products * scale
    weights = softmax(np.where(mask, scaled, -np.inf))
    return Unfolded(query, key, value, products, scaled, mask, weights, weights @ value)


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
        `scale`, `additive` (whether query and key are added instead of multiplied), `checks`; arrays as in `Unfolded`, rows of the one query where it is named, and `output` (query, features),
        what the layer gives for all heads together.
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
    scale = _scale(layer, node, found[head].query.shape[-1])
    return {"layer": name, "head": head, "heads": len(found), "scale": scale, "additive": additive(node), "checks": checks}, made


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
    scale = _scale(layer, node, query.shape[-1])
    if additive(node):
        return [_additive(q, k, v, mask, layer) for q, k, v in zip(query, key, value, strict=True)]
    return [unfold(q, k, v, mask, scale) for q, k, v in zip(query, key, value, strict=True)]


def _mask(seen: dict[str, np.ndarray], queries: int, keys: int, node: Node) -> np.ndarray:
    hidden = [seen[name] for name in ("value_mask", "key_mask") if name in seen]
    if not split(node):  # they mask a padded query's output, not its scores
        return allowed(queries, keys, None, hidden[0] if "value_mask" in seen else None, False, None)
    key_mask = np.logical_and.reduce(hidden) if hidden else None
    return allowed(
        queries, keys, seen.get("query_mask"), key_mask, bool(node.params.get("use_causal_mask", False)), node.params.get("sliding_window")
    )


def _scale(layer: Any, node: Node, length: int) -> float:
    """The scale of the dot products: 1 / sqrt(d), or the number that Attention has learned."""
    if split(node):
        return float(1 / length**0.5)
    return 1.0 if additive(node) or layer.scale is None else float(layer.scale)


def _additive(query: np.ndarray, key: np.ndarray, value: np.ndarray, mask: np.ndarray, layer: Any) -> Unfolded:
    """Additive attention scores, the sum of tanh(query + key) instead of the dot product, Bahdanau's (arXiv 1409.0473)."""
    scale = np.asarray(layer.scale) if layer.scale is not None else np.float32(1)
    concat = getattr(layer, "concat_score_weight", None)
    if concat is not None:
        products = np.tanh(scale * (query[:, None] + key)).sum(axis=-1)
        scaled = products * float(concat)
    else:
        products = np.tanh(query[:, None] + key).sum(axis=-1)
        scaled = (scale * np.tanh(query[:, None] + key)).sum(axis=-1)
    weights = softmax(np.where(mask, scaled, -np.inf))
    return Unfolded(query, key, value, products, scaled, mask, weights, weights @ value)


def _output_gap(found: list[Unfolded], seen: dict[str, np.ndarray], layer: Any, split: bool) -> float:
    """How far the heads' sums, put together by the output projection, are from the layer's output; queries that see no key apart."""
    sums, looks = np.stack([head.sums for head in found], axis=1), found[0].mask.any(axis=1)  # sums: (query, head, length)
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
