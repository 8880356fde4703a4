"""Attention between an encoder and a decoder, against Keras."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder import zoo
from builder.datasets import parts
from builder.network import Edge, Network, Node
from builder.probes.attention.ablation import token_masking
from builder.probes.attention.attention import attention
from builder.probes.attention.unfolded import unfolded
from tests.kit.making import made
from tests.kit.probing import look

pytestmark = pytest.mark.usefixtures("home")
CLOSE = 2e-6


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """An encoder and a decoder."""
    place = tmp_path_factory.mktemp("runs") / "both"
    return place, made(place, zoo.network("seq2seq_transformer"), "reversal", "sequence_to_sequence")


def test_a_decoder_s_queries_meet_the_encoder_s_keys(both: tuple[Path, list[Any]]) -> None:
    place, (model,) = both
    answer, arrays = look(attention, place, sample=6)
    assert all(check["value"] < 1e-5 for check in answer["checks"])
    facts = {each["name"]: each for each in answer["layers"]}
    assert [(each["cross"], each["query_source"], each["key_source"]) for each in facts.values()] == [
        (False, "input", "input"),
        (False, "target", "target"),
        (True, "target", "input"),
    ]
    test = parts("reversal").test
    late = np.concatenate([[10], test.y[6, :-1]])[None]
    ends = [model.get_layer(name).output for name in ("decoder_attention_norm", "encoder_feed_norm")]
    query, memory = keras.Model(model.inputs, ends)([test.x[6:7], late])
    _, scores = model.get_layer("cross_attention")(query, memory, return_attention_scores=True)
    assert np.allclose(arrays["weights:cross_attention"], scores[0], atol=CLOSE)
    assert np.allclose(arrays["output"], model([test.x[6:7], late])[0], atol=CLOSE)
    assert answer["tokens"]["target"][0] == "start" and answer["tokens"]["input"] == [str(digit) for digit in test.x[6]]
    assert {"rollout:input", "rollout:target"} <= arrays.keys()
    for head in (0, 1):
        assert all(check["value"] < 1e-5 for check in look(unfolded, place, layer="cross_attention", head=head)[0]["checks"])


def test_hiding_a_target_leaves_the_steps_before_it_and_hiding_an_input_does_not(both: tuple[Path, list[Any]]) -> None:
    answer, arrays = look(token_masking, both[0], source="target", positions=[8])
    assert answer["tokens"][0] == "start"
    assert np.allclose(arrays["without"][0, :9], arrays["output"][:9], atol=1e-5)
    assert np.abs(arrays["without"][0, 9:] - arrays["output"][9:]).max() > 1e-4
    _, arrays = look(token_masking, both[0], source="input", positions=[8])
    assert np.abs(arrays["without"][0, :8] - arrays["output"][:8]).max() > 1e-4


def single(*between: tuple[str, str, dict[str, Any]]) -> Network:
    """Attention of 9 tokens at themselves, the values by way of these layers; Keras's list of inputs takes no wire twice."""
    ways = [name for name, _, _ in between]
    nodes = [("input", "Input", {"shape": [9], "dtype": "int32"}), ("embedding", "Embedding", {"input_dim": 60, "output_dim": 4}), *between]
    nodes += [("look", "Attention", {}), ("mean", "GlobalAveragePooling1D", {}), ("noun", "Dense", {"units": 10, "activation": "softmax"})]
    wires = [
        ("input", "embedding"),
        *pairwise(["embedding", *ways]),
        ("embedding", "look"),
        (ways[-1], "look"),
        ("look", "mean"),
        ("mean", "noun"),
    ]
    return Network(
        nodes=tuple(Node(name=name, layer=layer, params=params) for name, layer, params in nodes),
        edges=tuple(Edge(source=source, target=target) for source, target in wires),
    )


ALONE = [("same", "Identity", {}), ("drop", "Dropout", {"rate": 0.1}), ("values", "Dense", {"units": 4})]


@pytest.mark.parametrize("between", ALONE, ids=lambda each: each[1])
def test_a_sequence_that_looks_at_itself_through_layers_of_single_steps_is_self_attention(between: Any, tmp_path: Path) -> None:
    made(tmp_path, single(between), "pronouns", spread=0.3)
    answer, arrays = attention({"run": str(tmp_path)}, {})
    assert [each["cross"] for each in answer["layers"]] == [False] and answer["layers"][0]["previous"] is not None
    mixed = (arrays["weights:look"][0].astype("float64") + np.eye(9)) / 2
    np.testing.assert_allclose(arrays["rollout:input"], mixed / mixed.sum(axis=1, keepdims=True), atol=1e-6)


def test_a_decoder_that_looks_at_what_was_read_is_not(tmp_path: Path) -> None:
    read, written = ("read", "LSTM", {"units": 4}), ("written", "LSTM", {"units": 4, "return_sequences": True})
    made(tmp_path, single(read, ("again", "RepeatVector", {"n": 9}), written), "pronouns")
    answer, arrays = attention({"run": str(tmp_path)}, {})
    assert [each["cross"] for each in answer["layers"]] == [True] and "rollout:input" not in arrays
