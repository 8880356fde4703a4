"""Code generation of a network's layers, as a person would write them: executed alone, the lines leave `model`."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from builder.catalogue import LAYERS
from builder.code.names import variables
from builder.code.values import call, value, wrapped
from builder.errors import BuilderError
from builder.network import Edge, Network, Node, topological_order
from builder.network.names import plain
from builder.network.wires import wrong_ports

CHAIN = "x"  # the variable of a tensor that only the next line reads


def body(network: Network, taken: Collection[str] = ()) -> str:
    """The lines that build `model`; no variable of theirs is one of `taken`."""
    return "".join(f"{line}\n" for line in Writer(network, taken).lines())


class Writer:
    """Code generator: a network's layers line by line, in topological order; `taken` are names that no variable of theirs gets."""

    def __init__(self, network: Network, taken: Collection[str] = ()) -> None:
        self.network, self.taken = network, taken
        nodes = {node.name: node for node in network.nodes}
        self.ordered = tuple(nodes[name] for name in topological_order(network))
        self.arriving: defaultdict[str, list[Edge]] = defaultdict(list)
        self.readers: defaultdict[str, list[str]] = defaultdict(list)
        for edge in network.edges:
            self.arriving[edge.target].append(edge)
            self.readers[edge.source].append(edge.target)
        self.outputs = {
            node.name: LAYERS[node.layer].outputs(node.params) if node.layer in LAYERS else ("output",) for node in network.nodes
        }
        self.variables = self._variables()

    def _variables(self) -> dict[str, str]:
        """`x` for what only the next line reads, a name of its own for all else."""
        following = zip(self.ordered, self.ordered[1:], strict=False)
        chained = {node.name for node, after in following if set(self.readers[node.name]) == {after.name} and not node.is_input}
        own = variables((node.name for node in self.ordered if node.name not in chained), self.taken)
        return {node.name: own.get(node.name, CHAIN) for node in self.ordered}

    def lines(self) -> Iterator[str]:
        """Inputs, layers, the model, and what is frozen in it."""
        inputs = [node for node in self.network.inputs if self.readers[node.name]]
        outputs = [node for node in self.network.outputs if not node.is_input]
        if not inputs or not outputs:
            needed = "an Input layer" if not inputs else "a layer after its Input"
            raise BuilderError("The network", needed, "none", "Add one, and the program is written.")
        for node in self.ordered:
            yield f"{self.variables[node.name]} = {self._made(node)}"
        ends = (self._ends(inputs), self._ends(outputs), f"name={plain(self.network.name)!r}")
        yield f"\nmodel = {wrapped('keras.Model', ends)}"
        frozen = [node.name for node in self.network.nodes if not node.trainable and not node.is_input]
        if frozen:
            yield f"\nfor name in {wrapped('', map(repr, frozen)) if len(frozen) > 1 else f'({frozen[0]!r},)'}:"
            yield "    model.get_layer(name).trainable = False"

    def _ends(self, nodes: list[Node]) -> str:
        """One end of the model by its variable, several as a list; of a layer with several outputs the first is meant."""
        names = [self._tensor(node.name, 0) for node in nodes]
        return names[0] if len(names) == 1 else f"[{', '.join(names)}]"

    def _made(self, node: Node) -> str:
        """A layer and its call on what arrives at its ports."""
        try:
            made = call(node.layer, node.params, name=node.name)
        except BuilderError as error:
            where = node.name if error.where in (node.name, node.layer) else f"{node.name}'s {error.where}"
            raise BuilderError(where, error.needed, error.came, error.hint, fixes=error.fixes) from error
        return made if node.is_input else f"{made}({', '.join(self._arguments(node))})"

    def _arguments(self, node: Node) -> Iterator[str]:
        ports = self._ports(node)
        for index, port in enumerate(LAYERS[node.layer].inputs):
            if port.name not in ports:
                continue
            tensors = [self._tensor(edge.source, self._output(edge)) for edge in ports[port.name]]
            given = f"[{', '.join(tensors)}]" if port.many else tensors[0]
            yield given if index == 0 else f"{port.name}={given}"
        yield from (f"{name}={value(given)}" for name, given in LAYERS[node.layer].split(node.params)[1].items())

    def _ports(self, node: Node) -> Mapping[str, list[Edge]]:
        """The wires at each port, held against what the ports allow."""
        for _, error in wrong_ports(node, self.arriving[node.name], LAYERS):
            raise error
        wires: dict[str, list[Edge]] = {}
        for edge in self.arriving[node.name]:
            wires.setdefault(edge.target_port, []).append(edge)
        for port in LAYERS[node.layer].inputs:
            if port.name not in wires and not port.optional:
                needed = "an input" if port.name == "inputs" else f"an input at its port {port.name}"
                raise BuilderError(node.name, needed, "nothing", "Connect a layer to it, and the program is written.")
        return wires

    def _output(self, edge: Edge) -> int:
        ports = self.outputs[edge.source]
        if edge.source_port not in ports:
            raise BuilderError(edge.target, f"an output that {edge.source} gives ({', '.join(ports)})", f"its {edge.source_port}")
        return ports.index(edge.source_port)

    def _tensor(self, name: str, output: int) -> str:
        return f"{self.variables[name]}[{output}]" if len(self.outputs[name]) > 1 else self.variables[name]
