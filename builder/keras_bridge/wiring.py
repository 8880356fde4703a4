"""Who feeds whom: the order of the walk, what arrives at each port, and the wires that are missing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.keras_bridge.examine import Figures, Spec, Wires
from builder.network.records import Edge, Network, Node


class Wiring:
    """A network's nodes by name, its edges by target and port, and an order in which inputs come first."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.nodes: dict[str, Node] = {node.name: node for node in network.nodes}
        self.edges: dict[str, dict[str, list[Edge]]] = defaultdict(lambda: defaultdict(list))
        self.followers: dict[str, list[str]] = defaultdict(list)
        for edge in network.edges:
            self.edges[edge.target][edge.target_port].append(edge)
            self.followers[edge.source].append(edge.target)
        self.circle: tuple[str, ...] = ()
        self.ordered: tuple[Node, ...] = self._order()

    def _order(self) -> tuple[Node, ...]:
        sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(self.nodes, ()))
        for edge in self.network.edges:
            sorter.add(edge.target, edge.source)
        try:
            sorter.prepare()
        except CycleError as error:  # the sorter still gives every node that doesn't hang on the circle
            self.circle = tuple(error.args[1])
        names: list[str] = []
        while ready := sorter.get_ready():
            names += ready
            sorter.done(*ready)
        return tuple(self.nodes[name] for name in names if name in self.nodes)

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
        """The nearest node above in the network's order that could feed this one without a circle."""
        below, todo = {name}, [name]
        while todo:
            for follower in self.followers[todo.pop()]:
                if follower not in below:
                    below.add(follower)
                    todo.append(follower)
        names = list(self.nodes)
        return next((each for each in reversed(names[: names.index(name)]) if each not in below), None)


class LooseEnd(NamedTuple):
    """What is wrong with the wires of one node, or of the network as a whole (node None)."""

    node: str | None
    error: BuilderError
    severity: str = "error"


def loose_ends(wiring: Wiring) -> Iterator[LooseEnd]:
    """What needs no Keras to be seen: no input, no output, a circle, an open port."""
    network = wiring.network
    if not network.inputs:
        add = {"label": "Add an Input", "edit": {"kind": "add", "layer": "Input"}}
        hint = "Add one and connect it to the first layer."
        yield LooseEnd(None, BuilderError("The network", "an Input layer", "none", hint, fixes=[add]))
    elif len(network.inputs) == len(network.nodes):
        yield LooseEnd(None, BuilderError("The network", "a layer after its Input", "none", "Add one, and it becomes the output."))
    if wiring.circle:
        where, way = wiring.circle[0], " → ".join(wiring.circle)
        yield LooseEnd(where, BuilderError(where, "inputs that don't depend on it", f"the circle {way}", "Disconnect one of these wires."))
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
        yield from _wrong_wires(node, wiring)
        for port in LAYERS[node.layer].inputs:
            if not port.optional and not wiring.edges[node.name].get(port.name):
                yield LooseEnd(node.name, _open_port(node, port.name, wiring))


def _wrong_wires(node: Node, wiring: Wiring) -> Iterator[LooseEnd]:
    """Wires to ports that aren't there, and two wires where one fits."""
    ports = {port.name: port for port in LAYERS[node.layer].inputs}
    for name, edges in wiring.edges[node.name].items():
        if name not in ports:
            yield _wire_too_many(edges[-1], f"wires to its ports ({', '.join(ports)})", f"a wire to {name}", "Disconnect it.")
        elif len(edges) > 1 and not ports[name].many:
            hint = "Disconnect the others, or join them with Add or Concatenate first."
            yield _wire_too_many(edges[-1], f"one wire at its port {name}", str(len(edges)), hint)
        elif missing := [edge.source for edge in edges if edge.source not in wiring.nodes]:
            yield _wire_too_many(edges[-1], "wires from layers of this network", f"one from {missing[0]}", "Disconnect it.")
        yield from (_no_output(edge, wiring.nodes[edge.source]) for edge in edges if not _gives(edge, wiring))


def _gives(edge: Edge, wiring: Wiring) -> bool:
    source = wiring.nodes.get(edge.source)
    return source is None or source.layer not in LAYERS or edge.source_port in LAYERS[source.layer].outputs(source.params)


def _no_output(edge: Edge, source: Node) -> LooseEnd:
    """A wire from an output that its source does not give, or gives no more; the fix is a parameter that brings it back, or another output."""
    record = LAYERS[source.layer]
    ways = [param.name for param in record.params if edge.source_port in record.outputs({**source.params, param.name: True})]
    fixes = [{"label": f"Set {way} of {source.name}", "edit": {"kind": "set", "name": source.name, "params": {way: True}}} for way in ways]
    carry = {"kind": "carry", **edge.model_dump(), "port": "output"}
    fixes.append({"label": f"Carry the output of {source.name} instead", "edit": carry})
    needed, came = f"an output that {source.name} gives ({', '.join(record.outputs(source.params))})", f"a wire from its {edge.source_port}"
    return LooseEnd(edge.target, BuilderError(edge.target, needed, came, fixes=fixes))


def _wire_too_many(edge: Edge, needed: str, came: str, hint: str) -> LooseEnd:
    edit = {"kind": "disconnect", **edge.model_dump()}
    fix = {"label": f"Disconnect {edge.source}", "edit": edit}
    return LooseEnd(edge.target, BuilderError(edge.target, needed, came, hint, fixes=[fix]))


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
