"""Attention: for one sample, where the first head of each layer looks."""

from typing import Any

import numpy as np

from builder.errors import BuilderError

from .record import Found, Kind
from .scene import Scene

MOST_LAYERS = 6
MOST_PLACES = 128  # queries or keys of a matrix


def layers(shown: Scene) -> list[str]:
    """The attention layers whose matrices are small enough to be kept after every epoch."""
    from builder.probes.attention import attention_nodes, ends

    try:
        nodes = attention_nodes(shown.network)
    except BuilderError:
        return []
    names = shown.names
    few = [node for node in nodes if all(_places(shown, names.get(end)) <= MOST_PLACES for end in ends(shown.network, node)[:2])]
    return few[:MOST_LAYERS]


def fits(shown: Scene) -> bool:
    """At least one such layer."""
    return bool(layers(shown))


def choose(shown: Scene) -> Found:
    """`x0` and a decoder's `x1` of one sample, and for each layer `from:LAYER`, the inputs that its queries and its keys come from."""
    from builder.probes.attention import ends
    from builder.probes.walking import origin

    inputs = [node.name for node in shown.network.inputs if shown.network.outputs_of(node.name)]
    found = {}
    for name in layers(shown):
        end = ends(shown.network, name)
        found[f"from:{name}"] = np.array([inputs.index(origin(shown.network, each)) for each in (end.query, end.key)])
    return {**shown.chosen(1), **found}


def take(shown: Scene, fixed: Found) -> Found:
    """`LAYER` (query, key) of the first head, each row sums to 1, for each layer."""
    from builder.probes.attention import asking, axes, headed
    from builder.probes.loaded import Loaded
    from builder.probes.walking import walk

    names = layers(shown)
    run = Loaded(shown.network, shown.settings, shown.model, shown.names, None, None, 0)

    def look(inputs: Any, training: bool) -> list[Any]:
        seen: dict[str, Any] = {}
        walk(run, inputs if isinstance(inputs, list) else [inputs], {name: asking(seen, name) for name in names})
        return [seen[name][0] for name in names]

    found = shown.traced("attention", look)(*(fixed[f"x{place}"] for place in range(len(shown.x))))
    return {name: headed(np.asarray(scores)[0], axes(run, name))[0] for name, scores in zip(names, found, strict=True)}


def _places(shown: Scene, layer: str | None) -> int:
    """How many positions a node's output has; what an Input has is what its samples have."""
    if layer is None:
        return int(shown.x[0].shape[1])
    return int(np.prod([length or shown.x[0].shape[1] for length in shown.model.get_layer(layer).output.shape[1:-1]] or [1]))


KIND = Kind(name="attention", title="Attention", fits=fits, choose=choose, take=take)
