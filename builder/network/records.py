"""Network, Node and Edge: frozen records, and JSON with a version number."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

FORMAT_VERSION = 1


class Node(BaseModel):
    """One layer of a network.

    `params` holds what differs from Keras's defaults, in JSON values; a parameter that is itself a layer is
    `{"layer": "LSTM", "params": {"units": 64}}`. `trainable` is Keras's flag of the same name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    layer: str
    params: dict[str, Any] = Field(default_factory=dict)
    trainable: bool = True

    @property
    def is_input(self) -> bool:
        """Whether data enter here."""
        return self.layer == "Input"


class Edge(BaseModel):
    """A tensor's way from `source`'s output port to `target`'s input port; order in `Network.edges` is input order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    target: str
    target_port: str = "inputs"
    source_port: str = "output"


class Network(BaseModel):
    """A graph of layers: what is built. An edit returns a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = FORMAT_VERSION
    name: str = "network"
    recipe: str = "supervised"  # how it learns unless a person chooses otherwise
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def node(self, name: str) -> Node:
        """The node of this name; KeyError if there is none."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)

    def inputs_of(self, name: str) -> tuple[Edge, ...]:
        """The edges that end at a node, in input order."""
        return tuple(edge for edge in self.edges if edge.target == name)

    def outputs_of(self, name: str) -> tuple[Edge, ...]:
        """The edges that start at a node."""
        return tuple(edge for edge in self.edges if edge.source == name)

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The Input nodes, in order."""
        return tuple(node for node in self.nodes if node.is_input)

    @property
    def outputs(self) -> tuple[Node, ...]:
        """The nodes nothing follows, in order."""
        sources = {edge.source for edge in self.edges}
        return tuple(node for node in self.nodes if node.name not in sources)
