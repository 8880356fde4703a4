"""Edit commands of a selection as records (command pattern): several layers, one edit, one step of undo."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from builder.network import fragments, moves
from builder.network.files import from_json
from builder.network.kinds import Edit, OnWire
from builder.network.records import Network
from builder.network.wires import Layers, check_ports
from builder.words import format_count

from .validity import MOST_NODES

Names = Annotated[list[str], Field(min_length=1, max_length=MOST_NODES)]


class DeleteAll(Edit):
    """Several layers less; the gaps heal."""

    kind: Literal["delete_all"]
    names: Names

    def apply(self, network: Network, layers: Layers) -> Network:
        return fragments.cut(network, self.names, layers)

    def label(self) -> str:
        return f"Delete {format_count(len(self.names), 'layer')}"


class DuplicateAll(Edit):
    """Several layers once more, with the wires among them."""

    kind: Literal["duplicate_all"]
    names: Names

    def apply(self, network: Network, layers: Layers) -> Network:
        return fragments.duplicate_all(network, self.names, layers)

    def label(self) -> str:
        return f"Duplicate {format_count(len(self.names), 'layer')}"


class MoveAll(OnWire):
    """Several layers on another wire, as they stand."""

    kind: Literal["move_all"]
    names: Names

    def apply(self, network: Network, layers: Layers) -> Network:
        return moves.move_all(network, self.names, self.wire(network), layers)

    def label(self) -> str:
        return f"Move {format_count(len(self.names), 'layer')} between {self.source} and {self.target}"


class OpenPort(BaseModel):
    """A port of a copied layer that something fed which was not copied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    node: str
    port: str


class Paste(Edit):
    """Layers that were copied here or elsewhere; their `open` ports read the layer that they are put after."""

    kind: Literal["paste"]
    network: dict[str, Any]
    open: list[OpenPort] = Field(default=[], max_length=MOST_NODES)
    after: str | None = None

    def apply(self, network: Network, layers: Layers) -> Network:
        part = from_json(self.network)
        known = {node.name for node in part.nodes}
        opened = [(each.node, each.port) for each in self.open if each.node in known]
        return check_ports(fragments.paste(network, part, opened, self.after), layers)

    def label(self) -> str:
        nodes = self.network.get("nodes")
        return f"Paste {format_count(len(nodes) if isinstance(nodes, list) else 0, 'layer')}"


SelectionEdit = DeleteAll | DuplicateAll | MoveAll | Paste
