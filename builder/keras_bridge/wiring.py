"""Who feeds whom: the order of the walk, what arrives at each port, and the wires that are missing."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.keras_bridge.examine import Figures, Spec, Wires
from builder.network.graph import cycle_error, cycle_in, followers, reachable, sort
from builder.network.ports import disconnecting, no_output, nothing_at, open_ports, wires_by_port, wrong_wires
from builder.network.records import Edge, Network, Node


class Wiring:
    """A network's nodes by name, its edges by target and port, and an order in which inputs come first."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.nodes: dict[str, Node] = {node.name: node for node in network.nodes}
        self.edges, self.followers = wires_by_port(network), followers(network)
        self.ordered, rest = sort(network)
        self.cycle = cycle_in(network, rest)

    def arriving(self, node: Node, found: Mapping[str, Figures], *, partly: bool = False) -> Wires | None:
        """The tensors at each port, None while one is missing; with `partly`, those that are there."""
        ports = self.edges[node.name]
        wires = []
        for port in LAYERS[node.layer].inputs if node.layer in LAYERS else ():
            specs = tuple(spec for edge in ports.get(port.name, ()) if (spec := self.output(edge, found)))
            if len(specs) < len(ports.get(port.name, ())) and not partly:
                return None
            if specs:
                wires.append((port.name, specs))
        return tuple(wires)

    def output(self, edge: Edge, found: Mapping[str, Figures]) -> Spec | None:
        """The tensor an edge carries, None while its source has none."""
        if edge.source not in found:
            return None
        outputs = found[edge.source].outputs
        index = self.source_index(edge)
        return outputs[index] if index < len(outputs) else None

    def source_index(self, edge: Edge) -> int:
        """Which of its source's outputs an edge carries."""
        source = self.nodes[edge.source]
        ports = LAYERS[source.layer].outputs(source.params)
        return ports.index(edge.source_port) if edge.source_port in ports else 0

    def before(self, name: str) -> str | None:
        """The nearest node above in the network's order that could feed this one without a cycle."""
        below = reachable(self.followers, [name])
        names = list(self.nodes)
        return next((each for each in reversed(names[: names.index(name)]) if each not in below), None)


class LooseEnd(NamedTuple):
    """What is wrong with the wires of one node, or of the network as a whole (node None)."""

    node: str | None
    error: BuilderError
    severity: str = "error"


def loose_ends(wiring: Wiring) -> Iterator[LooseEnd]:
    """What needs no Keras to be seen: no input, no output, a cycle, an open port."""
    network = wiring.network
    if not network.inputs:
        add = {"label": "Add an Input", "edit": {"kind": "add", "layer": "Input"}}
        hint = "Add one and connect it to the first layer."
        yield LooseEnd(None, BuilderError("The network", "an Input layer", "none", hint, fixes=[add]))
    elif len(network.inputs) == len(network.nodes):
        yield LooseEnd(None, BuilderError("The network", "a layer after its Input", "none", "Add one, and it becomes the output."))
    if wiring.cycle:
        yield LooseEnd(wiring.cycle[0], cycle_error(wiring.cycle))
    for node in network.nodes:
        yield from _ends_of(node, wiring)


def _ends_of(node: Node, wiring: Wiring) -> Iterator[LooseEnd]:
    if node.layer not in LAYERS:
        hint = "Replace it by a layer from the palette."
        yield LooseEnd(node.name, BuilderError(node.name, "a layer type of the catalogue", node.layer, hint))
    elif node.layer == "Input":
        if not wiring.followers[node.name] and len(wiring.network.inputs) < len(wiring.network.nodes):
            delete = {"label": f"Delete {node.name}", "edit": {"kind": "delete", "name": node.name}}
            error = BuilderError(node.name, "a layer that reads it", "none", "Connect it or delete it.", fixes=[delete])
            yield LooseEnd(node.name, error, "warning")
    else:
        wires, ports = wiring.edges[node.name], LAYERS[node.layer].inputs
        yield from (LooseEnd(node.name, error) for error in wrong_wires(node.name, wires, ports))
        yield from (LooseEnd(node.name, error) for edges in wires.values() for edge in edges for error in _wrong_source(edge, wiring))
        yield from (LooseEnd(node.name, _open_port(node, port, wiring)) for port in open_ports(wires, ports))


def _wrong_source(edge: Edge, wiring: Wiring) -> Iterator[BuilderError]:
    """A wire from no layer of the network, or from an output that its source does not give."""
    source = wiring.nodes.get(edge.source)
    if source is None:
        hint, fixes = "Disconnect it.", [disconnecting(edge)]
        yield BuilderError(edge.target, "wires from layers of this network", f"one from {edge.source}", hint, fixes=fixes)
    elif source.layer in LAYERS and edge.source_port not in LAYERS[source.layer].outputs(source.params):
        yield _lost_output(edge, source)


def _lost_output(edge: Edge, source: Node) -> BuilderError:
    """A wire from an output that is not given: the fix is a parameter that brings it back, or another output."""
    record = LAYERS[source.layer]
    ways = [param.name for param in record.params if edge.source_port in record.outputs({**source.params, param.name: True})]
    fixes = [{"label": f"Set {way} of {source.name}", "edit": {"kind": "set", "name": source.name, "params": {way: True}}} for way in ways]
    carry = {"kind": "carry", **edge.model_dump(), "port": "output"}
    fixes.append({"label": f"Carry the output of {source.name} instead", "edit": carry})
    return no_output(edge, record.outputs(source.params), fixes)


def _open_port(node: Node, port: str, wiring: Wiring) -> BuilderError:
    """An open port; the fix is a wire from a port beside it (self-attention) or from the nearest layer above."""
    beside = [edge.source for edges in wiring.edges[node.name].values() for edge in edges]
    source = beside[0] if beside else wiring.before(node.name)
    if not source:
        return nothing_at(node.name, port, "Put a layer before it.")
    edit = {"kind": "connect", "source": source, "target": node.name, "target_port": port}
    fix = {"label": f"Connect {source} to {node.name}", "edit": edit}
    return nothing_at(node.name, port, f"Connect it, for example to {source}.", [fix])
