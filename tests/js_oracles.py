"""What Python computes for the tests in tests/js: by the name of a test, a function that gives its cases as JSON values."""

from collections.abc import Callable, Iterator
from typing import Any

from builder import zoo
from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.network import Analysis, Network, Node, apply
from builder.network.check import MOST_LETTERS
from builder.web.catalogue import listing
from builder.web.picture import cards_and_wires

LARGEST = 60  # layers of a network whose every edit is tried


def drawn(network: Network) -> dict[str, Any]:
    """A network as the canvas gets it, before Keras has looked at it."""
    return cards_and_wires(network, Analysis(name=network.name, total_params=0))


def guess() -> dict[str, Any]:
    """Edits of networks, with the names and wires that each leads to."""
    return {"listing": listing(), "cases": [*new_layers(), *changes(), *names()]}


def new_layers() -> Iterator[dict[str, Any]]:
    """Every layer type after a layer and on a wire of a network that has some of them."""
    network = zoo.network("digit_cnn")
    source, target = network.edges[1].source, network.edges[1].target
    for layer in LAYERS:
        yield from case(network, {"kind": "add_after", "after": source, "layer": layer})
        yield from case(network, {"kind": "insert", "source": source, "target": target, "layer": layer})


def changes() -> Iterator[dict[str, Any]]:
    """Every layer of the zoo's small networks deleted, duplicated, and moved to a place some rows away."""
    for entry in zoo.ZOO.values():
        network = zoo.network(entry.name)
        if len(network.nodes) > LARGEST:
            continue
        names = [node.name for node in network.nodes]
        for place, name in enumerate(names):
            yield from case(network, {"kind": "delete", "name": name})
            yield from case(network, {"kind": "duplicate", "name": name})
            yield from case(network, {"kind": "move", "name": name, "after": names[(place + 3) % len(names)]})
            yield from case(network, {"kind": "move", "name": name, "after": names[place - 3]})


def names() -> Iterator[dict[str, Any]]:
    """Copies of layers whose names are long, or end in a number."""
    for name in ("a" * MOST_LETTERS, "conv_1", "conv_007", "conv_99999", "conv_100000", "conv_", "conv.2", "7_7"):
        network = Network(name="one", nodes=(Node(name="conv_7", layer="Dense"), Node(name=name, layer="Dense")))
        yield from case(network, {"kind": "duplicate", "name": name})


def case(network: Network, edit: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One edit that Python makes; those that it refuses are left out."""
    try:
        after = apply(network, edit, LAYERS)
    except BuilderError:
        return
    wires = [[edge.source, edge.source_port, edge.target, edge.target_port] for edge in after.edges]
    yield {"picture": drawn(network), "edit": edit, "names": [node.name for node in after.nodes], "wires": wires}


ORACLES: dict[str, Callable[[], Any]] = {"guess": guess}
