"""Edits that branch, place exactly, and take several layers at once: what each one does, and what Keras says of the result."""

from typing import Any

import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.keras_bridge import analyse
from builder.network import Network, apply, label, topological_order
from tests.kit.edits import DIGITS, edit, names, residual, wires


def several(network: Network, kind: str, *chosen: str, **more: Any) -> Network:
    return edit(network, kind, names=list(chosen), **more)


def copied(network: Network, *chosen: str) -> dict[str, Any]:
    """What the canvas puts on the clipboard."""
    part = network.model_copy(
        update={
            "nodes": tuple(node for node in network.nodes if node.name in chosen),
            "edges": tuple(edge for edge in network.edges if {edge.source, edge.target} <= set(chosen)),
        }
    )
    entering = [edge for edge in network.edges if edge.target in chosen and edge.source not in chosen]
    opened = [{"node": edge.target, "port": edge.target_port} for edge in entering]
    return {"network": part.model_dump(mode="json"), "open": opened}


def pasted(network: Network, part: dict[str, Any], after: str | None) -> Network:
    return apply(network, {"kind": "paste", **part, "after": after}, LAYERS)


def with_tail(network: Network) -> Network:
    """The residual block with a layer behind it."""
    return edit(network, "add_after", after="add", layer="Dense", params={"units": 8})


def test_a_branch_leaves_the_readers_of_its_source_alone() -> None:
    network = edit(DIGITS, "branch", source="pool_2", layer="Flatten")
    assert wires(network) == wires(DIGITS) | {("pool_2", "flatten_1")}
    assert {node.name for node in network.outputs} == {"digits", "flatten_1"}
    attention = edit(zoo.network("rnn_text"), "branch", source="embedding", layer="MultiHeadAttention")
    assert [edge.target_port for edge in attention.inputs_of("multi_head_attention")] == ["query", "value"]


def test_a_layer_beside_a_wire_is_joined_before_a_reader_that_takes_one() -> None:
    network = edit(DIGITS, "parallel", source="flatten", target="dense", layer="Dense")
    assert {("flatten", "dense_1"), ("dense_1", "add"), ("flatten", "add"), ("add", "dense")} <= wires(network)
    joined = edit(DIGITS, "parallel", source="flatten", target="dense", layer="Dense", join="Concatenate")
    found = {layer.name: layer.output_shape for layer in analyse(joined).layers}
    assert (found["flatten"], found["dense_1"], found["concatenate"]) == ((1600,), (64,), (1664,))


def test_a_layer_beside_a_wire_into_a_join_is_one_more_input_of_it() -> None:
    network = edit(residual(), "parallel", source="input", target="add", layer="Dense", params={"units": 8})
    assert [edge.source for edge in network.inputs_of("add")] == ["b", "input", "dense"]
    assert not analyse(network).problems


def test_two_branches_are_joined_by_a_layer_that_takes_several() -> None:
    with pytest.raises(BuilderError, match="take several"):
        edit(DIGITS, "parallel", source="flatten", target="dense", layer="Dense", join="Dropout")


def test_a_new_layer_feeds_a_port_that_is_free_and_no_other() -> None:
    network = edit(zoo.network("reversal_attention"), "feed", target="attention", target_port="key", layer="Dense")
    assert [(edge.source, edge.target_port) for edge in network.inputs_of("attention")][-1] == ("dense_1", "key")
    assert not network.inputs_of("dense_1")
    with pytest.raises(BuilderError) as error:
        edit(DIGITS, "feed", target="dense", layer="Dense")
    assert error.value.where == "dense"


def test_a_layer_moved_onto_a_wire_stands_on_that_wire_alone() -> None:
    network = edit(edit(residual(), "add", layer="Dropout"), "move_to", name="dropout", source="input", target="add")
    assert wires(network) == {("input", "a"), ("a", "b"), ("b", "add"), ("input", "dropout"), ("dropout", "add")}
    chain = edit(DIGITS, "move_to", name="pool_1", source="pool_2", target="flatten")
    assert names(chain)[:6] == ["input", "conv_1", "conv_2", "pool_2", "pool_1", "flatten"]
    with pytest.raises(BuilderError):
        edit(DIGITS, "move_to", name="pool_1", source="conv_1", target="pool_1")  # its own wire


def test_deleting_several_layers_joins_what_is_left_around_them() -> None:
    network = several(with_tail(residual()), "delete_all", "a", "b", "add")
    assert wires(network) == {("input", "dense")}
    assert several(DIGITS, "delete_all", *names(DIGITS)).nodes == ()


def test_a_block_that_is_duplicated_follows_itself_with_its_skip_connection() -> None:
    network = several(with_tail(residual()), "duplicate_all", "a", "b", "add")
    assert {("add", "a_1"), ("a_1", "b_1"), ("b_1", "add_1"), ("add", "add_1"), ("add_1", "dense")} <= wires(network)
    assert not analyse(network).problems


def test_branches_that_are_duplicated_each_follow_themselves() -> None:
    wide = edit(residual(), "insert", source="input", target="add", layer="Dense", params={"units": 8})
    network = several(wide, "duplicate_all", "b", "dense")
    assert {("b", "b_1"), ("b_1", "add"), ("dense", "dense_1"), ("dense_1", "add")} <= wires(network)


def test_a_duplicated_block_keeps_what_it_reads_from_elsewhere() -> None:
    network = zoo.network("seq2seq_transformer")
    crossing = next(
        edge for edge in network.edges if edge.target_port == "value" and edge.source != network.inputs_of(edge.target)[0].source
    )
    copy = several(network, "duplicate_all", crossing.target)
    new = (set(names(copy)) - set(names(network))).pop()
    assert (crossing.source, new) in wires(copy) and (crossing.target, new) in wires(copy)


def test_several_layers_move_as_they_stand() -> None:
    network = several(DIGITS, "move_all", "conv_1", "pool_1", source="pool_2", target="flatten")
    assert names(network)[:6] == ["input", "conv_2", "pool_2", "conv_1", "pool_1", "flatten"]
    assert sorted(network.nodes, key=lambda node: node.name) == sorted(DIGITS.nodes, key=lambda node: node.name)
    with pytest.raises(BuilderError, match="one way out"):
        several(with_tail(residual()), "move_all", "a", "dense", source="b", target="add")


def test_a_chain_that_is_not_wired_yet_moves_onto_a_wire() -> None:
    network = edit(edit(DIGITS, "add", layer="Dropout"), "add_after", after="dropout", layer="Dense")
    moved = several(network, "move_all", "dropout", "dense_1", source="flatten", target="dense")
    assert {("flatten", "dropout"), ("dropout", "dense_1"), ("dense_1", "dense")} <= wires(moved)


def test_a_copied_block_goes_into_another_network_in_series() -> None:
    block = copied(with_tail(residual()), "a", "b", "add")
    network = pasted(zoo.network("mlp"), block, "input")
    assert {("input", "a"), ("input", "add")} <= wires(network)
    assert [edge.target for edge in network.outputs_of("add")] == [zoo.network("mlp").outputs_of("input")[0].target]
    assert topological_order(network) == tuple(names(network))
    twice = pasted(network, block, "add")
    assert {"a_1", "b_1", "add_1"} <= set(names(twice)) and ("add", "add_1") in wires(twice)


def test_a_copied_network_is_pasted_whole_where_nothing_is() -> None:
    network = pasted(Network(name="empty"), copied(DIGITS, *names(DIGITS)), None)
    assert (network.nodes, network.edges, network.name) == (DIGITS.nodes, DIGITS.edges, "empty")


@pytest.mark.parametrize(
    "wrong",
    [
        {"network": {"nodes": [{"name": "a b", "layer": "Dense"}]}},
        {"network": {"nodes": [{"name": "a", "layer": "Dense"}] * 2001}},
        {"network": {"nodes": [], "edges": [{"source": "x", "target": "y"}]}},
        {"network": 3},
        {"network": {"nodes": [{"name": "a", "layer": "Dense"}]}, "open": [{"node": "a", "port": "nowhere"}]},
        {"network": {"nodes": [{"name": "a", "layer": "Dense"}]}, "open": [{"node": "a"}]},
    ],
    ids=("a wrong name", "too many", "no such ends", "no network", "no such port", "no port"),
)
def test_what_is_pasted_is_held_against_every_limit(wrong: dict[str, Any]) -> None:
    with pytest.raises(BuilderError):
        pasted(DIGITS, wrong, "dense")


def test_the_undo_list_counts_the_layers() -> None:
    assert label({"kind": "delete_all", "names": ["a", "b", "c"]}) == "Delete 3 layers"
    assert label({"kind": "paste", **copied(DIGITS, "dense")}) == "Paste 1 layer"
    assert label({"kind": "parallel", "source": "a", "target": "b", "layer": "Dense"}) == "Add Dense beside a → b"
    assert apply(DIGITS, {"kind": "duplicate_all", "names": ["dense", "dense"]}, LAYERS).nodes[-2].name == "dense_1"
