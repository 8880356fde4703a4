"""Every kind of attention layer alone: its scores, its heads and their parts against Keras and plain numpy."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder.datasets import parts
from builder.errors import BuilderError
from builder.network import Network
from builder.probes.attention.ablation import head_ablation
from builder.probes.attention.attention import attention
from builder.probes.attention.head_parts import head_parts
from builder.probes.attention.unfolded import unfolded
from tests.kit.making import made
from tests.kit.probing import look

pytestmark = pytest.mark.usefixtures("home")
RANDOM = np.random.default_rng(0)
CLOSE = 2e-6
OTHERS = [
    ("MultiHeadAttention", {"num_heads": 3, "key_dim": 4, "value_dim": 5, "use_gate": True, "sliding_window": 3}),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 4, "dropout": 0.5, "use_bias": False, "use_causal_mask": True}),
    ("GroupQueryAttention", {"head_dim": 6, "num_query_heads": 4, "num_key_value_heads": 2, "use_causal_mask": True}),
    ("GroupQueryAttention", {"head_dim": 6, "num_query_heads": 4, "num_key_value_heads": 1, "use_gate": True, "sliding_window": 2}),
    ("Attention", {"use_scale": True}),
    ("Attention", {"score_mode": "concat", "use_scale": True}),
    ("AdditiveAttention", {}),
    ("Attention", {"use_causal_mask": True}),
    ("Attention", {"score_mode": "concat", "use_causal_mask": True}),
    ("AdditiveAttention", {"use_causal_mask": True, "use_scale": False}),
]


def one_layer(layer: str, params: dict[str, Any], mask_zero: bool) -> Network:
    """Sentences, embedded, one attention layer, an answer."""
    ports = ("query", "value") if layer in ("MultiHeadAttention", "GroupQueryAttention") else ("inputs", "inputs")
    nodes = [
        ("input", "Input", {"shape": [9], "dtype": "int32"}),
        ("embedding", "Embedding", {"input_dim": 51, "output_dim": 8, "mask_zero": mask_zero}),
        ("look", layer, params),
        ("mean", "GlobalAveragePooling1D", {}),
        ("noun", "Dense", {"units": 10, "activation": "softmax"}),
    ]
    edges = [("input", "embedding", "inputs"), *(("embedding", "look", port) for port in ports), ("look", "mean", "inputs")]
    return Network(
        nodes=[{"name": name, "layer": kind, "params": given} for name, kind, given in nodes],
        edges=[{"source": a, "target": b, "target_port": port} for a, b, port in (*edges, ("mean", "noun", "inputs"))],
    )


@pytest.mark.parametrize("mask_zero", [False, True])
@pytest.mark.parametrize(("layer", "params"), OTHERS)
def test_every_kind_of_attention_layer_is_unfolded(tmp_path: Path, layer: str, params: dict[str, Any], mask_zero: bool) -> None:
    made(tmp_path / "run", one_layer(layer, params, mask_zero), "pronouns")
    x = parts("pronouns").test.x
    sample = int(np.flatnonzero(x[:, 0] == 0)[0])
    answer, arrays = look(attention, tmp_path / "run", sample=sample)
    assert all(check["value"] < 1e-5 for check in answer["checks"])
    for head in range(answer["layers"][0]["heads"]):
        answer, found = look(unfolded, tmp_path / "run", sample=sample, layer="look", head=head)
        assert all(check["value"] < 1e-5 for check in answer["checks"])
        assert np.allclose(found["weights"], arrays["weights:look"][head], atol=1e-5)


@pytest.mark.parametrize(("layer", "params"), OTHERS[-3:])
def test_a_causal_layer_of_one_head_hides_the_keys_after_each_query(tmp_path: Path, layer: str, params: dict[str, Any]) -> None:
    made(tmp_path / "run", one_layer(layer, params, False), "pronouns", spread=0.3)
    _, found = look(unfolded, tmp_path / "run", layer="look")
    seen = np.tril(np.ones((9, 9), bool))
    assert (found["mask"].astype(bool) == seen).all() and not found["weights"][~seen].any()
    powers = np.where(seen, np.exp(found["scaled"].astype("float64")), 0)
    np.testing.assert_allclose(found["sums"], powers / powers.sum(axis=1, keepdims=True) @ found["value"], atol=1e-6)
    np.testing.assert_allclose(found["sums"], found["output"], atol=1e-6)


@pytest.mark.parametrize(("layer", "params"), [OTHERS[5], OTHERS[6], OTHERS[-2], OTHERS[-1]])
def test_an_additive_score_is_the_sum_of_its_features_parts(tmp_path: Path, layer: str, params: dict[str, Any]) -> None:
    (model,) = made(tmp_path / "run", one_layer(layer, params, False), "pronouns", spread=0.4)
    answer, found = look(unfolded, tmp_path / "run", layer="look")
    x = np.asarray(keras.Model(model.inputs, model.get_layer("embedding").output)(parts("pronouns").test.x[:1]))[0]
    own = model.get_layer("look")
    scores = np.asarray(own._calculate_scores(x[None], x[None]))[0]
    inside = np.tanh(answer["inside"] * (x[:, None] + x))
    np.testing.assert_allclose(found["products"], inside.sum(axis=-1), atol=1e-5)
    np.testing.assert_allclose(found["scaled"], scores, atol=1e-5)
    np.testing.assert_allclose((inside * found["features"]).sum(axis=-1), scores, atol=1e-5)
    if answer["scale"] is not None:
        np.testing.assert_allclose(found["products"] * answer["scale"], scores, atol=1e-5)
    assert (answer["scale"] is None) == (own.scale is not None and own.scale.shape == (8,))


@pytest.mark.parametrize(
    ("layer", "params"),
    [*OTHERS[:4], ("MultiHeadAttention", {"num_heads": 3, "key_dim": 4, "output_shape": [2, 5], "attention_axes": [1]})],
)
def test_a_head_s_part_of_a_number_is_what_the_layer_gives_with_that_head_s_output_weights_alone(
    tmp_path: Path, layer: str, params: dict[str, Any]
) -> None:
    network = one_layer(layer, params, False)
    if "output_shape" in params:
        mean = {"layer": "Flatten", "params": {}}
        network = network.model_copy(update={"nodes": tuple(n.model_copy(update=mean) if n.name == "mean" else n for n in network.nodes)})
    (model,) = made(tmp_path / "run", network, "pronouns", spread=0.3)
    x = keras.Model(model.inputs, model.get_layer("embedding").output)(parts("pronouns").test.x[:1])
    own = model.get_layer("look")
    index = (5, *([1, 3] if "output_shape" in params else [6]))
    call = {"use_causal_mask": True} if params.get("use_causal_mask") else {}
    answer, arrays = look(head_parts, tmp_path / "run", layer="look", index=index)
    assert answer["value"] == pytest.approx(float(own(x, x, **call)[0][index]), abs=1e-5)
    before = own._output_dense.get_weights()
    alone = []
    for head in range(len(before[0])):
        kernel = np.zeros_like(before[0])
        kernel[head] = before[0][head]
        own._output_dense.set_weights([kernel, *(np.zeros_like(bias) for bias in before[1:])])
        alone.append(float(own(x, x, **call)[0][index]))
    np.testing.assert_allclose(arrays["parts"], alone, atol=1e-5)
    assert answer["head"] == np.abs(alone).argmax() and answer["bias"] == (pytest.approx(before[1][index[1:]]) if before[1:] else 0)
    assert answer["checks"][0]["value"] < 1e-5


@pytest.mark.parametrize(("layer", "params"), [OTHERS[0], OTHERS[4], OTHERS[5], OTHERS[6]])
def test_padding_has_no_parts_and_a_layer_of_one_head_has_a_single_one(tmp_path: Path, layer: str, params: dict[str, Any]) -> None:
    made(tmp_path / "run", one_layer(layer, params, True), "pronouns", spread=0.3)
    sample = int(np.flatnonzero(parts("pronouns").test.x[:, 0] == 0)[0])
    with pytest.raises(BuilderError, match="padding"):
        look(head_parts, tmp_path / "run", layer="look", index=[0, 1], sample=sample)
    answer, arrays = look(head_parts, tmp_path / "run", layer="look", index=[8, 1], sample=sample)
    assert answer["checks"][0]["value"] < 1e-5
    if layer != "MultiHeadAttention":
        assert arrays["parts"] == [pytest.approx(answer["value"], abs=1e-5)]


@pytest.mark.parametrize(("layer", "params"), OTHERS[:4])
def test_all_heads_left_out_leave_the_output_s_bias(tmp_path: Path, layer: str, params: dict[str, Any]) -> None:
    (model,) = made(tmp_path / "run", one_layer(layer, params, False), "pronouns")
    heads = [["look", head] for head in range(params.get("num_heads") or params["num_query_heads"])]
    _, arrays = look(head_ablation, tmp_path / "run", heads=heads)
    kernel, bias = (weight.numpy() for weight in model.get_layer("noun").weights)
    scores = (model.get_layer("look")._output_dense.bias.numpy() if params.get("use_bias", True) else np.zeros(8)) @ kernel + bias
    assert np.allclose(arrays["without"][0], keras.ops.softmax(scores), atol=1e-5)
