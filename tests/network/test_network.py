"""A network's records, files, order and history keep what they are given and refuse what cannot be."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from builder import zoo
from builder.errors import BuilderError
from builder.network import Edge, Network, Node, check, dump, load, topological_order
from builder.network.graph import reachable
from builder.network.validity import MOST_NODES


def chain(*names: str, layer: str = "Dense") -> Network:
    """Nodes in a row."""
    edges = tuple(Edge(source=source, target=target) for source, target in pairwise(names))
    return Network(nodes=tuple(Node(name=name, layer=layer) for name in names), edges=edges)


@pytest.mark.parametrize("name", zoo.ZOO)
def test_a_network_survives_its_file(name: str) -> None:
    network = zoo.network(name)
    assert load(dump(network)) == network
    assert load(dump(network).encode()) == network


def damaged(**changes: object) -> str:
    return json.dumps({**json.loads(dump(zoo.network("first_model"))), **changes})


NODE = {"name": "a", "layer": "Dense", "params": {}}
BAD_FILES = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "text": '"network"',
    "null": "null",
    "bytes that are no text": b"\xff\xfe\x00",
    "too long": " " * (2 * 1024**2 + 1),
    "deeper than Python reads": "[" * 100_000,
    "a number that is none": damaged(nodes=[{**NODE, "params": {"rate": float("nan")}}]),
    "an infinite number": '{"nodes": [{"name": "a", "layer": "Dense", "params": {"rate": 1e999}}]}',
    "a number of 10,000 digits": '{"version": %s}' % ("9" * 10_000),
    "a key twice": '{"name": "a", "name": "b"}',
    "a newer format": damaged(version=2),
    "an unknown field": damaged(weights=[1]),
    "a node without a name": damaged(nodes=[{"layer": "Dense"}]),
    "a flag that is text": damaged(nodes=[{**NODE, "trainable": "yes"}]),
    "two nodes of a name": damaged(nodes=[NODE, NODE], edges=[]),
    "a name with a slash": damaged(nodes=[{**NODE, "name": "a/b"}], edges=[]),
    "a name that no scope takes": damaged(nodes=[{**NODE, "name": "conv 1"}], edges=[]),
    "half a character": '{"nodes": [{"name": "a", "layer": "Dense", "params": {"activation": "\\ud800"}}]}',
    "a wire to nowhere": damaged(nodes=[NODE], edges=[{"source": "a", "target": "b"}]),
    "a wire twice": damaged(nodes=[NODE, {**NODE, "name": "b"}], edges=[{"source": "a", "target": "b"}] * 2),
    "a circle": damaged(nodes=[NODE, {**NODE, "name": "b"}], edges=[{"source": "a", "target": "b"}, {"source": "b", "target": "a"}]),
    "a wire to itself": damaged(nodes=[NODE], edges=[{"source": "a", "target": "a"}]),
    "lists without end": damaged(nodes=[{**NODE, "params": {"units": json.loads("[" * 50 + "]" * 50)}}], edges=[]),
    "too many layers": damaged(nodes=[{**NODE, "name": f"n{number}"} for number in range(MOST_NODES + 1)], edges=[]),
    "a name without letters": damaged(name="  "),
    "a name with control characters": damaged(name="a\x00b"),
}


@pytest.mark.parametrize("text", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_one_clear_sentence(text: str | bytes) -> None:
    with pytest.raises(BuilderError) as error:
        load(text)
    assert "\n" not in error.value.sentence
    assert len(error.value.sentence) < 600


def test_an_error_in_a_file_names_its_node() -> None:
    with pytest.raises(BuilderError, match="rate") as error:
        check(Network(nodes=(Node(name="drop", layer="Dropout", params={"rate": float("inf")}),)))
    assert error.value.where == "drop"


def test_inputs_come_first_and_otherwise_the_network_s_own_order_holds() -> None:
    network = chain("a", "b", "c", "d")
    assert topological_order(network) == ("a", "b", "c", "d")
    shuffled = network.model_copy(update={"nodes": (*network.nodes[2:], *network.nodes[:2])})
    assert topological_order(shuffled) == ("a", "b", "c", "d")
    branches = Network(nodes=tuple(Node(name=name, layer="Dense") for name in "zyx"))
    assert topological_order(branches) == ("z", "y", "x")


def test_a_circle_is_named_in_the_direction_of_its_wires() -> None:
    network = chain("a", "b", "c", "d")
    closed = network.model_copy(update={"edges": (*network.edges, Edge(source="d", target="b"))})
    with pytest.raises(BuilderError) as error:
        topological_order(closed)
    way = error.value.came.removeprefix("the circle ").split(" → ")
    assert way[0] == way[-1] == error.value.where
    wires = {(edge.source, edge.target) for edge in closed.edges}
    assert len(way) == 4
    assert all(pair in wires for pair in pairwise(way))


def test_a_node_is_reached_along_the_wires_unless_another_is_in_the_way() -> None:
    row = chain("a", "b", "c", "d")
    assert reachable(row, ["b"]) == {"b", "c", "d"}
    assert reachable(row, ["a"], without="c") == {"a", "b"}
    assert reachable(row, ["a"], without="a") == set()
    skipping = row.model_copy(update={"edges": (*row.edges, Edge(source="a", target="d"))})
    assert reachable(skipping, ["a"], without="c") == {"a", "b", "d"}


def test_the_room_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    code = "import sys, builder.network, builder.zoo; print([name for name in ('keras', 'numpy', 'tensorflow') if name in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
