"""Attention weights of every attention layer of a run, which position looks at which, and their rollout through the layers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.network.records import Network, Node
from builder.probes.model.execute import Override, inputs_of, labels, origin, run_and_sample, run_graph, scored, tokens_of, traced
from builder.probes.model.loaded import MOST_OUTPUTS, Loaded, first
from builder.probes.model.record import Found, Probe

from . import patterns

ALONE = ("dense", "activation", "relu", "elu", "embedding", "batch_normalisation")  # arithmetics of layers that see each step alone
MOST_NUMBERS = 8_000_000  # sent at once where no layer is asked for


class Attended(NamedTuple):
    """Attention weights of one forward pass in which each attention layer was also asked for its scores.

    Attributes:
        weights: by node name, (heads, query, key), each row sums to 1, padded queries' to 0.
        output: the network's output, without the batch axis.
        gap: the largest difference between a layer's output on the way that gives scores and its output in the run,
            padded queries apart, or between the output of the pass and the run's own.
    """

    weights: dict[str, np.ndarray]
    output: np.ndarray
    gap: float


class Ends(NamedTuple):
    """Queries, keys and values: the nodes that give them to an attention layer.

    Attributes:
        cross: whether this is cross-attention: the queries are of another sequence than the keys.
    """

    query: str
    key: str
    value: str
    cross: bool


def attention_nodes(network: Network) -> tuple[str, ...]:
    """The attention layers, by name.

    Raises:
        BuilderError: there are none.
    """
    names = tuple(node.name for node in network.nodes if facts(node.layer).attends)
    if not names:
        raise BuilderError("Looking at attention", "a network with an attention layer", "one without", "Add a MultiHeadAttention.")
    return names


def ends(network: Network, name: str) -> Ends:
    """The sources of an attention layer's queries, keys and values; its inputs are ports or one list: query, value, key."""
    edges = network.inputs_of(name)
    ports = {edge.target_port: edge.source for edge in edges}
    if "query" not in ports:
        ports = dict(zip(("query", "value", "key"), (edge.source for edge in edges), strict=False))
    query, value = ports["query"], ports["value"]
    key = ports.get("key", value)
    return Ends(query, key, value, sequence(network, query) != sequence(network, key))


def sequence(network: Network, name: str) -> str:
    """The node that made the sequence which a node gives: up through layers that leave each step as it is or see it alone."""
    while len(edges := network.inputs_of(name)) == 1 and each_step_alone(network.node(name)):
        name = edges[0].source
    return name


def each_step_alone(node: Node) -> bool:
    """Whether a layer's output at a step depends on that step alone and keeps its place: Identity, Dropout, Dense, positions."""
    found = facts(node.layer)
    return (found.passes and found.family != "reshape") or found.positional or found.arithmetic in ALONE


def attended(run: Loaded, x: Sequence[np.ndarray]) -> Attended:
    """Forward pass with the attention weights of every layer for one input, an array (1, ...) for each input of the network."""
    names = attention_nodes(run.network)
    _room(run, names, x)
    last = [node.name for node in run.network.outputs if node.name in run.names][-1]

    def look(*tensors: Any) -> tuple[dict[str, Any], Any]:
        seen: dict[str, Any] = {}
        made = run_graph(run, tensors, {name: asking(seen, name) for name in names})
        return seen, made[last][0]

    seen, made = traced(run, "attention", look)(*x)
    theirs = run.function(*x)[list(run.names).index(last)]
    weights = {name: headed(np.asarray(seen[name][0])[0], axes(run.model.get_layer(run.names[name]))) for name in names}
    gaps = [np.abs(np.asarray(made) - np.asarray(theirs)).max()]
    gaps += [_gap(np.asarray(seen[name][1])[0], weights[name]) for name in names]
    return Attended(weights, np.asarray(made)[0], float(max(gaps)))


def _gap(differences: np.ndarray, weights: np.ndarray) -> float:
    """The largest difference (query...) where the query is no padding, which looks nowhere; weights (heads, query, key)."""
    looks, differences = np.asarray(weights.any(axis=(0, 2))), differences.reshape(-1)
    return float((differences[looks] if len(looks) == len(differences) else differences).max(initial=0))


def asking(seen: dict[str, Any], name: str) -> Override:
    """An override that notes attention scores (batch, heads, ...) and how far the output was from the run's, (batch, query...)."""

    def hand(layer: Any, asked: Any, named: dict[str, Any]) -> Any:
        import tensorflow as tf

        result, scores, other = scored(layer, asked, named)
        with_heads = scores if len(scores.shape) > 3 else scores[:, None]  # Attention has one head and no axis for it
        seen[name] = with_heads, tf.reduce_max(tf.abs(other - first(result)), axis=-1)
        return result

    return hand


def axes(layer: Any) -> int:
    """The number of attention axes, over which a Keras layer attends at once."""
    return len(getattr(layer, "_attention_axes", None) or (1,))


def headed(scores: np.ndarray, axes: int) -> np.ndarray:
    """Attention scores as (heads, query, key), the positions of several attended axes in a row; axes not attended over count as heads."""
    queries, keys = scores.shape[-2 * axes : -axes], scores.shape[-axes:]
    return scores.reshape(-1, int(np.prod(queries)), int(np.prod(keys)))


def _room(run: Loaded, names: Sequence[str], x: Sequence[np.ndarray]) -> None:
    """Refuse attention weights that would not fit into memory, all layers together."""
    longest = max((length for each in x for length in each.shape[1:]), default=1)

    def positions(name: str) -> int:
        tensor = run.output(name) if name in run.names else run.model.get_layer(name).output
        return int(np.prod([length or longest for length in tensor.shape[1:-1]] or [1]))

    needed = 0
    for name in names:
        params, end = run.network.node(name).params, ends(run.network, name)
        heads = params.get("num_heads") or params.get("num_query_heads") or 1
        needed += 4 * heads * positions(end.query) * positions(end.key)
    if needed > MOST_OUTPUTS:
        came = f"{needed / 2**30:.1f} GiB"
        raise BuilderError("Looking at attention", "at most 512 MiB for its weights", came, "Give the input fewer positions.")


def attention(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Attention weights of every head of every layer for one input.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given; `layers` whose weights are wanted whole
            (None: all, where they are few enough).

    Returns:
        `layers` [{name, layer, heads, queries, keys, query_source, key_source, cross, gap, previous, duplicate, induction,
        distance, entropy}] with one number a head in the last five, `tokens` by Input, `checks`; arrays `weights:NAME`
        (heads, query, key), `glance:NAME`, `rollout:INPUT` (position, position), `tokens:INPUT`, `output`, `input`.
    """
    run, one = run_and_sample(arguments, arrays)
    found, tokens = attended(run, inputs_of(one)), tokens_of(run, one)
    asked = arguments.get("layers")
    if asked is None:
        few = sum(weights.size for weights in found.weights.values()) <= MOST_NUMBERS
        asked = list(found.weights) if few else []
    answer = {
        "layers": [described(run.network, name, weights, tokens) for name, weights in found.weights.items()],
        "tokens": {name: labels(one, numbers) for name, numbers in tokens.items()},
        "checks": [
            {"name": "Rows sum to 1", "value": max(map(patterns.row_gap, found.weights.values()))},
            {"name": "Difference to the run's output", "value": found.gap},
        ],
        "epoch": run.epoch,
    }
    made = {f"weights:{name}": weights for name, weights in found.weights.items() if name in asked}
    made |= {f"glance:{name}": patterns.glance(weights) for name, weights in found.weights.items()}
    made |= {f"rollout:{name}": value for name, value in rolled(run.network, found.weights).items()}
    made |= {f"tokens:{name}": numbers for name, numbers in tokens.items()}
    return answer, {**made, "output": found.output, "input": inputs_of(one)[0][0]}


def described(network: Network, name: str, weights: np.ndarray, tokens: Found) -> dict[str, Any]:
    """A layer's head scores (previous token, duplicate, induction, distance, entropy); what needs tokens is None where there are none."""
    heads, queries, keys = weights.shape
    end = ends(network, name)
    sources = origin(network, end.query), origin(network, end.key)
    own = tokens.get(sources[0]) if sources[0] == sources[1] and queries == keys else None
    if own is not None and len(own) != queries:
        own = None
    return {
        "name": name,
        "layer": network.node(name).layer,
        "heads": heads,
        "queries": queries,
        "keys": keys,
        "query_source": sources[0],
        "key_source": sources[1],
        "cross": end.cross,
        "gap": patterns.row_gap(weights),
        "previous": patterns.previous_token(weights).tolist() if queries == keys and not end.cross else None,
        "duplicate": None if own is None or end.cross else patterns.duplicate_token(weights, own).tolist(),
        "induction": None if own is None or end.cross else patterns.induction(weights, own).tolist(),
        "distance": patterns.mean_distance(weights).tolist(),
        "entropy": patterns.entropy(weights).tolist(),
    }


def rolled(network: Network, weights: Found) -> Found:
    """Attention rollout over the self-attention layers above each Input, where they keep the number of positions."""
    stacks: dict[str, list[np.ndarray]] = {}
    for name, value in weights.items():
        end = ends(network, name)
        stack = stacks.setdefault(origin(network, end.query), [])
        if not end.cross and value.shape[1] == value.shape[2] and (not stack or stack[0].shape[1:] == value.shape[1:]):
            stack.append(value)
    return {name: patterns.rollout(stack) for name, stack in stacks.items() if stack}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """`weights` of the layer, of the first one where none is named, `rollout` over all, and the `input`."""
    answer, arrays = attention({"run": run_folder, "epoch": epoch, "sample": place, "layers": None if layer is None else [layer]}, {})
    names = [each["name"] for each in answer["layers"]]
    if layer not in (None, *names):
        raise BuilderError("The layer", f"one of {', '.join(names)}", repr(layer))
    name = layer or names[0]
    source = next(each["query_source"] for each in answer["layers"] if each["name"] == name)
    rest = {"rollout": arrays[f"rollout:{source}"]} if f"rollout:{source}" in arrays else {}
    return {
        "input": arrays["input"],
        "weights": arrays[f"weights:{name}"],
        **rest,
        "check": np.array([c["value"] for c in answer["checks"]]),
    }


ATTENTION = Probe(
    name="attention",
    title="Attention",
    summary="Which position looks at which, in every head.",
    compute=compute,
)


OPERATIONS = (attention,)
PROBES = (ATTENTION,)
