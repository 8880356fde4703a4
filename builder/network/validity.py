"""Graph validation: names that are usable and unique, wires between nodes that exist, no cycle."""

import math
import re
import unicodedata
from collections import Counter
from typing import Any

from builder.errors import BuilderError
from builder.network.records import Network

from .graph import topological_order

MOST_NODES = 2_000
MOST_EDGES = 10_000
MOST_LETTERS = 80  # of a name
DEEPEST = 16  # lists and objects inside one another in a parameter
NODE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")  # what TensorFlow takes as a scope; anything else fails in training


def check(network: Network) -> Network:
    """The network itself, once it is found sound.

    Raises:
        BuilderError: at the node or wire that cannot be.
    """
    check_network_name(network.name)
    check_size(network)
    for node in network.nodes:
        check_node_name(node.name)
        for param, value in node.params.items():
            check_value(node.name, param, value)
    twice = [name for name, count in Counter(node.name for node in network.nodes).items() if count > 1]
    if twice:
        raise BuilderError(twice[0], "a name of its own", "one that another layer has", "Rename one of the two.")
    _check_edges(network)
    topological_order(network)
    return network


def check_size(network: Network) -> Network:
    """The network itself, once it is found small enough."""
    for what, things, most in (("layers", network.nodes, MOST_NODES), ("wires", network.edges, MOST_EDGES)):
        if len(things) > most:
            raise BuilderError(network.name, f"at most {most:,} {what}", f"{len(things):,}")
    return network


def _check_edges(network: Network) -> None:
    names = {node.name for node in network.nodes}
    seen = set()
    for edge in network.edges:
        for end in (edge.source, edge.target):
            if end not in names:
                raise BuilderError(f"The wire {edge.source} → {edge.target}", "layers of this network at its ends", f"“{end}”")
        if edge in seen:
            raise BuilderError(edge.target, "each wire once", f"two from {edge.source} to its port {edge.target_port}", "Remove one.")
        seen.add(edge)


def check_node_name(name: str, where: str = "") -> str:
    """A layer's name: a letter or digit, then letters, digits, _ . and -; `where` is the layer's name until now."""
    if len(name) > MOST_LETTERS:
        raise BuilderError(where or name[:MOST_LETTERS], f"a name of at most {MOST_LETTERS} letters", f"{len(name):,}")
    if not NODE_NAME.fullmatch(name):
        raise BuilderError(
            where or name or "A layer", "a name of the letters a to z, digits, _ . or -", f"“{name}”", "Write _ instead of a space."
        )
    return name


def check_network_name(name: str) -> str:
    """A network's name: any printable text of a bounded length."""
    if not name.strip() or len(name) > MOST_LETTERS:
        raise BuilderError("The network's name", f"1 to {MOST_LETTERS} letters", f"{len(name):,}")
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name):
        raise BuilderError("The network's name", "letters that can be shown", "control characters")
    return name


def check_value(node: str, param: str, value: Any, depth: int = 0) -> None:
    """A parameter's value: finite numbers, text, switches, nothing, lists and objects of these."""
    if depth > DEEPEST:
        raise BuilderError(node, f"at most {DEEPEST} lists inside one another in {param}", "more")
    if isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str):
                raise BuilderError(node, f"text as keys in {param}", f"{key!r}")
            check_value(node, param, key, depth + 1)
            check_value(node, param, each, depth + 1)
    elif isinstance(value, list | tuple):
        for each in value:
            check_value(node, param, each, depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise BuilderError(node, f"a finite number for {param}", f"{value}")
    elif isinstance(value, str) and any(unicodedata.category(sign) == "Cs" for sign in value):
        raise BuilderError(node, f"readable text for {param}", "half a character")
    elif value is not None and not isinstance(value, str | int | float):
        raise BuilderError(node, f"a number, text or list for {param}", type(value).__name__)
