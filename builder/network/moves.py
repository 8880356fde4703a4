"""Moves as pure functions: nodes at another place, the gap that they leave heals, wires from elsewhere stay with them."""

from collections.abc import Callable, Collection

from builder.errors import BuilderError
from builder.network.records import Edge, Network, Node
from builder.network.wires import Layers, changed, fed_by, heal, in_order, main_wire, node_of, placed, reads, wires_into

from .fragments import cut, exit_of, fed_from, names_in_order
from .graph import sort


def move(network: Network, name: str, after: str, layers: Layers) -> Network:
    """Move (reorder) a node to right after `after`: all who read that one read the moved node."""
    node, target = node_of(network, name), node_of(network, after)
    _check_movable(node, after, name == after)
    main = main_wire(network, name, layers)
    if main and main.source == after and all(edge.target == name for edge in network.outputs_of(after)):
        return network
    return _moved(network, node, Edge(source=target.name, target=name), lambda edge: reads(edge, after), layers)


def move_to(network: Network, name: str, wire: Edge, layers: Layers) -> Network:
    """Move a node onto one wire: the other readers of the wire's source go on reading it."""
    node = node_of(network, name)
    _check_movable(node, f"the wire {wire.source} → {wire.target}", name in (wire.source, wire.target))
    return _moved(network, node, wire, lambda edge: edge == wire, layers)


def move_all(network: Network, names: Collection[str], wire: Edge, layers: Layers) -> Network:
    """Move several nodes onto one wire as they stand, wires among them kept; they need one way in and one way out."""
    ordered = names_in_order(network, names)
    if len(ordered) == 1:
        return move_to(network, ordered[0], wire, layers)
    where = f"the wire {wire.source} → {wire.target}"
    for name in ordered:
        _check_movable(node_of(network, name), where, name in (wire.source, wire.target))
    last = exit_of(network, ordered)
    rest = cut(network, ordered, layers)
    kept = set(ordered)
    inner = tuple(edge for edge in network.edges if {edge.source, edge.target} <= kept)
    entries = fed_from(network, ordered, wire.source, wire.source_port, layers) or _into(network.node(ordered[0]), wire, layers)
    outer = tuple(fed_by(edge, last) if edge == wire else edge for edge in rest.edges)
    edges = tuple(dict.fromkeys((*outer, *inner, *entries)))
    nodes = (*rest.nodes, *(network.node(name) for name in ordered))
    return _checked(changed(network, nodes=nodes, edges=edges), ordered[0])


def _check_movable(node: Node, place: str, own: bool) -> None:
    if node.is_input or own:
        raise BuilderError(node.name, "another layer to stand after", place, "Only layers after an Input can be moved.")


def _moved(network: Network, node: Node, place: Edge, takes: Callable[[Edge], bool], layers: Layers) -> Network:
    """A node that reads an output (`place`'s source) instead of its main one, and from which the wires go on that the place takes."""
    feeds, main = network.inputs_of(node.name), main_wire(network, node.name, layers)
    first = main.source if main else None
    others = tuple(edge for edge in feeds if edge.source != first)
    ends = {"source": place.source, "source_port": place.source_port}
    own = tuple(edge.model_copy(update=ends) for edge in feeds if edge.source == first) or _into(node, place, layers)
    rest = heal(network, node.name, layers)
    going_on = tuple(fed_by(edge, node.name) if takes(edge) else edge for edge in rest.edges)
    edges = tuple(dict.fromkeys((*going_on, *own, *others)))
    nodes = placed(tuple(each for each in network.nodes if each.name != node.name), node_of(network, place.source), node)
    return _checked(changed(network, nodes=nodes, edges=edges), node.name)


def _into(node: Node, place: Edge, layers: Layers) -> tuple[Edge, ...]:
    """Wires into a node that had none, from the output that a wire carries."""
    return tuple(edge.model_copy(update={"source_port": place.source_port}) for edge in wires_into(node, place.source, layers))


def _checked(network: Network, where: str) -> Network:
    """The network with its nodes in order, once nothing that it moved feeds itself."""
    if sort(network)[1]:
        raise BuilderError(where, "inputs that don't depend on it", "a place behind its own output", "Disconnect its other inputs first.")
    return in_order(network)
