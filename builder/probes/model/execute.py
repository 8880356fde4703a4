"""Graph execution with overrides: A walk through a run's own network, layer by layer, with a hand on any of them: scores asked for, a head left out, a code given."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from builder.network.records import Network

from .loaded import Loaded, loaded
from .record import Found
from .samples import Sample, given, sample

Override = Callable[[Any, Any, dict[str, Any]], Any]  # (the layer, its first argument, the named ones) to what the layer would return
MOST_GRAPHS = 24  # kept for one run


def run_graph(
    run: Loaded, x: Sequence[Any], hands: Mapping[str, Override] | None = None, start: Mapping[str, Any] | None = None
) -> dict[str, list[Any]]:
    """Forward pass with overrides: every node's tensors by node name, in Keras's own order; masks travel along, nothing is trained.

    Args:
        x: one tensor (batch, ...) for each input of the model.
        hands: by node name, the override that stands in for calling the layer.
        start: tensors of nodes that are given; only what hangs on given nodes alone is computed.
    """
    import tensorflow as tf

    from builder.keras_bridge.layers import arguments_of, outputs_of, record_of
    from builder.keras_bridge.wiring import Wiring

    wiring, hands = Wiring(run.network), hands or {}
    place = {layer.name: index for index, layer in enumerate(run.model.layers)}
    found: dict[str, list[Any]] = {name: [tensor] for name, tensor in (start or {}).items()}
    inputs = [node for node in run.network.inputs if wiring.followers[node.name]] if not start else []
    for node, tensor, spec in zip(inputs, x, run.model.inputs, strict=True) if inputs else ():
        found[node.name] = [tf.cast(tensor, spec.dtype)]
    for name in sorted(run.names, key=lambda each: place[run.names[each]]):
        edges = wiring.edges[name]
        if name in found or any(edge.source not in found for arriving in edges.values() for edge in arriving):
            continue
        tensors = {port: [found[edge.source][wiring.source_index(edge)] for edge in arriving] for port, arriving in edges.items()}
        node = run.network.node(name)
        first, named = arguments_of(record_of(node.layer), node.params, tensors)
        layer = run.model.get_layer(run.names[name])
        found[name] = outputs_of(hands[name](layer, first, named) if name in hands else layer(first, **named))
    return found


def traced(run: Loaded, name: str, function: Callable[..., Any]) -> Any:
    """A cached tf.function, traced once for a run and a name; another epoch's weights need no new one."""
    import tensorflow as tf

    name = f"walk {name}"
    if name not in run.functions:
        mine = [each for each in run.functions if each.startswith("walk ")]
        for old in mine[: max(len(mine) - MOST_GRAPHS + 1, 0)]:
            run.functions.pop(old)
        run.functions[name] = tf.function(function, autograph=False, reduce_retracing=True)
    return run.functions[name]


def run_and_sample(arguments: dict[str, Any], arrays: Found) -> tuple[Loaded, Sample]:
    """The run at its epoch, and the sample or the person's own input that operations ask about."""
    run = loaded(arguments["run"], arguments.get("epoch"))
    if "input" in arrays:
        return run, given(run, arrays["input"])
    return run, sample(run, arguments.get("part") or "test", int(arguments.get("sample") or 0))


def tokens_of(run: Loaded, one: Sample) -> Found:
    """The tokens that each Input got, whole numbers by its name, where the dataset is of tokens."""
    if one.dataset.kind != "tokens":
        return {}
    nodes = [node.name for node in run.network.inputs if run.network.outputs_of(node.name)]
    return {name: each[0].astype("int64") for name, each in zip(nodes, inputs_of(one), strict=True) if each.ndim == 2}


def labels(one: Sample, tokens: np.ndarray) -> list[str]:
    """Tokens as the vocabulary's words; the decoder's first one, which no dataset has, is "start"."""
    words = one.dataset.vocabulary or one.dataset.classes
    return [words[token] if 0 <= token < len(words) else "start" for token in tokens]


def inputs_of(one: Sample) -> tuple[np.ndarray, ...]:
    """One array (1, ...) for each input of the network."""
    return (one.x, *one.more)


def origin(network: Network, name: str) -> str:
    """The Input whose positions a node's output has: up along queries and first inputs."""
    while edges := network.inputs_of(name):
        name = next((edge for edge in edges if edge.target_port == "query"), edges[0]).source
    return name


def mask_of(tensor: Any) -> Any:
    """The padding mask that Keras sends along with a tensor, (batch, steps) bool, or None."""
    return getattr(tensor, "_keras_mask", None)


def scored(layer: Any, first: Any, named: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Attention scores of a layer: its output in the run, the scores, and its output on the way that gives scores.

    Keras takes another way when it is asked for scores; the two differ where a query is padding. Each call also takes the
    masks off the layer's inputs, so they are put back in between.
    """
    tensors = [*(first if isinstance(first, list) else [first]), *(each for each in named.values() if hasattr(each, "shape"))]
    masks = [mask_of(tensor) for tensor in tensors]
    other, scores = layer(first, **{**named, "return_attention_scores": True})
    for tensor, mask in zip(tensors, masks, strict=True):
        tensor._keras_mask = mask
    return layer(first, **named), scores, other


def with_mask(tensor: Any, mask: Any) -> Any:
    """The tensor with a padding mask, which Keras sends along."""
    tensor._keras_mask = mask
    return tensor
