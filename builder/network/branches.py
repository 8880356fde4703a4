"""Branches as pure functions: a node that reads what others read too, beside a wire, or before a port that is free."""

from builder.errors import BuilderError
from builder.network.edits import connect, insert
from builder.network.records import Edge, Network, Node
from builder.network.wires import Layers, changed, check_new, check_output, in_order, node_of, placed, port_of, ports_of, wires_into


def branch(network: Network, source: str, source_port: str, node: Node, layers: Layers) -> Network:
    """Branch off: a node that reads an output of another; who reads that output goes on reading it."""
    check_new(network, node)
    before = node_of(network, source)
    check_output(before, source_port, layers)
    wires = tuple(each.model_copy(update={"source_port": source_port}) for each in wires_into(node, source, layers))
    return changed(network, nodes=placed(network.nodes, before, node), edges=(*network.edges, *wires))


def parallel(network: Network, edge: Edge, node: Node, join: Node, layers: Layers) -> Network:
    """A parallel branch: a node beside a wire. Both end at the wire's reader where its port takes many, else at a `join` before it."""
    target = port_of(node_of(network, edge.target), edge.target_port, layers)
    branched = branch(network, edge.source, edge.source_port, node, layers)
    if target.many:
        ending = Edge(source=node.name, target=edge.target, target_port=edge.target_port)
        return in_order(changed(branched, edges=(*branched.edges, ending)))
    port = ports_of(join, layers)[0] if ports_of(join, layers) else None
    if port is None or not port.many:
        raise BuilderError(
            join.layer, "to take several inputs, to join two branches", "one that does not", "Join them with Add or Concatenate."
        )
    joined = insert(branched, edge, join, layers)
    return in_order(changed(joined, edges=(*joined.edges, Edge(source=node.name, target=join.name, target_port=port.name))))


def feed(network: Network, target: str, target_port: str, node: Node, layers: Layers) -> Network:
    """Feed a free port: a node whose output goes there; its own inputs are not wired yet."""
    check_new(network, node)
    edge = Edge(source=node.name, target=target, target_port=target_port)
    return connect(changed(network, nodes=(*network.nodes, node)), edge, layers)
