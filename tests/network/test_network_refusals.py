"""Edits that cannot be made name their layer, and none, whatever came before, breaks a network."""

import random
from typing import Any

import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.network import Edge, Network, apply, check, dump, label, load, topological_order
from builder.network.wires import check_ports
from tests.kit.edits import DIGITS, edit, names, residual, wires

# each refused, and the layer that its error sits on
REFUSED = [
    ({"kind": "add_after", "after": "nowhere", "layer": "Dense"}, "nowhere"),
    ({"kind": "add_after", "after": "conv_1", "layer": "Nonsense"}, "Nonsense"),
    ({"kind": "add_after", "after": "conv_1", "layer": "Input"}, "input_1"),
    ({"kind": "add_after", "after": "conv_1", "layer": "Dropout", "params": {"rate": float("nan")}}, "dropout"),
    ({"kind": "insert", "source": "conv_1", "target": "conv_2", "layer": "Dropout"}, "conv_2"),
    ({"kind": "insert", "source": "conv_1", "target": "pool_1", "target_port": "query", "layer": "Dropout"}, "pool_1"),
    ({"kind": "insert", "source": "conv_1", "target": "pool_1", "layer": "Input"}, "input_1"),
    ({"kind": "connect", "source": "conv_1", "target": "nowhere"}, "nowhere"),
    ({"kind": "connect", "source": "nowhere", "target": "conv_1"}, "nowhere"),
    ({"kind": "connect", "source": "conv_1", "target": "dense"}, "dense"),  # a second wire where one fits
    ({"kind": "connect", "source": "conv_1", "target": "pool_1"}, "pool_1"),  # the same wire again
    ({"kind": "connect", "source": "conv_1", "target": "dense", "target_port": "query"}, "dense"),
    ({"kind": "connect", "source": "digits", "target": "input"}, "input"),
    ({"kind": "disconnect", "source": "conv_1", "target": "dense"}, "dense"),
    ({"kind": "delete", "name": "nowhere"}, "nowhere"),
    ({"kind": "duplicate", "name": "nowhere"}, "nowhere"),
    ({"kind": "move", "name": "nowhere", "after": "dense"}, "nowhere"),
    ({"kind": "move", "name": "dense", "after": "dense"}, "dense"),
    ({"kind": "move", "name": "input", "after": "dense"}, "input"),
    ({"kind": "set", "name": "nowhere", "params": {}}, "nowhere"),
    ({"kind": "set", "name": "dense", "params": {"units": float("inf")}}, "dense"),
    ({"kind": "trainable", "name": "nowhere", "value": True}, "nowhere"),
    ({"kind": "rename", "name": "dense", "to": "digits"}, "dense"),
    ({"kind": "rename", "name": "dense", "to": ""}, "dense"),
    ({"kind": "rename", "name": "dense", "to": "a/b"}, "dense"),
    ({"kind": "rename", "name": "dense", "to": "<b>"}, "dense"),
    ({"kind": "rename", "name": "dense", "to": "x" * 1000}, "dense"),
    ({"kind": "rename_network", "to": " "}, "The network's name"),
    ({"kind": "replace", "network": {"nodes": 3}}, "The network's file"),
]


@pytest.mark.parametrize(("wrong", "where"), REFUSED, ids=str)
def test_an_edit_that_cannot_be_names_its_layer(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(BuilderError) as error:
        apply(DIGITS, wrong, LAYERS)
    assert error.value.where == where


def test_a_circle_is_refused_at_the_layer_that_would_close_it() -> None:
    network = edit(residual(), "add_after", after="add", layer="Dense")
    network = edit(network, "insert", source="input", target="a", layer="Add")
    with pytest.raises(BuilderError, match="depend") as error:
        edit(network, "connect", source="dense", target="add_1")
    assert error.value.where == "add_1"
    with pytest.raises(BuilderError, match="depend") as error:
        edit(network, "connect", source="add_1", target="add_1")
    with pytest.raises(BuilderError, match="depend") as error:
        edit(network, "connect", source="dense", target="a")  # a takes one wire, and has it: to take that away would not help
    assert error.value.where == "a" and not error.value.fixes


@pytest.mark.parametrize(
    "wrong",
    [{}, {"kind": "explode"}, {"kind": "delete"}, {"kind": "delete", "name": 3}, {"kind": "delete", "name": "dense", "more": 1}, []],
    ids=str,
)
def test_a_malformed_edit_is_one_clear_sentence(wrong: Any) -> None:
    for read in (lambda: apply(DIGITS, wrong, LAYERS), lambda: label(wrong)):
        with pytest.raises(BuilderError, match="An edit needs"):
            read()


def test_the_button_beside_a_second_wire_makes_room_for_it() -> None:
    with pytest.raises(BuilderError) as error:
        edit(DIGITS, "connect", source="conv_1", target="dense")
    freed = apply(DIGITS, dict(error.value.fixes[0]["edit"]), LAYERS)
    assert not freed.inputs_of("dense")
    assert ("conv_1", "dense") in wires(edit(freed, "connect", source="conv_1", target="dense"))


PASTED: dict[str, Any] = {
    "network": residual().model_copy(update={"nodes": residual().nodes[1:], "edges": residual().edges[1:-1]}).model_dump(mode="json"),
    "open": [{"node": "a", "port": "inputs"}, {"node": "add", "port": "inputs"}],
}
LAYER_TYPES = ("Dense", "Dropout", "Add", "Concatenate", "MultiHeadAttention", "Input", "Conv2D", "Bidirectional")


def random_edit(network: Network, chance: random.Random) -> dict[str, Any]:
    """An edit that may or may not be possible."""
    some = [node.name for node in network.nodes] or ["nowhere"]
    name, other, layer = chance.choice(some), chance.choice(some), chance.choice(LAYER_TYPES)
    wire = chance.choice(network.edges) if network.edges else Edge(source=name, target=other)
    port = chance.choice(("inputs", "inputs", "query", "value", "key"))
    ends = {"source": wire.source, "target": wire.target, "target_port": wire.target_port}
    return chance.choice(
        [
            {"kind": "add", "layer": layer},
            {"kind": "add_after", "after": name, "layer": layer},
            {"kind": "insert", **ends, "layer": layer},
            {"kind": "connect", "source": name, "target": other, "target_port": port},
            {"kind": "disconnect", **ends},
            {"kind": "delete", "name": name},
            {"kind": "duplicate", "name": name},
            {"kind": "move", "name": name, "after": other},
            {"kind": "set", "name": name, "params": {"units": chance.choice([3, None])}},
            {"kind": "trainable", "name": name, "value": chance.random() < 0.5},
            {"kind": "rename", "name": name, "to": chance.choice([other, f"n{chance.randrange(99)}"])},
            {"kind": "branch", "source": name, "layer": layer},
            {"kind": "parallel", **ends, "layer": layer, "join": chance.choice(("Add", "Concatenate"))},
            {"kind": "feed", "target": name, "target_port": port, "layer": layer},
            {"kind": "move_to", "name": name, **ends},
            *({"kind": kind, "names": chance.sample(some, min(len(some), 3))} for kind in ("delete_all", "duplicate_all")),
            {"kind": "move_all", "names": chance.sample(some, min(len(some), 2)), **ends},
            {"kind": "paste", **PASTED, "after": chance.choice([name, None])},
        ]
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_sequence_of_edits_breaks_a_network(seed: int) -> None:
    chance = random.Random(seed)
    network = chance.choice([Network(name="empty"), DIGITS, residual(), zoo.network("lstm_text")])
    done = refused = 0
    for _ in range(150):
        change = random_edit(network, chance)
        try:
            network = apply(network, change, LAYERS)
        except BuilderError:
            refused += 1
            continue
        check_ports(check(network), LAYERS)
        assert topological_order(network) == tuple(names(network))  # the nodes stand in an order that can be computed
        assert load(dump(network)) == network
        assert label(change)
        done += 1
    assert done > 20
    assert refused


def test_a_wire_that_closes_a_circle_is_told_as_one_also_where_another_wire_takes_its_place() -> None:
    with pytest.raises(BuilderError, match="don't depend on it") as error:
        edit(DIGITS, "connect", source="dense", target="conv_2")  # conv_2 takes one wire, and has one
    assert "circle" in error.value.hint and not error.value.fixes
    with pytest.raises(BuilderError, match="a second one from input"):
        edit(DIGITS, "connect", source="input", target="conv_2")
