"""Layers that give more than one tensor, from the catalogue to Explore: each output has a port, and what it shows is Keras's."""

import json
from importlib import import_module
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
from builder.network import Analysis, Edge, LayerReport, Network, apply, label
from builder.probes import OPERATIONS, PROBES
from builder.probes.model import loaded as memory
from builder.web.canvas_picture import cards_and_wires
from pages.explore.attention import traced_number
from pages.explore.layers import layers as explore_layers
from pages.explore.layers import overview
from pages.explore.recurrent import recurrent
from tests.catalogue.test_catalogue_formulas import example, single_changes
from tests.kit.making import made, several_outputs, weighed

pytestmark = pytest.mark.usefixtures("home")
NETWORK = several_outputs()
NESTED = {"layer": "LSTM", "params": {"units": 5, "return_state": True}}
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


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A run's folder, and the Keras model that has its weights."""
    place = tmp_path_factory.mktemp("several") / "run"
    return place, made(place, NETWORK, "pronouns", epochs=2, spread=0.3)[1]


def keras_own(model: Any) -> dict[str, np.ndarray]:
    """Every tensor of the layers with several, for the first test sentence, under the names that probes use."""
    x = parts("pronouns", seed=1).test.x[:1]
    layers = {name: model.get_layer(name).output for name in ("look", "lstm")}
    found = keras.Model(model.inputs, layers)(x)
    return {f"{name}/{place}" if place else name: each[0].numpy() for name, all_ in found.items() for place, each in enumerate(all_)}


def ask(op: str, place: Path, **arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer, arrays = OPERATIONS[op]({"run": str(place), **arguments}, {})
    json.dumps(answer, allow_nan=False)
    return answer, dict(arrays)


def test_the_states_are_the_last_of_the_sequence_and_of_the_gates(run: tuple[Path, Any]) -> None:
    own = keras_own(run[1])
    answer, found = ask("gates", run[0], layer="lstm")
    np.testing.assert_allclose(own["lstm/1"], own["lstm"][-1], atol=1e-6)
    np.testing.assert_allclose(own["lstm/2"], found["cell"][-1], atol=1e-5)
    assert answer["checks"][0]["value"] < 1e-5


@pytest.mark.parametrize("room", [None, 0])  # all outputs at once; or, where there is no room for them, one after the other in the graph
def test_every_output_has_a_card_with_keras_s_numbers(run: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch, room: int | None) -> None:
    if room is not None:
        monkeypatch.setattr(import_module("builder.probes.layers.layer_outputs"), "MOST_OUTPUTS", room)
        memory.forget()
    answer, arrays = ask("overview", run[0])
    cards = {each["name"]: each for each in answer["layers"]}
    ports = {name: each.get("port") for name, each in cards.items() if each.get("of")}
    assert ports == {"look/1": "scores", "lstm/1": "hidden", "lstm/2": "cell"}
    own = keras_own(run[1])
    np.testing.assert_allclose(arrays["card:look/1"], own["look/1"], atol=1e-6)  # a map a head
    np.testing.assert_allclose(arrays["card:lstm/2"][:, 0, 0], own["lstm/2"], atol=1e-5)
    np.testing.assert_allclose(arrays["card:lstm"][:, 0], own["lstm"].T, atol=1e-5)
    for name, value in own.items():
        assert tuple(cards[name]["shape"]) == value.shape and cards[name]["high"] == pytest.approx(value.max(), abs=1e-5)
    assert cards["look/1"]["heads"] and cards["look/1"]["count"] == 2 and not cards["lstm/1"]["heads"]
    closer, maps = ask("layer", run[0], layer="look/1")
    np.testing.assert_allclose(maps["maps"], own["look/1"], atol=1e-6)
    assert closer["whole"] and sum(closer["counts"]) == own["look/1"].size and closer["port"] == "scores"


def test_feature_maps_have_every_output_of_a_layer(run: tuple[Path, Any]) -> None:
    own = keras_own(run[1])
    found = PROBES["feature_maps"].compute(run[0], 1, 0, "lstm")
    assert set(found) == {"input", "lstm", "lstm/1", "lstm/2"}
    for name in ("lstm", "lstm/1", "lstm/2"):
        np.testing.assert_allclose(found[name], own[name], atol=1e-5)
    assert set(PROBES["feature_maps"].compute(run[0], 1, 0, "lstm/2")) == {"input", "lstm/2"}


@pytest.mark.parametrize(("layer", "shape"), [("Attention", (9, 9)), ("MultiHeadAttention", (2, 9, 9))])
def test_scores_of_one_head_are_a_single_map(tmp_path: Path, layer: str, shape: tuple[int, ...]) -> None:
    params = {"num_heads": 2, "key_dim": 4} if layer == "MultiHeadAttention" else {}
    node = NETWORK.node("look").model_copy(update={"layer": layer, "params": {**params, "return_attention_scores": True}})
    ports = ("query", "value") if params else ("inputs", "inputs")
    nodes = [node if each.name == "look" else each for each in NETWORK.nodes]
    wires = [edge for edge in NETWORK.edges if edge.target != "look"] + [
        Edge(source=source, target="look", target_port=port) for source, port in zip(("embedding", "more"), ports, strict=True)
    ]
    nodes.insert(2, NETWORK.node("flat").model_copy(update={"name": "more", "layer": "Identity", "params": {}}))
    wires.append(Edge(source="embedding", target="more"))
    made(tmp_path / "run", NETWORK.model_copy(update={"nodes": tuple(nodes), "edges": tuple(wires)}), "pronouns", spread=0.3)
    answer, arrays = ask("overview", tmp_path / "run")
    card = next(each for each in answer["layers"] if each["name"] == "look/1")
    assert tuple(card["shape"]) == shape and arrays["card:look/1"].shape == (*([1] if len(shape) == 2 else []), *shape)
    np.testing.assert_allclose(arrays["card:look/1"].sum(axis=-1), 1, atol=1e-5)
    assert all(check["value"] < 1e-5 for check in ask("attention", tmp_path / "run")[0]["checks"])


@pytest.mark.parametrize(
    ("op", "arguments"),
    [
        ("attention", {}),
        ("unfolded", {"layer": "look", "head": 1}),
        ("head_parts", {"layer": "look", "index": [3, 2]}),
        ("head_ablation", {}),
        ("self_check", {}),
        ("top_samples", {"layer": "lstm"}),
        ("histograms", {}),
        ("dead", {}),
        ("lookback", {}),
        ("through_time", {"layer": "lstm"}),
        ("layer_weights", {"layer": "noun"}),
        ("lens", {"layer": "join", "index": [9]}),
        ("saliency", {}),
    ],
)
def test_other_probes_take_the_first_output_as_they_did(run: tuple[Path, Any], op: str, arguments: dict[str, Any]) -> None:
    answer, _ = ask(op, run[0], epoch=1, **arguments)
    checks = answer.get("checks") or [answer["check"]]
    assert all(abs(check["value"]) < 5e-3 for check in checks), checks


def test_codes_are_looked_for_among_first_outputs(run: tuple[Path, Any]) -> None:
    assert ask("latent", run[0])[0]["layer"] == "embedding"  # the first with the fewest numbers of those that everything passes


def test_a_card_holds_the_layer_s_further_outputs(run: tuple[Path, Any]) -> None:
    answer, arrays = ask("overview", run[0])
    found = overview.Inspection(answer, arrays)
    said = overview.outputs(found, "lstm")
    assert said == [{"port": "output", "words": "9 × 6"}, {"port": "hidden", "words": "6"}, {"port": "cell", "words": "6"}]
    assert [overview.output_name(NETWORK, "lstm", port) for port in ("output", "hidden", "cell", "scores")] == [
        "lstm",
        "lstm/1",
        "lstm/2",
        "lstm",
    ]


@pytest.mark.parametrize(
    ("layer", "unit", "place"),
    [
        ("lstm", "cell:all", (2, "lstm", 0, None, "cell")),
        ("lstm", "cell:0,4", (3, "lstm", 0, (4,), "cell")),
        ("look", "scores:1,3,5", (3, "look", 1, (3, 5), "scores")),
        ("lstm", "gone:all", (2, "lstm", 0, None, "output")),
        ("lstm", "5,2", (3, "lstm", 5, (2,), "output")),
    ],
)
def test_the_address_names_an_output(monkeypatch: pytest.MonkeyPatch, layer: str, unit: str, place: tuple[Any, ...]) -> None:
    monkeypatch.setattr(explore_layers.state, "chosen", {"layer": layer, "unit": unit}.get)
    assert explore_layers.place(NETWORK) == explore_layers.Place(*place)


def test_a_score_that_was_pressed_belongs_to_its_head_and_query(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {traced_number.KEY: "of an earlier press"}
    monkeypatch.setattr(explore_layers.st, "session_state", kept)
    explore_layers._carry({"layer": "look", "view": "attention", "unit": "scores:1,3,5", "step": None})
    assert kept == {"attention_tab": "This run", "attention_head": 1, "attention_query": 3}


@pytest.mark.parametrize(
    ("params", "unit", "brought"),
    [
        ({"layer": NESTED}, "backward_cell:0,3", {"unit": 8, "step": 0}),
        ({"layer": NESTED}, "forward_cell:0,3", {"unit": 3, "step": None}),
        ({"layer": NESTED}, "3,6", {"unit": 3, "step": 6}),
    ],
)
def test_a_state_that_was_pressed_is_found_among_the_gates(
    monkeypatch: pytest.MonkeyPatch, params: dict[str, Any], unit: str, brought: dict[str, Any]
) -> None:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(explore_layers.st, "session_state", kept)
    explore_layers._carry({"layer": "both", "view": "gates", "unit": unit, "step": 6 if ":" not in unit else None})
    ways = [{"name": name, "kind": "LSTM", "units": [5 * at, 5 * at + 5]} for at, name in enumerate(("forward", "backward"))]
    found = recurrent.Inspection({"directions": ways}, {})
    node = NETWORK.node("lstm").model_copy(update={"name": "both", "layer": "Bidirectional", "params": params})
    told = recurrent.carried(found, node)
    assert told and {name: told[name] for name in ("unit", "step")} == brought
