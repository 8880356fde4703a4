"""Names for new nodes, as Keras would invent them, and the names that their layers have in Keras."""

import re

from builder.network.records import Network

from .validity import MOST_LETTERS


def fresh_name(network: Network, layer: str) -> str:
    """A free name from a layer type: `conv2d`, `conv2d_1`, `max_pooling2d`."""
    return free(network, snake_case(layer), 0)


def snake_case(layer: str) -> str:
    """A layer type in snake case, as Keras names a model's first layer of it: `max_pooling2d` for MaxPooling2D."""
    words = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", layer, flags=re.ASCII))
    return re.sub("([a-z])([A-Z])", r"\1_\2", words).lower() or "layer"


def next_name(network: Network, name: str) -> str:
    """A free name like another's: `conv_3` after `conv_1` where `conv_2` is taken."""
    base, _, number = name.rpartition("_")
    return free(network, base, int(number)) if base and number.isdecimal() and len(number) < 6 else free(network, name, 0)


def free(network: Network, base: str, number: int) -> str:
    """The first of `base`, `base_1`, `base_2`... above a number that no node has."""
    taken = {node.name for node in network.nodes}
    candidate = base if not number else f"{base}_{number}"
    while candidate in taken:
        number += 1
        candidate = f"{base[: MOST_LETTERS - len(str(number)) - 1]}_{number}"
    return candidate


def layer_names(network: Network) -> dict[str, str]:
    """The name of each node's layer in the Keras model: its own, unless TensorFlow refuses it (spaces, slashes, other scripts)."""
    names = {node.name: node.name for node in network.nodes if node.name == plain(node.name)}
    for node in network.nodes:
        word, number = plain(node.name), 1
        while node.name not in names:
            candidate = word if number == 1 else f"{word}_{number}"
            if candidate not in names.values():
                names[node.name] = candidate
            number += 1
    return names


def plain(name: str, instead: str = "network") -> str:
    """A name as Keras accepts it: letters, digits, _ . and -."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", name) or instead
