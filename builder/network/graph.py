"""The topological order (Kahn) of a network's nodes, reachability along its wires, and its cycles."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from builder.errors import BuilderError
from builder.network.records import Network, Node


def topological_order(network: Network) -> tuple[str, ...]:
    """The names of all nodes, each after all that feed it; among those that are free the network's own order decides.

    Raises:
        BuilderError: at a node of the cycle that the wires make.
    """
    ordered, rest = sort(network)
    if rest:
        raise cycle_error(cycle_in(network, rest))
    return tuple(node.name for node in ordered)


def sort(network: Network) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The nodes in topological order, and those that hang on a cycle and have none."""
    place = {node.name: index for index, node in enumerate(network.nodes)}
    waiting = dict.fromkeys(place, 0)
    after = followers(network)
    for edge in network.edges:
        if edge.source in place and edge.target in place:
            waiting[edge.target] += 1
    free = [place[name] for name, count in waiting.items() if not count]
    ordered: list[Node] = []
    while free:
        node = network.nodes[heapq.heappop(free)]
        ordered.append(node)
        for follower in after[node.name]:
            if follower in place:
                waiting[follower] -= 1
                if not waiting[follower]:
                    heapq.heappush(free, place[follower])
    return tuple(ordered), tuple(node for node in network.nodes if waiting[node.name])


def cycle_in(network: Network, rest: Iterable[Node]) -> tuple[str, ...]:
    """A cycle among nodes that have no order, in the direction of the wires and closed: ("a", "b", "a"); empty where all have one."""
    names = dict.fromkeys(node.name for node in rest)
    feeds = {edge.target: edge.source for edge in network.edges if edge.target in names and edge.source in names}
    way = list(names)[:1]
    while way and way[-1] not in way[:-1]:
        way.append(feeds[way[-1]])
    return tuple(way[way.index(way[-1]) :][::-1]) if way else ()


def cycle_error(cycle: Sequence[str]) -> BuilderError:
    """What is said of a cycle, at its first node."""
    return BuilderError(cycle[0], "inputs that don't depend on it", f"the cycle {' → '.join(cycle)}", "Disconnect one of these wires.")


def followers(network: Network) -> defaultdict[str, list[str]]:
    """Adjacency list: by a node's name, whom its wires lead to."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for edge in network.edges:
        found[edge.source].append(edge.target)
    return found


def reachable(after: Mapping[str, Sequence[str]], starts: Iterable[str], without: str | None = None) -> set[str]:
    """All that the wires lead to from some nodes, these included, as if one other node were not there; `after` is of `followers`."""
    todo = [name for name in starts if name != without]
    found = set(todo)
    while todo:
        new = {name for name in after.get(todo.pop(), ()) if name not in found and name != without}
        found |= new
        todo += new
    return found


def reaches(network: Network, start: str, end: str) -> bool:
    """Whether the wires lead from one node to another, or the two are one."""
    return end in reachable(followers(network), [start])
