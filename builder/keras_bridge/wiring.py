"""Topological order and cycle of a network's wires, what arrives at each port, and the wires that are missing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.keras_bridge.examine import Figures, Spec, Wires
from builder.network.graph import cycle, cycle_error, reachable, sort
from builder.network.records import Edge, Network, Node
from builder.network.wires import wrong_ports

FIRST_LAYERS = {1: "Dense", 2: "LSTM", 3: "Conv2D"}  # by the number of axes that an Input gives


class Wiring:
    """A network's nodes by name, its edges by target and port, their topological order and a cycle where there is one."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.nodes: dict[str, Node] = {node.name: node for node in network.nodes}
        self.edges: dict[str, dict[str, list[Edge]]] = defaultdict(lambda: defaultdict(list))
        self.followers: dict[str, list[str]] = defaultdict(list)
        for edge in network.edges:
            self.edges[edge.target][edge.target_port].append(edge)
            self.followers[edge.source].append(edge.target)
        self.ordered, rest = sort(network)
        self.cycle = cycle(network, rest)

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
        below = reachable(self.network, [name])
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
        hint = "Add one, and it becomes the output."
        fixes = [first_layer(node) for node in network.inputs[:1]]
        yield LooseEnd(None, BuilderError("The network", "a layer after its Input", "none", hint, fixes=fixes))
    if wiring.cycle:
        error = cycle_error(wiring.cycle)
        fixes = [_cut(edge) for edge in reversed(network.edges) if (edge.source, edge.target) in pairwise(wiring.cycle)]
        yield LooseEnd(wiring.cycle[0], BuilderError(error.where, error.needed, error.came, error.hint, fixes=fixes))
    for node in network.nodes:
        yield from _ends_of(node, wiring)


def first_layer(node: Node) -> dict[str, Any]:
    """The fix of an Input that stands alone: the usual first layer for what it gives."""
    tokens = str(node.params.get("dtype") or "").startswith(("int", "uint"))
    layer = "Embedding" if tokens else FIRST_LAYERS.get(len(node.params.get("shape") or ()), "Flatten")
    return {"label": f"Add {layer} after {node.name}", "edit": {"kind": "add_after", "after": node.name, "layer": layer}}


def _delete(node: Node) -> dict[str, Any]:
    return {"label": f"Delete {node.name}", "edit": {"kind": "delete", "name": node.name}}


def _cut(edge: Edge) -> dict[str, Any]:
    """The fix that takes a wire away."""
    return {"label": f"Disconnect {edge.source} from {edge.target}", "edit": {"kind": "disconnect", **edge.model_dump()}}


def _ends_of(node: Node, wiring: Wiring) -> Iterator[LooseEnd]:
    if node.layer not in LAYERS:
        hint = "Replace it by a layer from the palette."
        error = BuilderError(node.name, "a layer type of the catalogue", node.layer, hint, fixes=[_delete(node)])
        yield LooseEnd(node.name, error)
    elif node.is_input:
        if not wiring.followers[node.name] and len(wiring.network.inputs) < len(wiring.network.nodes):
            error = BuilderError(node.name, "a layer that reads it", "none", "Connect it or delete it.", fixes=[_delete(node)])
            yield LooseEnd(node.name, error, "warning")
    else:
        yield from _wrong_wires(node, wiring)
        for port in LAYERS[node.layer].inputs:
            if not port.optional and not wiring.edges[node.name].get(port.name):
                yield LooseEnd(node.name, _open_port(node, port.name, wiring))


def _wrong_wires(node: Node, wiring: Wiring) -> Iterator[LooseEnd]:
    """Wires that a port does not take, and wires from layers or outputs that aren't there."""
    wires = [edge for edges in wiring.edges[node.name].values() for edge in edges]
    for edge, error in wrong_ports(node, wires, LAYERS):
        yield _wire_too_many(edge, error)
    for edge in wires:
        source = wiring.nodes.get(edge.source)
        if source is None:
            error = BuilderError(node.name, "wires from layers of this network", f"one from {edge.source}", "Disconnect it.")
            yield _wire_too_many(edge, error)
        elif source.layer in LAYERS and edge.source_port not in LAYERS[source.layer].outputs(source.params):
            yield _no_output(edge, source)


def _no_output(edge: Edge, source: Node) -> LooseEnd:
    """A wire from an output that its source does not give, or gives no more; the fix is a parameter that brings it back, or another output."""
    record = LAYERS[source.layer]
    ways = [param.name for param in record.params if edge.source_port in record.outputs({**source.params, param.name: True})]
    fixes = [{"label": f"Set {way} of {source.name}", "edit": {"kind": "set", "name": source.name, "params": {way: True}}} for way in ways]
    carry = {"kind": "carry", **edge.model_dump(), "port": "output"}
    fixes.append({"label": f"Carry the output of {source.name} instead", "edit": carry})
    needed, came = f"an output that {source.name} gives ({', '.join(record.outputs(source.params))})", f"a wire from its {edge.source_port}"
    return LooseEnd(edge.target, BuilderError(edge.target, needed, came, fixes=fixes))


def _wire_too_many(edge: Edge, error: BuilderError) -> LooseEnd:
    """A wire that cannot be; the fix disconnects it."""
    fix = {"label": f"Disconnect {edge.source}", "edit": {"kind": "disconnect", **edge.model_dump()}}
    return LooseEnd(edge.target, BuilderError(error.where, error.needed, error.came, error.hint, fixes=[fix]))


def _open_port(node: Node, port: str, wiring: Wiring) -> BuilderError:
    """An open port; the fix is a wire from a port beside it (self-attention) or from the nearest layer above."""
    beside = [edge.source for edges in wiring.edges[node.name].values() for edge in edges]
    source = beside[0] if beside else wiring.before(node.name)
    needed = "an input" if port == "inputs" else f"an input at its port {port}"
    if not source:
        return BuilderError(node.name, needed, "nothing", "Put a layer before it.")
    edit = {"kind": "connect", "source": source, "target": node.name, "target_port": port}
    fix = {"label": f"Connect {source} to {node.name}", "edit": edit}
    return BuilderError(node.name, needed, "nothing", f"Connect it, for example to {source}.", fixes=[fix])
