"""Edits as pure functions: a network in, a new network out; whatever cannot be is a BuilderError at its node."""

from collections.abc import Mapping
from typing import Any

from builder.errors import BuilderError
from builder.network.names import fresh_name, next_name
from builder.network.records import Edge, Network, Node
from builder.network.wires import (
    Layers,
    changed,
    check_new,
    check_output,
    fed_by,
    heal,
    in_order,
    new_params,
    node_of,
    placed,
    port_of,
    reads,
    renamed,
    replaced,
    wires_into,
)

from .graph import reachable
from .validity import check_network_name, check_node_name


def new_node(network: Network, layer: str, params: Mapping[str, Any] | None, layers: Layers) -> Node:
    """A node of a type with a name that is free, its starting parameters changed by those given."""
    if layer not in layers:
        raise BuilderError(layer, "to be a layer type of the catalogue", "an unknown one")
    name = fresh_name(network, layer)
    return Node(name=name, layer=layer, params=new_params(name, layers[layer].start(), params or {}))


def add(network: Network, node: Node) -> Network:
    """Add a node without wires; the first Input of a network feeds the first layer that stands open."""
    check_new(network, node)
    if not node.is_input:
        return changed(network, nodes=(*network.nodes, node))
    fed = {edge.target for edge in network.edges}
    first = next((each.name for each in network.nodes if each.name not in fed and not each.is_input), None)
    wires = (Edge(source=node.name, target=first),) if first and not network.inputs else ()
    return changed(network, nodes=(node, *network.nodes), edges=(*wires, *network.edges))


def add_after(network: Network, after: str, node: Node, layers: Layers) -> Network:
    """Append a node right after another: it reads that one's output, and all who read it now read the new node."""
    check_new(network, node)
    before = node_of(network, after)
    wires = wires_into(node, after, layers)
    moved = tuple(fed_by(edge, node.name) if reads(edge, after) else edge for edge in network.edges)
    return changed(network, nodes=placed(network.nodes, before, node), edges=(*moved, *wires))


def insert(network: Network, edge: Edge, node: Node, layers: Layers) -> Network:
    """Insert a node on one wire."""
    check_new(network, node)
    wires = tuple(each.model_copy(update={"source_port": edge.source_port}) for each in wires_into(node, edge.source, layers))
    moved = tuple(fed_by(each, node.name) if each == edge else each for each in network.edges)
    return changed(network, nodes=placed(network.nodes, node_of(network, edge.source), node), edges=(*moved, *wires))


def connect(network: Network, edge: Edge, layers: Layers) -> Network:
    """Connect: a new wire."""
    check_output(node_of(network, edge.source), edge.source_port, layers)
    port = port_of(node_of(network, edge.target), edge.target_port, layers)
    if edge.source in reachable(network, [edge.target]):
        raise BuilderError(edge.target, "inputs that don't depend on it", f"{edge.source}, which does", "A network has no circles.")
    taken = [each for each in network.inputs_of(edge.target) if each.target_port == edge.target_port]
    if edge in taken:
        raise BuilderError(edge.target, f"each wire to its port {edge.target_port} once", f"a second one from {edge.source}")
    if edge.source in reachable(network, [edge.target]):
        hint = "A network has no circles: connect forwards, from earlier layers to later ones."
        raise BuilderError(edge.target, "inputs that don't depend on it", f"{edge.source}, which does", hint)
    if taken and not port.many:
        fix = {"label": f"Disconnect {taken[0].source}", "edit": {"kind": "disconnect", **taken[0].model_dump()}}
        hint = "Disconnect the other one first, or join the two with Add or Concatenate."
        raise BuilderError(edge.target, f"one wire at its port {edge.target_port}", f"a second one from {edge.source}", hint, fixes=[fix])
    return in_order(changed(network, edges=(*network.edges, edge)))


def carry(network: Network, edge: Edge, port: str, layers: Layers) -> Network:
    """Set a wire's output port: it carries another output of its source."""
    check_output(node_of(network, edge.source), port, layers)
    other = edge.model_copy(update={"source_port": port})
    if other in network.edges and other != edge:
        raise BuilderError(edge.target, f"each wire to its port {edge.target_port} once", f"a second one of {edge.source}'s {port}")
    return changed(network, edges=tuple(other if each == edge else each for each in network.edges))


def disconnect(network: Network, edge: Edge) -> Network:
    """Disconnect: the network without one wire."""
    if edge not in network.edges:
        raise BuilderError(edge.target, f"a wire from {edge.source} to its port {edge.target_port}", "none")
    return changed(network, edges=tuple(each for each in network.edges if each != edge))


def delete(network: Network, name: str, layers: Layers) -> Network:
    """Delete a node and heal the gap: who read it now reads what it read."""
    node_of(network, name)
    healed = heal(network, name, layers)
    return changed(healed, nodes=tuple(node for node in healed.nodes if node.name != name))


def duplicate(network: Network, name: str, layers: Layers) -> Network:
    """Duplicate a node, right after it; a second Input stands beside the first."""
    node = node_of(network, name)
    copy = node.model_copy(update={"name": next_name(network, name)})
    if node.is_input:
        return changed(network, nodes=placed(network.nodes, node, copy))
    return add_after(network, name, copy, layers)


def set_params(network: Network, name: str, changes: Mapping[str, Any]) -> Network:
    """Set parameters of a node; None takes one back to its default."""
    node = node_of(network, name)
    return replaced(network, node.model_copy(update={"params": new_params(name, node.params, changes)}))


def set_trainable(network: Network, name: str, value: bool) -> Network:
    """Freeze or unfreeze: whether training changes a node's weights (`trainable`)."""
    return replaced(network, node_of(network, name).model_copy(update={"trainable": value}))


def rename(network: Network, name: str, to: str) -> Network:
    """Rename a node."""
    node = node_of(network, name)
    check_node_name(to := "_".join(to.split()), name)
    if to == name:
        return network
    if any(each.name == to for each in network.nodes):
        raise BuilderError(name, "a name of its own", f"{to}, which another layer has")
    nodes = tuple(node.model_copy(update={"name": to}) if each is node else each for each in network.nodes)
    return changed(network, nodes=nodes, edges=tuple(renamed(edge, name, to) for edge in network.edges))


def only(network: Network, name: str) -> Network:
    """The nodes that lead to one, itself among them."""
    node_of(network, name)
    backwards = changed(network, edges=tuple(Edge(source=edge.target, target=edge.source) for edge in network.edges))
    kept = reachable(backwards, [name])
    nodes = tuple(node for node in network.nodes if node.name in kept)
    return changed(network, nodes=nodes, edges=tuple(edge for edge in network.edges if {edge.source, edge.target} <= kept))


def merge(network: Network, name: str, into: str) -> Network:
    """The network without a node, whose readers read another one instead; each wire once."""
    node_of(network, name), node_of(network, into)
    if name == into or into in reachable(network, [name]):
        raise BuilderError(name, "another layer to be read instead, which does not depend on it", into)
    rest = tuple(edge for edge in network.edges if edge.target != name)
    edges = tuple(dict.fromkeys(fed_by(edge, into) if edge.source == name else edge for edge in rest))
    return in_order(changed(network, nodes=tuple(node for node in network.nodes if node.name != name), edges=edges))


def rename_network(network: Network, to: str) -> Network:
    """Rename the network."""
    return changed(network, name=check_network_name(to.strip()))
