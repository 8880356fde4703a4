"""Networks to edit, and what they hold."""

from typing import Any

from builder import zoo
from builder.catalogue import LAYERS
from builder.network import Network, apply

DIGITS = zoo.network("digit_cnn")


def edit(network: Network, kind: str, **fields: Any) -> Network:
    return apply(network, {"kind": kind, **fields}, LAYERS)


def names(network: Network) -> list[str]:
    return [node.name for node in network.nodes]


def wires(network: Network) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in network.edges}


def residual() -> Network:
    """input → a → b → add, with input → add beside."""
    network = Network(name="residual")
    network = edit(network, "add", layer="Input", params={"shape": [8]})
    for name in ("a", "b"):
        network = edit(network, "add_after", after=network.nodes[-1].name, layer="Dense", params={"units": 8})
        network = edit(network, "rename", name=network.nodes[-1].name, to=name)
    network = edit(network, "add_after", after="b", layer="Add")
    return edit(network, "connect", source="input", target="add")
