"""Layers that give more than one tensor in Explore: what each output's card, map and address show is Keras's."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder.datasets import parts
from builder.network import Edge
from builder.probes import OPERATIONS, PROBES
from builder.probes.model import loaded as memory
from pages.explore.attention import traced_number
from pages.explore.layers import layers as explore_layers
from pages.explore.layers import overview
from pages.explore.recurrent import recurrent
from tests.kit.making import NESTED, made, several_outputs

pytestmark = pytest.mark.usefixtures("home")
NETWORK = several_outputs()


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
