"""Edits of a network: what each does to layers and wires."""

import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.network import apply, fresh_name, label
from tests.kit.edits import DIGITS, edit, names, residual, wires


def test_a_layer_added_after_another_takes_over_its_readers() -> None:
    network = edit(DIGITS, "add_after", after="pool_1", layer="Dropout", params={"rate": 0.3})
    assert names(network)[:5] == ["input", "conv_1", "pool_1", "dropout", "conv_2"]
    assert {("pool_1", "dropout"), ("dropout", "conv_2")} <= wires(network)
    assert ("pool_1", "conv_2") not in wires(network)
    assert network.node("dropout").params == {**LAYERS["Dropout"].start(), "rate": 0.3}
    assert wires(edit(DIGITS, "add_after", after="digits", layer="Softmax")) == wires(DIGITS) | {("digits", "softmax")}


def test_a_layer_inserted_on_a_wire_leaves_the_other_readers_alone() -> None:
    network = edit(residual(), "insert", source="input", target="add", layer="Dense")
    assert {("input", "dense"), ("dense", "add"), ("input", "a")} <= wires(network)
    assert [each.source for each in network.inputs_of("add")] == ["b", "dense"]  # the order of inputs stays


def test_attention_added_after_a_layer_attends_to_that_layer() -> None:
    network = edit(zoo.network("rnn_text"), "add_after", after="embedding", layer="MultiHeadAttention")
    arriving = network.inputs_of("multi_head_attention")
    assert {(each.source, each.target_port) for each in arriving} == {("embedding", "query"), ("embedding", "value")}
    assert network.inputs_of("rnn")[0].source == "multi_head_attention"


def test_the_first_input_is_connected_to_the_layer_that_waits_for_it() -> None:
    network = edit(edit(DIGITS, "delete", name="input"), "add", layer="Input")
    assert network.nodes[0].layer == "Input"
    assert (network.nodes[0].name, "conv_1") in wires(network)
    second = edit(network, "add", layer="Input")
    assert not second.outputs_of("input_1")


def test_deleting_heals_the_gap() -> None:
    network = edit(DIGITS, "delete", name="pool_1")
    assert ("conv_1", "conv_2") in wires(network)
    assert "pool_1" not in names(network)
    assert ("dense", "digits") not in wires(edit(DIGITS, "delete", name="digits"))


def test_deleting_a_sum_keeps_the_branch_that_would_hang() -> None:
    network = edit(residual(), "add_after", after="add", layer="Dense")
    healed = edit(network, "delete", name="add")
    assert [each.source for each in healed.inputs_of("dense")] == ["b"]
    assert [node.name for node in healed.outputs] == ["dense"]


def test_deleting_a_join_before_a_join_hands_over_all_that_it_read() -> None:
    network = edit(residual(), "add_after", after="add", layer="Concatenate")
    healed = edit(network, "delete", name="add")
    assert {each.source for each in healed.inputs_of("concatenate")} == {"b", "input"}


def test_deleting_all_layers_of_a_branch_leaves_one_wire() -> None:
    network = edit(edit(residual(), "delete", name="a"), "delete", name="b")
    assert [each.source for each in network.inputs_of("add")] == ["input"]


def test_a_duplicate_stands_after_its_original_with_the_same_settings() -> None:
    frozen = edit(DIGITS, "trainable", name="conv_1", value=False)
    network = edit(frozen, "duplicate", name="conv_1")
    copy = network.node("conv_3")
    assert (copy.params, copy.trainable) == (DIGITS.node("conv_1").params, False)
    assert {("conv_1", "conv_3"), ("conv_3", "pool_1")} <= wires(network)


def test_moving_a_layer_heals_where_it_was() -> None:
    network = edit(DIGITS, "move", name="pool_1", after="conv_2")
    assert names(network)[:5] == ["input", "conv_1", "conv_2", "pool_1", "pool_2"]
    assert {("conv_1", "conv_2"), ("conv_2", "pool_1"), ("pool_1", "pool_2")} <= wires(network)
    back = edit(network, "move", name="pool_1", after="conv_1")
    assert (back.nodes, wires(back)) == (DIGITS.nodes, wires(DIGITS))
    assert edit(DIGITS, "move", name="pool_1", after="conv_1") == DIGITS


def test_a_sum_that_moves_takes_its_other_input_along() -> None:
    network = edit(edit(residual(), "add_after", after="add", layer="Dense"), "move", name="add", after="dense")
    assert [each.source for each in network.inputs_of("add")] == ["dense", "input"]
    assert ("b", "dense") in wires(network)


def test_a_parameter_set_to_nothing_goes_back_to_its_default() -> None:
    network = edit(DIGITS, "set", name="conv_1", params={"filters": 8, "activation": None})
    assert network.node("conv_1").params == {"filters": 8, "kernel_size": [3, 3]}
    assert DIGITS.node("conv_1").params["filters"] == 32  # the network before the edit is unchanged


def test_a_new_name_is_the_one_in_every_wire() -> None:
    network = edit(DIGITS, "rename", name="conv_1", to=" edges ")
    assert {("input", "edges"), ("edges", "pool_1")} <= wires(network)
    assert edit(network, "rename", name="edges", to="conv_1") == DIGITS


def test_names_are_invented_as_keras_invents_them() -> None:
    words = {"Conv2D": "conv2d", "MaxPooling2D": "max_pooling2d", "SimpleRNN": "simple_rnn", "LSTM": "lstm", "LeakyReLU": "leaky_re_lu"}
    assert {layer: fresh_name(DIGITS, layer) for layer in words} == words
    assert fresh_name(DIGITS, "Dense") == "dense_1"


def test_replacing_keeps_the_name_of_the_network() -> None:
    network = apply(DIGITS, {"kind": "replace", "network": zoo.network("mlp").model_dump(mode="json")}, LAYERS)
    assert network == zoo.network("mlp").model_copy(update={"name": "digit_cnn"})


def test_every_edit_has_a_sentence_for_the_undo_list() -> None:
    assert label({"kind": "add_after", "after": "flatten", "layer": "Dense"}) == "Add Dense after flatten"
    assert label({"kind": "set", "name": "conv_1", "params": {"filters": 8}}) == "Set filters of conv_1"
    assert label({"kind": "trainable", "name": "conv_1", "value": False}) == "Freeze conv_1"


def test_spaces_in_a_name_become_underscores() -> None:
    network = edit(DIGITS, "rename", name="conv_1", to="  my first  layer ")
    assert "my_first_layer" in names(network)


def test_edits_that_belong_together_are_one_step_and_one_refusal() -> None:
    both = [{"kind": "set", "name": "dense", "params": {"units": 5}}, {"kind": "add_after", "after": "dense", "layer": "Dropout"}]
    network = edit(DIGITS, "several", edits=both)
    assert network.node("dense").params["units"] == 5 and "dropout" in names(network)
    assert label({"kind": "several", "edits": both}) == "Set units of dense, then Add Dropout after dense"
    with pytest.raises(BuilderError):
        edit(DIGITS, "several", edits=[*both, {"kind": "delete", "name": "nobody"}])
    with pytest.raises(BuilderError):
        edit(DIGITS, "several", edits=[{"kind": "several", "edits": both}])


def test_only_what_leads_to_a_layer_is_kept() -> None:
    kept = edit(residual(), "only", name="a")
    assert set(names(kept)) == {"input", "a"} and [node.name for node in kept.outputs] == ["a"]
    assert edit(residual(), "only", name="add") == residual()


def test_a_layer_is_read_instead_of_another_and_each_wire_is_there_once() -> None:
    merged = edit(residual(), "merge", name="b", into="a")
    assert wires(merged) == {("input", "a"), ("a", "add"), ("input", "add")}
    with pytest.raises(BuilderError):
        edit(residual(), "merge", name="a", into="b")
