"""Layered graph layout (after Sugiyama): rows from input to output, branches in columns beside, skip connections in lanes beside those.

Units are columns (x) and rows (y); a lane is a whole number right of the last column: last + 1, last + 2...
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from builder.network.records import Edge, Network

from .graph import sort

Point = tuple[float, float]
Links = dict[str, list[str]]


class Layout(NamedTuple):
    """The place of each node by name, and the way of each wire that can't run straight, by its index in `Network.edges`."""

    nodes: dict[str, Point]
    routes: dict[int, list[Point]]


def layout(network: Network) -> Layout:
    """Place every node; a node's row is one below the lowest that feeds it, its column 0 on the longest path."""
    ordered, rest = sort(network)
    names = [node.name for node in (*ordered, *rest)]
    place = {name: index for index, name in enumerate(names)}
    feeds: Links = {name: [] for name in names}
    readers: Links = {name: [] for name in names}
    for edge in network.edges:
        if place[edge.source] < place[edge.target]:
            feeds[edge.target].append(edge.source)
            readers[edge.source].append(edge.target)
    rows = _rows(names, feeds, readers)
    columns = _columns(names, rows, feeds, readers)
    nodes = {name: (float(columns[name]), float(rows[name])) for name in names}
    return Layout(nodes, _routes(network.edges, rows, columns))


def _rows(names: Sequence[str], feeds: Links, readers: Links) -> dict[str, int]:
    """The longest way to each node; a lone input stands just above its first reader."""
    rows: dict[str, int] = {}
    for name in names:
        rows[name] = 1 + max((rows[source] for source in feeds[name]), default=-1)
    for name in names:
        if not feeds[name] and readers[name]:
            rows[name] = min(rows[reader] for reader in readers[name]) - 1
    return rows


def _columns(names: Sequence[str], rows: dict[str, int], feeds: Links, readers: Links) -> dict[str, int]:
    """The longest path in column 0; every other chain in the first column that is free over its rows."""
    columns = dict.fromkeys(_longest(names, rows, feeds), 0)
    chains = [_chain(name, rows, readers, columns) for name in names if name not in columns]
    ends: list[int] = []  # of each column beside the first: the last row that is taken
    for chain, last in sorted((chain for chain in chains if chain[0]), key=lambda each: rows[each[0][0]]):
        first = rows[chain[0]]
        column = next((index for index, end in enumerate(ends) if end < first), len(ends))
        ends[column : column + 1] = [last]
        columns.update(dict.fromkeys(chain, column + 1))
    return columns


def _longest(names: Sequence[str], rows: dict[str, int], feeds: Links) -> list[str]:
    """The nodes of a longest path, from its end."""
    path = [max(names, key=rows.__getitem__)] if names else []
    while path and (above := [source for source in feeds[path[-1]] if rows[source] == rows[path[-1]] - 1]):
        path.append(above[0])
    return path


def _chain(name: str, rows: dict[str, int], readers: Links, taken: dict[str, int]) -> tuple[list[str], int]:
    """A node and those that follow it row by row, none of them placed yet; and the row its last wire runs down to."""
    chain: list[str] = []
    while name not in taken:
        chain.append(name)
        taken[name] = -1
        name = next((reader for reader in readers[name] if reader not in taken and rows[reader] == rows[name] + 1), name)
    return chain, max([rows[reader] - 1 for reader in readers[chain[-1]]] + [rows[chain[-1]]]) if chain else 0


def _routes(edges: Sequence[Edge], rows: dict[str, int], columns: dict[str, int]) -> dict[int, list[Point]]:
    """The lanes of wires that a card, or another output's wire to the same port, stands in the way of; a shorter one runs further inside."""
    standing: defaultdict[int, list[int]] = defaultdict(list)
    for name, row in rows.items():
        standing[columns[name]].append(row)
    for column in standing.values():
        column.sort()
    spans = []
    straight: set[tuple[str, str, str]] = set()
    for index, edge in enumerate(edges):
        start, end = rows[edge.source], rows[edge.target]
        column = standing[columns[edge.source]]
        nearest = bisect_right(column, start)
        ends = (edge.source, edge.target, edge.target_port)
        if end <= start or ends in straight or (nearest < len(column) and column[nearest] < end):
            spans.append((abs(end - start), min(start, end), max(start, end), index))
        else:
            straight.add(ends)
    last = max(columns.values(), default=0)
    lanes: list[list[tuple[int, int]]] = []
    routes: dict[int, list[Point]] = {}
    for _, top, bottom, index in sorted(spans):
        lane = next((number for number, taken in enumerate(lanes) if _free(taken, top, bottom)), len(lanes))
        if lane == len(lanes):
            lanes.append([])
        insort(lanes[lane], (top, bottom))
        x = float(last + 1 + lane)
        routes[index] = [(x, float(rows[edges[index].source])), (x, float(rows[edges[index].target]))]
    return routes


def _free(taken: list[tuple[int, int]], top: int, bottom: int) -> bool:
    """Whether a lane is free between two rows; wires may meet at a card."""
    at = bisect_right(taken, (top, bottom))
    return (at == 0 or taken[at - 1][1] <= top) and (at == len(taken) or bottom <= taken[at][0])
