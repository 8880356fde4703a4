"""Topological order (Kahn 1962), cycles and reachability of a network's nodes."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence

from builder.errors import BuilderError
from builder.network.records import Network, Node


def topological_order(network: Network) -> tuple[str, ...]:
    """Topological order: the names of all nodes, each after all that feed it.

    Raises:
        BuilderError: at a node of a cycle.
    """
    ordered, rest = sort(network)
    if rest:
        raise cycle_error(cycle(network, rest))
    return tuple(node.name for node in ordered)


def sort(network: Network) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Topological order by Kahn's algorithm, of free nodes the network's first; and the nodes on or behind a cycle, which have none."""
    place = {node.name: index for index, node in enumerate(network.nodes)}
    waiting = dict.fromkeys(place, 0)
    followers: defaultdict[str, list[str]] = defaultdict(list)
    for edge in network.edges:
        if edge.source in place and edge.target in place:
            followers[edge.source].append(edge.target)
            waiting[edge.target] += 1
    free = [place[name] for name, count in waiting.items() if not count]
    ordered: list[Node] = []
    while free:
        node = network.nodes[heapq.heappop(free)]
        ordered.append(node)
        for follower in followers[node.name]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(free, place[follower])
    return tuple(ordered), tuple(node for node in network.nodes if waiting[node.name])


def cycle(network: Network, rest: Sequence[Node]) -> tuple[str, ...]:
    """A cycle among nodes that have no topological order, in the direction of the wires, its first node once more at the end."""
    names = {node.name for node in rest}
    if not names:
        return ()
    feeds = {edge.target: edge.source for edge in network.edges if edge.target in names and edge.source in names}
    way = [rest[0].name]
    while way[-1] not in way[:-1]:
        way.append(feeds[way[-1]])
    return tuple(reversed(way[way.index(way[-1]) :]))


def cycle_error(way: Sequence[str]) -> BuilderError:
    """The error of a cycle, at its first node, with the names along it."""
    return BuilderError(way[0], "inputs that don't depend on it", f"the circle {' → '.join(way)}", "Disconnect one of these wires.")


def reachable(network: Network, starts: Iterable[str], without: str | None = None) -> set[str]:
    """Reachability: the nodes that the wires lead to from any of these, themselves among them, on ways that leave one node out."""
    followers: defaultdict[str, list[str]] = defaultdict(list)
    for edge in network.edges:
        followers[edge.source].append(edge.target)
    todo = [name for name in starts if name != without]
    found = set(todo)
    while todo:
        new = {name for name in followers[todo.pop()] if name != without} - found
        found |= new
        todo += new
    return found
