"""Edit commands that branch or place exactly, as records (command pattern): what a drop on the canvas sends."""

from typing import Literal

from builder.network import branches, edits, moves
from builder.network.kinds import New, OnWire
from builder.network.records import Network
from builder.network.wires import Layers, changed


class Branch(New):
    """A new layer that reads another one's output beside those who read it."""

    kind: Literal["branch"]
    source: str
    source_port: str = "output"

    def apply(self, network: Network, layers: Layers) -> Network:
        return branches.branch(network, self.source, self.source_port, self.node(network, layers), layers)

    def label(self) -> str:
        return f"Branch {self.layer} off {self.source}"


class Parallel(New, OnWire):
    """A new layer beside a wire, joined with it where the wire's reader takes one."""

    kind: Literal["parallel"]
    join: str = "Add"

    def apply(self, network: Network, layers: Layers) -> Network:
        node = self.node(network, layers)
        with_it = changed(network, nodes=(*network.nodes, node))
        join = edits.new_node(with_it, self.join, None, layers)
        return branches.parallel(network, self.wire(network), node, join, layers)

    def label(self) -> str:
        return f"Add {self.layer} beside {self.source} → {self.target}"


class Feed(New):
    """A new layer into a free port of another."""

    kind: Literal["feed"]
    target: str
    target_port: str = "inputs"

    def apply(self, network: Network, layers: Layers) -> Network:
        return branches.feed(network, self.target, self.target_port, self.node(network, layers), layers)

    def label(self) -> str:
        return f"Add {self.layer} before {self.target}"


class MoveTo(OnWire):
    """A layer on another wire."""

    kind: Literal["move_to"]
    name: str

    def apply(self, network: Network, layers: Layers) -> Network:
        return moves.move_to(network, self.name, self.wire(network), layers)

    def label(self) -> str:
        return f"Move {self.name} between {self.source} and {self.target}"


BranchEdit = Branch | Parallel | Feed | MoveTo
