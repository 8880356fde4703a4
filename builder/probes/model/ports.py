"""Names of layers' outputs: NODE for the first output of a node, NODE/1 for its second, as `outputs` has them."""

from typing import Any

from builder.catalogue import facts
from builder.network.records import Network

from .cuts import moved, reshaped

SCORES = "scores"


def split(network: Network, name: str) -> tuple[str, int]:
    """An output's name as its node and the index among the node's outputs."""
    if any(node.name == name for node in network.nodes):
        return name, 0
    node, _, place = name.rpartition("/")
    return node, int(place)


def port(network: Network, name: str) -> str:
    """The output's name, as its port has it."""
    node, place = split(network, name)
    ports = facts(network.node(node).layer).outputs(network.node(node).params)
    return ports[place] if place < len(ports) else f"output {place}"


def of_heads(network: Network, name: str) -> bool:
    """Whether this output is the attention weights of a layer's heads."""
    return port(network, name) == SCORES and bool(_attends(network, name))


def _attends(network: Network, name: str) -> str:
    return facts(network.node(split(network, name)[0]).layer).attends


def own_shape(network: Network, name: str, laid: tuple[int, ...]) -> tuple[int, ...]:
    """The layer's own shape, from one whose maps are last."""
    if not of_heads(network, name):
        return laid
    without_heads = _attends(network, name) != "split"
    return laid[:-1] if without_heads else (laid[-1], *laid[:-1])


def laid_out(network: Network, name: str, value: Any) -> Any:
    """An output with its maps on the last axis: of attention weights (heads, query, key), or (query, key) of one head, a map a head."""
    if not of_heads(network, name):
        return value
    axes = len(value.shape)
    return reshaped(value, (*value.shape, 1)) if axes == 2 else moved(value, (*range(1, axes), 0))


def laid_shape(network: Network, name: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of an output with its maps on the last axis."""
    if not of_heads(network, name):
        return shape
    return (*shape, 1) if len(shape) == 2 else (*shape[1:], shape[0])
