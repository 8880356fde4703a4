"""Graph rewiring: ports, healing of gaps and free places, the small steps that edits are made of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from builder.errors import BuilderError
from builder.network.records import Edge, Network, Node

from .graph import sort
from .validity import check_node_name, check_value


class Port(Protocol):
    """What edits must know of an input port."""

    @property
    def name(self) -> str: ...
    @property
    def many(self) -> bool: ...
    @property
    def optional(self) -> bool: ...


class LayerType(Protocol):
    """What edits must know of a layer type."""

    @property
    def inputs(self) -> Sequence[Port]: ...
    def outputs(self, params: Mapping[str, Any]) -> Sequence[str]: ...
    def start(self) -> dict[str, Any]: ...


Layers = Mapping[str, LayerType]


def check_ports(network: Network, layers: Layers) -> Network:
    """The network itself, once every wire is found to end at a port that takes it."""
    arriving: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in network.edges:
        arriving[edge.target].append(edge)
    for node in network.nodes:
        for _, error in wrong_ports(node, arriving[node.name], layers):
            raise error
    return network


def wrong_ports(node: Node, arriving: Iterable[Edge], layers: Layers) -> Iterator[tuple[Edge, BuilderError]]:
    """Wires into a node that cannot be, with what is said of each: to a port that isn't there, and a second one where one fits."""
    ports = {port.name: port for port in ports_of(node, layers)}
    wires: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in arriving:
        wires[edge.target_port].append(edge)
    for name, edges in wires.items():
        if name not in ports:
            yield edges[-1], _no_port(node, name, list(ports))
        elif len(edges) > 1 and not ports[name].many:
            hint = "Disconnect the others, or join them with Add or Concatenate first."
            yield edges[-1], BuilderError(node.name, f"one wire at its port {name}", str(len(edges)), hint)


def _no_port(node: Node, name: str, ports: Sequence[str]) -> BuilderError:
    needed = f"wires to its ports ({', '.join(ports)})" if ports else "no wires to it"
    return BuilderError(node.name, needed, f"one to {name}", "Disconnect it.")


def find_edge(network: Network, source: str, target: str, target_port: str | None = None, source_port: str | None = None) -> Edge:
    """The wire between two nodes, at these ports where they are given."""
    for edge in network.inputs_of(target):
        if edge.source == source and target_port in (None, edge.target_port) and source_port in (None, edge.source_port):
            return edge
    node_of(network, source), node_of(network, target)
    raise BuilderError(target, f"a wire from {source}", "none" if target_port is None else f"none at its port {target_port}")


def changed(network: Network, **changes: Any) -> Network:
    return network.model_copy(update=changes)


def node_of(network: Network, name: str) -> Node:
    try:
        return network.node(name)
    except KeyError as error:
        raise BuilderError(name, "to be a layer of this network", "no such layer") from error


def check_new(network: Network, node: Node) -> None:
    check_node_name(node.name)
    if any(each.name == node.name for each in network.nodes):
        raise BuilderError(node.name, "a name of its own", "one that another layer has")


def ports_of(node: Node, layers: Layers) -> Sequence[Port]:
    """A node's input ports; a type that the catalogue doesn't know is taken to have one."""
    if node.layer in layers:
        return layers[node.layer].inputs
    from_elsewhere: Any = type("Port", (), {"name": "inputs", "many": True, "optional": True})
    return (from_elsewhere,)


def port_of(node: Node, name: str, layers: Layers) -> Port:
    ports = ports_of(node, layers)
    for port in ports:
        if port.name == name:
            return port
    raise _no_port(node, name, [port.name for port in ports])


def check_output(node: Node, name: str, layers: Layers) -> None:
    """Refuse a wire from an output port that a node does not have; what a type gives that the catalogue doesn't know is not known."""
    if node.layer in layers and name not in (ports := layers[node.layer].outputs(node.params)):
        raise BuilderError(node.name, f"wires from its outputs ({', '.join(ports)})", f"one from {name}")


def wires_into(node: Node, source: str, layers: Layers) -> tuple[Edge, ...]:
    """Wires from one node to every port that must not stay open (self-attention: query and value)."""
    ports = ports_of(node, layers)
    if not ports:
        raise BuilderError(node.name, "to stand first", f"a place after {source}", f"{node.layer} takes no input.")
    needed = [port for port in ports if not port.optional] or ports[:1]
    return tuple(Edge(source=source, target=node.name, target_port=port.name) for port in needed)


def reads(edge: Edge, source: str) -> bool:
    return edge.source == source and edge.source_port == "output"


def fed_by(edge: Edge, source: str) -> Edge:
    return edge.model_copy(update={"source": source, "source_port": "output"})


def renamed(edge: Edge, name: str, to: str) -> Edge:
    ends = {end: to for end in ("source", "target") if getattr(edge, end) == name}
    return edge.model_copy(update=ends) if ends else edge


def replaced(network: Network, node: Node) -> Network:
    return changed(network, nodes=tuple(node if each.name == node.name else each for each in network.nodes))


def placed(nodes: tuple[Node, ...], before: Node, node: Node) -> tuple[Node, ...]:
    at = nodes.index(before) + 1
    return (*nodes[:at], node, *nodes[at:])


def heal(network: Network, name: str, layers: Layers) -> Network:
    """The wires without a node: its readers read what it read, all of it where both take many wires, else the main source."""
    feeds, wire = network.inputs_of(name), main_wire(network, name, layers)
    main = [wire] if wire else []
    many = wire is not None and _takes_many(network, wire, layers)
    edges: dict[Edge, None] = {}  # keeps its order and each wire once
    for edge in network.edges:
        if edge.source == name:
            heirs = feeds if many and _takes_many(network, edge, layers) else main
            edges |= {edge.model_copy(update={"source": heir.source, "source_port": heir.source_port}): None for heir in heirs}
        elif edge.target != name:
            edges[edge] = None
    return changed(network, edges=tuple(edges))


def main_wire(network: Network, name: str, layers: Layers) -> Edge | None:
    """The wire that goes on through a node: of those at its first port the one from furthest down, so that no branch is left hanging."""
    feeds = network.inputs_of(name)
    if len(feeds) < 2:
        return feeds[0] if feeds else None
    place = {node.name: index for index, node in enumerate(sort(network)[0])}
    first = ports_of(network.node(name), layers)[0].name
    return max(feeds, key=lambda edge: (edge.target_port == first, place.get(edge.source, 0)))


def _takes_many(network: Network, edge: Edge, layers: Layers) -> bool:
    ports = ports_of(network.node(edge.target), layers)
    return any(port.name == edge.target_port and port.many for port in ports)


def in_order(network: Network) -> Network:
    """The same network with its nodes in topological order, changed as little as possible."""
    ordered, rest = sort(network)
    return changed(network, nodes=(*ordered, *rest))


def new_params(name: str, params: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    for param, value in changes.items():
        check_value(name, param, value)
    merged = {**params, **changes}
    return {param: value for param, value in merged.items() if value is not None}
