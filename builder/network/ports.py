"""Validation of wires against the ports they end at: no such port, too many wires, none at all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from builder.errors import BuilderError
from builder.network.records import Edge, Network

Wires = Mapping[str, Sequence[Edge]]  # the wires into one node, by its port


class Port(Protocol):
    """What edits must know of an input port."""

    @property
    def name(self) -> str: ...
    @property
    def many(self) -> bool: ...
    @property
    def optional(self) -> bool: ...


def wires_by_port(network: Network) -> defaultdict[str, defaultdict[str, list[Edge]]]:
    """A network's wires by target and port, each in its order."""
    found: defaultdict[str, defaultdict[str, list[Edge]]] = defaultdict(lambda: defaultdict(list))
    for edge in network.edges:
        found[edge.target][edge.target_port].append(edge)
    return found


def wrong_wires(node: str, wires: Wires, ports: Sequence[Port]) -> Iterator[BuilderError]:
    """Wires to ports that a node does not have, and several wires where one fits."""
    by_name = {port.name: port for port in ports}
    for name, edges in wires.items():
        if edges and name not in by_name:
            yield no_port(node, name, ports, fixes=[disconnecting(edges[-1])])
        elif len(edges) > 1 and not by_name[name].many:
            hint = "Disconnect the others, or join them with Add or Concatenate first."
            yield BuilderError(node, f"one wire at its port {name}", str(len(edges)), hint, fixes=[disconnecting(edges[-1])])


def open_ports(wires: Wires, ports: Sequence[Port]) -> list[str]:
    """The ports that need a wire and have none."""
    return [port.name for port in ports if not port.optional and not wires.get(port.name)]


def no_port(node: str, name: str, ports: Sequence[Port], fixes: Sequence[Mapping[str, Any]] = ()) -> BuilderError:
    """A wire to a port that a node does not have."""
    needed = f"wires to its ports ({', '.join(port.name for port in ports)})" if ports else "no wires to it"
    return BuilderError(node, needed, f"one to {name}", "Disconnect it." if fixes else "", fixes=fixes)


def nothing_at(node: str, port: str, hint: str, fixes: Sequence[Mapping[str, Any]] = ()) -> BuilderError:
    """An open port, with what to try."""
    return BuilderError(node, "an input" if port == "inputs" else f"an input at its port {port}", "nothing", hint, fixes=fixes)


def no_output(edge: Edge, outputs: Sequence[str], fixes: Sequence[Mapping[str, Any]] = ()) -> BuilderError:
    """A wire from an output that its source does not give, or gives no more."""
    needed = f"an output that {edge.source} gives ({', '.join(outputs)})"
    return BuilderError(edge.target, needed, f"a wire from its {edge.source_port}", fixes=fixes)


def disconnecting(edge: Edge) -> dict[str, Any]:
    """The button that takes a wire away."""
    return {"label": f"Disconnect {edge.source}", "edit": {"kind": "disconnect", **edge.model_dump()}}
