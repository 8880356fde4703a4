"""Edit commands of a whole network as records (command pattern), and the union of all commands."""

from typing import Annotated, Any, Literal

from pydantic import Field

from builder.network import edits
from builder.network.branch_kinds import BranchEdit
from builder.network.files import from_json
from builder.network.kinds import (
    Add,
    AddAfter,
    Carry,
    Connect,
    Delete,
    Disconnect,
    Duplicate,
    Edit,
    Insert,
    Move,
    Rename,
    Set,
    Trainable,
)
from builder.network.records import Network
from builder.network.selection_kinds import SelectionEdit
from builder.network.wires import Layers, changed, check_ports


class RenameNetwork(Edit):
    """The network under another name."""

    kind: Literal["rename_network"]
    to: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.rename_network(network, self.to)

    def label(self) -> str:
        return f"Rename the network to {self.to}"


class Replace(Edit):
    """Another network on the canvas, under the name that is there."""

    kind: Literal["replace"]
    network: dict[str, Any]

    def apply(self, network: Network, layers: Layers) -> Network:
        return changed(check_ports(from_json(self.network), layers), name=network.name)

    def label(self) -> str:
        return f"Replace the network by {self.network.get('name', 'another')}"


class Only(Edit):
    """The layers that lead to one, and no others: it becomes the only output."""

    kind: Literal["only"]
    name: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.only(network, self.name)

    def label(self) -> str:
        return f"Keep only what leads to {self.name}"


class Merge(Edit):
    """A layer less, whose readers read another one instead."""

    kind: Literal["merge"]
    name: str
    into: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return edits.merge(network, self.name, self.into)

    def label(self) -> str:
        return f"Read {self.into} instead of {self.name}"


OneEdit = Annotated[
    AddAfter
    | Insert
    | Add
    | Connect
    | Carry
    | Disconnect
    | Delete
    | Duplicate
    | Move
    | Set
    | Trainable
    | Rename
    | RenameNetwork
    | Replace
    | Only
    | Merge
    | BranchEdit
    | SelectionEdit,
    Field(discriminator="kind"),
]


class Several(Edit):
    """Edits that belong together, one after the other: one press, and one step of undo."""

    kind: Literal["several"]
    edits: list[OneEdit] = Field(max_length=10)

    def apply(self, network: Network, layers: Layers) -> Network:
        for edit in self.edits:
            network = edit.apply(network, layers)
        return network

    def label(self) -> str:
        return ", then ".join(edit.label() for edit in self.edits)


AnyEdit = Annotated[OneEdit | Several, Field(discriminator="kind")]
