"""Attention weights of the heads of each layer for one sample, as many heads as a picture has room for."""

from collections.abc import Mapping

import numpy as np

from .record import Found, Kind
from .scene import MOST_ATTENDED, Scene


def fits(shown: Scene) -> bool:
    """At least one attention layer that a picture has room for."""
    return bool(shown.attentive)


def choose(shown: Scene) -> Found:
    """`x0` and a decoder's `x1` of one sample, the number of attention `layers`, and `from:LAYER`: the inputs of its queries and keys."""
    from builder.probes.attention.attention import attention_nodes, ends
    from builder.probes.model.execute import origin

    inputs = [node.name for node in shown.network.inputs if shown.network.outputs_of(node.name)]
    found = {"layers": np.array(len(attention_nodes(shown.network)))}
    for name in shown.attentive:
        end = ends(shown.network, name)
        found[f"from:{name}"] = np.array([inputs.index(origin(shown.network, each)) for each in (end.query, end.key)])
    return {**shown.chosen(1), **found}


def take(shown: Scene, fixed: Found) -> Found:
    """For each layer `LAYER` (head, query, key), the first heads, each row sums to 1, and `heads:LAYER`, how many it has."""
    whole = shown.scores(fixed)
    kept = shared({name: (len(each), each[0].size) for name, each in whole.items()}, MOST_ATTENDED)
    return {name: each[: kept[name]] for name, each in whole.items()} | {
        f"heads:{name}": np.array(len(each)) for name, each in whole.items()
    }


def shared(layers: Mapping[str, tuple[int, int]], room: int) -> dict[str, int]:
    """How many of each layer's (heads, each of so many weights) fit: the first head of every layer, then the second, and so on."""
    kept = dict.fromkeys(layers, 0)
    for head in range(max((heads for heads, _ in layers.values()), default=0)):
        for name, (heads, size) in layers.items():
            if kept[name] == head < heads and size <= room:
                kept[name] += 1
                room -= size
    return kept


KIND = Kind(name="heads", title="Attention", fits=fits, choose=choose, take=take)
