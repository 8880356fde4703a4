"""An order of a network's nodes in which inputs come first, and who reaches whom."""

import heapq
from collections import defaultdict

from builder.errors import BuilderError
from builder.network.records import Network, Node


def topological_order(network: Network) -> tuple[str, ...]:
    """The names of all nodes, each after all that feed it; among those that are free the network's own order decides.

    Raises:
        BuilderError: at a node of the circle that the wires make.
    """
    ordered, rest = sort(network)
    if rest:
        circle = circle_in(network, {node.name for node in rest})
        raise BuilderError(circle[0], "inputs that don't depend on it", f"the circle {' → '.join([*circle, circle[0]])}", "Disconnect one.")
    return tuple(node.name for node in ordered)


def sort(network: Network) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The nodes in order, and those that hang on a circle and have none."""
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


def circle_in(network: Network, names: set[str]) -> list[str]:
    """The nodes of one circle among nodes of which each is fed by another, in the direction of the wires."""
    feeds = {edge.target: edge.source for edge in network.edges if edge.target in names and edge.source in names}
    way = [next(node.name for node in network.nodes if node.name in names)]
    while way[-1] not in way[:-1]:
        way.append(feeds[way[-1]])
    return way[: way.index(way[-1]) : -1]


def reaches(network: Network, start: str, end: str) -> bool:
    """Whether the wires lead from one node to another, or the two are one."""
    followers: defaultdict[str, list[str]] = defaultdict(list)
    for edge in network.edges:
        followers[edge.source].append(edge.target)
    seen, todo = {start}, [start]
    while todo:
        for follower in followers[todo.pop()]:
            if follower not in seen:
                seen.add(follower)
                todo.append(follower)
    return end in seen
