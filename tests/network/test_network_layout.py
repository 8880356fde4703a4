"""The layout: inputs above, no two cards in one place, wires that pass no card, and quick."""

import random
from itertools import pairwise

import pytest

from builder import zoo
from builder.network import Edge, Network, Node, layout


def graph(wires: str) -> Network:
    """`a-b b-c a-c` as a network."""
    pairs = [tuple(wire.split("-")) for wire in wires.split()]
    names = dict.fromkeys(name for pair in pairs for name in pair)
    return Network(nodes=tuple(Node(name=name, layer="Add") for name in names), edges=tuple(Edge(source=a, target=b) for a, b in pairs))


def scattered(seed: int) -> Network:
    """A random graph without circles."""
    chance = random.Random(seed)
    nodes = tuple(Node(name=f"n{number}", layer="Add") for number in range(30))
    edges = {(f"n{a}", f"n{b}") for b in range(30) for a in chance.sample(range(b), min(b, chance.randrange(4)))}
    return Network(nodes=nodes, edges=tuple(Edge(source=a, target=b) for a, b in sorted(edges)))


NETWORKS = {**{name: zoo.network(name) for name in zoo.ZOO}, **{f"random {seed}": scattered(seed) for seed in range(20)}}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS.keys())
def test_what_every_layout_keeps(network: Network) -> None:
    placed = layout(network)
    assert list(placed.nodes) and set(placed.nodes) == {node.name for node in network.nodes}
    assert len(set(placed.nodes.values())) == len(network.nodes), "two cards in one place"
    last = max(x for x, _ in placed.nodes.values())
    spans: dict[float, list[tuple[float, float]]] = {}
    for index, edge in enumerate(network.edges):
        (x, top), (_, bottom) = placed.nodes[edge.source], placed.nodes[edge.target]
        assert top < bottom, "a wire runs upwards"
        passed = [name for name, (column, row) in placed.nodes.items() if column == x and top < row < bottom]
        assert bool(passed) == (index in placed.routes), "a wire has a lane exactly where a card stands in its way"
        if index in placed.routes:
            assert [row for _, row in placed.routes[index]] == [top, bottom]
            assert placed.routes[index][0][0] > last, "a lane is beside the stack"
            spans.setdefault(placed.routes[index][0][0], []).append((top, bottom))
    for lane in spans.values():
        ordered = sorted(lane)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered)), "two wires share a lane"


def test_a_chain_is_one_column_without_gaps() -> None:
    placed = layout(zoo.network("digit_cnn"))
    assert [placed.nodes[node.name] for node in zoo.network("digit_cnn").nodes] == [(0, row) for row in range(8)]
    assert not placed.routes


def test_a_skip_runs_beside_the_stack() -> None:
    placed = layout(graph("a-b b-c c-d a-d"))
    assert {x for x, _ in placed.nodes.values()} == {0}
    assert placed.routes == {3: [(1, 0), (1, 3)]}


def test_the_inner_of_two_skips_runs_further_inside() -> None:
    placed = layout(graph("a-b b-c c-d d-e e-f b-e a-f"))
    assert [placed.routes[index][0][0] for index in (5, 6)] == [1, 2]


def test_a_branch_stands_in_a_column_of_its_own_and_needs_no_lane() -> None:
    placed = layout(graph("a-b b-c c-d a-s s-d"))
    assert placed.nodes["s"] == (1, 1)
    assert not placed.routes


def test_a_second_input_stands_just_above_its_reader() -> None:
    placed = layout(graph("a-b b-c c-d i-d"))
    assert placed.nodes["i"] == (1, 2)


def test_an_empty_network_and_one_with_a_circle_are_drawn_too() -> None:
    assert layout(Network()).nodes == {}
    assert len(layout(graph("a-b b-c c-b")).nodes) == 3


def test_a_resnet_152_has_one_stack_one_column_of_projections_and_one_lane_of_skips() -> None:
    placed = layout(zoo.network("resnet152"))
    assert max(x for x, _ in placed.nodes.values()) == 1  # projections stand beside the stack
    assert {route[0][0] for route in placed.routes.values()} == {2}  # and all identity skips share one lane


def test_wires_of_two_outputs_to_one_port_run_apart() -> None:
    wires = tuple(Edge(source="a", target="b", source_port=port) for port in ("output", "hidden", "cell"))
    placed = layout(graph("a-b").model_copy(update={"edges": wires}))
    assert sorted(placed.routes) == [1, 2]
    assert {points[0][0] for points in placed.routes.values()} == {1.0, 2.0}
