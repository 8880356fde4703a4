"""Edit commands of a layer or a wire as records (command pattern): what the canvas sends, what a fix button holds, what the undo list says."""

from abc import ABC, abstractmethod
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from builder.network import edits, moves
from builder.network.records import Edge, Network, Node
from builder.network.wires import Layers, find_edge


class Edit(BaseModel, ABC):
    """One edit; `apply` makes it, `label` tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @abstractmethod
    def apply(self, network: Network, layers: Layers) -> Network:
        """The network after it."""

    @abstractmethod
    def label(self) -> str:
        """What the undo list calls it."""


class New(Edit):
    """An edit that brings a layer."""

    layer: str
    params: dict[str, Any] = {}

    def node(self, network: Network, layers: Layers) -> Node:
        """The layer, under a name that is free."""
        return edits.new_node(network, self.layer, self.params, layers)


class OnWire(Edit):
    """An edit of a wire, told by its two layers and by its ports where several join them."""

    source: str
    target: str
    target_port: str | None = None
    source_port: str | None = None

    def wire(self, network: Network) -> Edge:
        """The wire in the network."""
        return find_edge(network, self.source, self.target, self.target_port, self.source_port)


class AddAfter(New):
    """A new layer right after another."""

    kind: Literal["add_after"]
    after: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.add_after(network, self.after, self.node(network, layers), layers)

    def label(self) -> str:
        return f"Add {self.layer} after {self.after}"


class Insert(New, OnWire):
    """A new layer on a wire."""

    kind: Literal["insert"]

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.insert(network, self.wire(network), self.node(network, layers), layers)

    def label(self) -> str:
        return f"Insert {self.layer} between {self.source} and {self.target}"


class Add(New):
    """A new layer without wires."""

    kind: Literal["add"]

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.add(network, self.node(network, layers))

    def label(self) -> str:
        return f"Add {self.layer}"


class Connect(Edit):
    """A new wire."""

    kind: Literal["connect"]
    source: str
    target: str
    target_port: str = "inputs"
    source_port: str = "output"

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.connect(network, self.edge, layers)

    def label(self) -> str:
        return f"Connect {self.source} to {self.target}"

    @property
    def edge(self) -> Edge:
        return Edge(source=self.source, target=self.target, target_port=self.target_port, source_port=self.source_port)


class Carry(OnWire):
    """A wire that carries another output of its source."""

    kind: Literal["carry"]
    port: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.carry(network, self.wire(network), self.port, layers)

    def label(self) -> str:
        return f"Carry the {self.port} of {self.source} to {self.target}"


class Disconnect(OnWire):
    """A wire less."""

    kind: Literal["disconnect"]

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.disconnect(network, self.wire(network))

    def label(self) -> str:
        return f"Disconnect {self.source} from {self.target}"


class Delete(Edit):
    """A layer less; the gap heals."""

    kind: Literal["delete"]
    name: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.delete(network, self.name, layers)

    def label(self) -> str:
        return f"Delete {self.name}"


class Duplicate(Edit):
    """A second layer like this one."""

    kind: Literal["duplicate"]
    name: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.duplicate(network, self.name, layers)

    def label(self) -> str:
        return f"Duplicate {self.name}"


class Move(Edit):
    """A layer at another place."""

    kind: Literal["move"]
    name: str
    after: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return moves.move(network, self.name, self.after, layers)

    def label(self) -> str:
        return f"Move {self.name} after {self.after}"


class Set(Edit):
    """Parameters of a layer; null takes one back to its default."""

    kind: Literal["set"]
    name: str
    params: dict[str, Any]

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.set_params(network, self.name, self.params)

    def label(self) -> str:
        return f"Set {', '.join(self.params) or 'nothing'} of {self.name}"


class Trainable(Edit):
    """Whether training changes a layer's weights."""

    kind: Literal["trainable"]
    name: str
    value: bool

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.set_trainable(network, self.name, self.value)

    def label(self) -> str:
        return f"{'Unfreeze' if self.value else 'Freeze'} {self.name}"


class Rename(Edit):
    """A layer under another name."""

    kind: Literal["rename"]
    name: str
    to: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.rename(network, self.name, self.to)

    def label(self) -> str:
        return f"Rename {self.name} to {self.to}"
