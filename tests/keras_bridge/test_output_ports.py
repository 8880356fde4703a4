"""Layers that give more than one tensor: a port for each that Keras gives, named wires, a program, a file, a canvas."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder.catalogue import LAYERS
from builder.code import program
from builder.datasets import parts
from builder.engine.opening import open_keras
from builder.errors import BuilderError
from builder.keras_bridge import analyse, to_keras
from builder.keras_bridge.layers import arguments_of, make_layer
from builder.keras_bridge.scope import nothing_allocated
from builder.network import Analysis, LayerReport, Network, apply, label
from builder.web.canvas_picture import cards_and_wires
from tests.catalogue.test_catalogue_formulas import example, single_changes
from tests.kit.making import NESTED, several_outputs, weighed

pytestmark = pytest.mark.usefixtures("home")
NETWORK = several_outputs()
BOTH = ("output", "forward_hidden", "forward_cell", "backward_hidden", "backward_cell")


def tensors(layer: str, params: dict[str, Any]) -> list[Any]:
    """What Keras gives for an example of the layer's input."""
    record = LAYERS[layer]
    with nothing_allocated():
        given = [keras.KerasTensor((None, *shape)) for shape in example(record)]
        ports = (
            {record.inputs[0].name: given} if record.inputs[0].many else {p.name: [t] for p, t in zip(record.inputs, given, strict=False)}
        )
        first, named = arguments_of(record, params, ports)
        return list(keras.tree.flatten(make_layer(layer, params)(first, **named)))


@pytest.mark.parametrize("layer", [name for name, record in LAYERS.items() if record.family in ("recurrent", "attention")])
def test_a_layer_has_a_port_for_each_tensor_that_keras_gives(layer: str) -> None:
    several = 0
    for params in [*single_changes(LAYERS[layer]), {**LAYERS[layer].start(), **({"layer": NESTED} if layer == "Bidirectional" else {})}]:
        try:
            found = tensors(layer, params)
        except Exception:  # a combination that Keras refuses
            continue
        assert len(LAYERS[layer].outputs(params)) == len(found), params
        several += len(found) > 1
    assert bool(several) == (layer not in ("TimeDistributed", "PositionalEmbedding"))


def test_ports_are_named_for_what_they_give() -> None:
    assert LAYERS["LSTM"].outputs({"return_state": True}) == ("output", "hidden", "cell")
    assert LAYERS["GRU"].outputs({"return_state": True}) == LAYERS["SimpleRNN"].outputs({"return_state": True}) == ("output", "hidden")
    assert LAYERS["Bidirectional"].outputs({"layer": NESTED}) == BOTH
    assert LAYERS["Attention"].outputs({"return_attention_scores": True}) == ("output", "scores")
    assert LAYERS["Dense"].outputs({}) == LAYERS["LSTM"].outputs({}) == ("output",)


def by_hand(model: Any) -> Any:
    """The same network written by a person, with the model's weights."""
    layers, own = keras.layers, {}

    def named(layer: Any) -> Any:
        own[layer.name] = layer
        return layer

    start = keras.Input((9,), dtype="int32")
    x = named(layers.Embedding(60, 8, name="embedding"))(start)
    x, scores = named(layers.MultiHeadAttention(2, 4, name="look"))(x, x, return_attention_scores=True)
    x, hidden, cell = named(layers.LSTM(6, return_sequences=True, return_state=True, name="lstm"))(x)
    joined = layers.Concatenate()([layers.GlobalMaxPooling1D()(x), cell, hidden, layers.Flatten()(scores)])
    written = keras.Model(start, named(layers.Dense(10, activation="softmax", name="noun"))(joined))
    for name, layer in own.items():
        layer.set_weights(model.get_layer(name).get_weights())
    return written


def test_wires_carry_the_output_that_they_name() -> None:
    model, x = weighed(NETWORK, 3, spread=0.3), parts("pronouns").test.x[:4]
    np.testing.assert_allclose(model(x), by_hand(model)(x), atol=1e-5)
    reports = {report.name: report for report in analyse(NETWORK, deep=True).layers}
    assert reports["lstm"].output_shape == (9, 6) and reports["lstm"].further == ((6,), (6,))
    assert reports["look"].further == ((2, 9, 9),) and reports["join"].output_shape == (6 + 6 + 6 + 162,)


def test_the_program_of_such_a_network_makes_the_same_model() -> None:
    here: dict[str, Any] = {"__name__": "program"}
    exec(program(NETWORK), here)
    model, x = weighed(NETWORK, 3, spread=0.3), parts("pronouns").test.x[:4]
    written = here["model"]
    for layer in model.layers:
        written.get_layer(layer.name).set_weights(layer.get_weights())
    np.testing.assert_allclose(written(x), model(x), atol=1e-6)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_saved_model_comes_back_with_its_ports(tmp_path: Path, suffix: str) -> None:
    to_keras(NETWORK).save(tmp_path / f"mine{suffix}")
    found, notes = open_keras(tmp_path / f"mine{suffix}")
    assert not notes and set(found.edges) == set(NETWORK.edges)
    assert found.node("lstm").params["return_state"] and found.node("look").params["return_attention_scores"]


def test_a_state_that_comes_from_elsewhere_is_refused_by_name(tmp_path: Path) -> None:
    x = keras.Input((5, 3))
    _, hidden, cell = keras.layers.LSTM(4, return_state=True)(x)
    keras.Model(x, keras.layers.LSTM(4, name="decoder")(x, initial_state=[hidden, cell])).save(tmp_path / "it.keras")
    with pytest.raises(BuilderError, match=r"decoder needs inputs at its ports .* one for initial_state"):
        open_keras(tmp_path / "it.keras")


WIRE = {"source": "lstm", "target": "join", "target_port": "inputs"}


def carried(network: Network) -> list[str]:
    """What the wires from the LSTM to the Concatenate carry, in its order."""
    return [edge.source_port for edge in network.inputs_of("join") if edge.source == "lstm"]


def test_a_wire_is_told_to_carry_another_output() -> None:
    change = {"kind": "carry", **WIRE, "source_port": "cell", "port": "output"}
    assert carried(apply(NETWORK, change, LAYERS)) == ["output", "hidden"] and label(change) == "Carry the output of lstm to join"
    added = apply(NETWORK, {"kind": "connect", **WIRE}, LAYERS)
    assert carried(added) == ["cell", "hidden", "output"]
    inside = apply(NETWORK, {"kind": "insert", **WIRE, "source_port": "hidden", "layer": "Dense"}, LAYERS)
    assert inside.inputs_of("dense")[0].source_port == "hidden" and carried(inside) == ["cell"]
    freed = apply(NETWORK, {"kind": "disconnect", **WIRE, "source_port": "hidden"}, LAYERS)
    assert carried(freed) == ["cell"]
    healed = apply(NETWORK, {"kind": "delete", "name": "flat"}, LAYERS)
    assert [edge.source_port for edge in healed.inputs_of("join") if edge.source == "look"] == ["scores"]


@pytest.mark.parametrize(
    ("change", "needs"),
    [
        ({"kind": "carry", **WIRE, "source_port": "cell", "port": "hidden"}, "join needs each wire to its port inputs once"),
        ({"kind": "carry", **WIRE, "source_port": "cell", "port": "scores"}, r"lstm needs wires from its outputs \(output, hidden, cell\)"),
        ({"kind": "connect", "source": "noun", "target": "join", "source_port": "cell"}, r"noun needs wires from its outputs \(output\)"),
    ],
)
def test_a_wire_from_an_output_that_is_not_there_is_refused(change: dict[str, Any], needs: str) -> None:
    with pytest.raises(BuilderError, match=needs):
        apply(NETWORK, change, LAYERS)


def test_an_output_that_is_given_no_more_is_a_problem_that_each_button_mends() -> None:
    without = apply(NETWORK, {"kind": "set", "name": "lstm", "params": {"return_state": None}}, LAYERS)
    problems = [problem for problem in analyse(without).problems if problem.severity == "error"]
    assert {problem.node for problem in problems} == {"join"} and "an output that lstm gives (output)" in problems[0].message
    back, other = problems[0].fixes
    assert (back.label, other.label) == ("Set return_state of lstm", "Carry the output of lstm instead")
    assert not analyse(apply(without, back.edit, LAYERS)).problems
    assert carried(apply(without, other.edit, LAYERS)) == ["output", "hidden"]
    for ask in (to_keras, program):
        with pytest.raises(BuilderError, match="lstm gives"):
            ask(without)


def test_the_canvas_is_told_every_output_and_what_each_wire_carries() -> None:
    drawn = cards_and_wires(NETWORK, analyse(NETWORK, deep=True))
    nodes = {node["name"]: node["outputs"] for node in drawn["nodes"]}
    assert nodes["lstm"] == [{"name": "output", "shape": (9, 6)}, {"name": "hidden", "shape": (6,)}, {"name": "cell", "shape": (6,)}]
    assert [each["name"] for each in nodes["look"]] == ["output", "scores"] and nodes["noun"] == []
    assert [edge["source_port"] for edge in drawn["edges"] if edge["source"] == "lstm"] == ["output", "cell", "hidden"]
    unknown = cards_and_wires(NETWORK, Analysis(name="none", layers=(LayerReport(name="lstm", layer="LSTM"),)))
    assert [each["shape"] for node in unknown["nodes"] for each in node["outputs"] if node["name"] == "lstm"] == [None]
