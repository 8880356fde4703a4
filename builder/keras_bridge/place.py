"""Where an exception of Keras came from: the node, its wires, and what arrived on them."""

from dataclasses import dataclass
from typing import Any

from builder.errors import BuilderError
from builder.keras_bridge.examine import Wires
from builder.keras_bridge.sizes import Sizes
from builder.keras_bridge.wiring import Wiring
from builder.network.records import Node


@dataclass(frozen=True)
class Place:
    """Where an exception came from: the node, its wires, and what arrived on them (`shapes` are without batch)."""

    node: Node
    wiring: Wiring
    wires: Wires

    @property
    def shapes(self) -> tuple[Sizes, ...]:
        return tuple(spec.shape[1:] for _, specs in self.wires for spec in specs)

    def error(self, needed: str, came: str, hint: str, *buttons: dict[str, Any] | None) -> BuilderError:
        return BuilderError(self.node.name, needed, came, hint, fixes=[button for button in buttons if button])
