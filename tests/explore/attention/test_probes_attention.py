"""Attention of a run against Keras and plain numpy: weights, masks, what goes when a head or a token goes, and the probe's files."""

from importlib import import_module
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import parts
from builder.errors import BuilderError
from builder.network import Network, apply
from builder.probes.attention.ablation import head_ablation, token_masking
from builder.probes.attention.attention import ATTENTION, attention
from builder.probes.attention.head_parts import head_parts
from builder.probes.attention.unfolded import unfolded
from builder.probes.saving import save
from tests.kit.making import made
from tests.kit.probing import look

pytestmark = pytest.mark.usefixtures("home")
RANDOM = np.random.default_rng(0)
CLOSE = 2e-6


def changed(network: Network, *edits: tuple[str, dict[str, Any]]) -> Network:
    for name, params in edits:
        network = apply(network, {"kind": "set", "name": name, "params": params}, LAYERS)
    return network


@pytest.fixture(scope="module")
def reversal(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    place = tmp_path_factory.mktemp("runs") / "reversal"
    return place, made(place, zoo.network("reversal_attention"), "reversal", epochs=2)


@pytest.fixture(scope="module")
def induction(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    place = tmp_path_factory.mktemp("runs") / "induction"
    return place, made(place, zoo.network("induction_transformer"), "induction")


@pytest.fixture(scope="module")
def padded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """Sentences padded on the left, the padding masked."""
    place = tmp_path_factory.mktemp("runs") / "padded"
    return place, made(place, changed(zoo.network("pronoun_encoder"), ("embedding", {"mask_zero": True})), "pronouns")


@pytest.mark.parametrize("epoch", [0, 1])
def test_the_weights_are_those_keras_gives_when_asked(reversal: tuple[Path, list[Any]], epoch: int) -> None:
    place, models = reversal
    answer, arrays = look(attention, place, epoch=epoch, sample=3)
    x = parts("reversal").test.x[3:4]
    before = keras.Model(models[epoch].inputs, models[epoch].get_layer("position").output)(x)
    _, scores = models[epoch].get_layer("attention")(before, before, return_attention_scores=True)
    assert np.allclose(arrays["weights:attention"], scores[0], atol=CLOSE)
    assert np.allclose(arrays["output"], models[epoch](x)[0], atol=CLOSE)
    assert all(check["value"] < 1e-5 for check in answer["checks"])
    assert answer["tokens"]["input"] == [str(digit) for digit in x[0]]


def test_each_row_sums_to_one_and_nothing_later_is_seen(induction: tuple[Path, list[Any]]) -> None:
    answer, arrays = look(attention, induction[0])
    for layer in answer["layers"]:
        weights = arrays[f"weights:{layer['name']}"]
        assert weights.shape == (2, 31, 31) == (layer["heads"], layer["queries"], layer["keys"])
        assert np.allclose(weights.sum(-1), 1, atol=1e-6)
        assert not np.triu(weights, 1).any()
    assert np.allclose(arrays["rollout:input"].sum(1), 1)
    assert not np.triu(arrays["rollout:input"], 1).any()


def test_padding_is_neither_seen_nor_counted(padded: tuple[Path, list[Any]]) -> None:
    x = parts("pronouns").test.x
    place, short = padded[0], int(np.flatnonzero(x[:, 0] == 0)[0])
    answer, arrays = look(attention, place, sample=short)
    weights = arrays["weights:attention_1"]
    assert (x[short, :2] == 0).all()
    assert not weights[..., :2].any() and not weights[:, :2].any()
    assert all(check["value"] < 1e-5 for check in answer["checks"])
    assert answer["tokens"]["input"][:2] == ["·", "·"]


@pytest.mark.parametrize("head", [0, 1])
@pytest.mark.parametrize(("run", "layer"), [("padded", "attention_1"), ("padded", "attention_2"), ("induction", "attention_2")])
def test_the_arithmetic_of_a_head_gives_the_layer_s_own_weights(run: str, layer: str, head: int, request: pytest.FixtureRequest) -> None:
    place, (model,) = request.getfixturevalue(run)
    answer, arrays = look(unfolded, place, layer=layer, head=head, sample=1)
    assert all(check["value"] < 1e-5 for check in answer["checks"])
    dense = model.get_layer(layer)
    edge = model.get_layer("position" if layer.endswith("1") else "feed_1_norm").output
    x = np.asarray(keras.Model(model.inputs, edge)(parts("pronouns" if run == "padded" else "induction").test.x[1:2]))[0]
    for name, each in (("query", dense.query_dense), ("key", dense.key_dense), ("value", dense.value_dense)):
        assert np.allclose(arrays[name], x @ each.kernel.numpy()[:, head] + each.bias.numpy()[head], atol=1e-5)
    assert np.allclose(arrays["scaled"], arrays["query"] @ arrays["key"].T / np.sqrt(arrays["key"].shape[1]), atol=1e-5)
    assert np.allclose(arrays["sums"], arrays["weights"] @ arrays["value"], atol=1e-5)


def test_one_query_s_row_is_that_row_of_all(induction: tuple[Path, list[Any]]) -> None:
    _, whole = look(unfolded, induction[0], layer="attention_1", head=1)
    _, row = look(unfolded, induction[0], layer="attention_1", head=1, query=20)
    assert row["scaled"].shape == (1, 31) and (row["scaled"][0] == whole["scaled"][20]).all()
    assert (row["mask"][0] == (np.arange(31) <= 20)).all() and (row["key"] == whole["key"]).all()


def test_a_head_left_out_is_a_head_whose_output_weights_are_zero(induction: tuple[Path, list[Any]]) -> None:
    place, (model,) = induction
    answer, arrays = look(head_ablation, place)
    x = parts("induction").test.x[:1]
    assert [(each["layer"], each["head"]) for each in answer["heads"]] == [(f"attention_{n}", h) for n in (1, 2) for h in (0, 1)]
    for case, each in enumerate(answer["heads"]):
        kernel = model.get_layer(each["layer"]).output_dense.kernel
        own = kernel.numpy()
        without = own.copy()
        without[each["head"]] = 0
        kernel.assign(without)
        assert np.allclose(arrays["without"][case], model(x)[0], atol=1e-5)
        kernel.assign(own)
        assert each["change"] == pytest.approx(np.abs(arrays["without"][case] - arrays["output"]).max())
    assert np.allclose(arrays["output"], model(x)[0], atol=CLOSE)


def test_nobody_sees_a_hidden_token(reversal: tuple[Path, list[Any]]) -> None:
    place, models = reversal
    answer, arrays = look(token_masking, place, sample=2, positions=[0, 5])
    x = parts("reversal").test.x[2:3]
    before = keras.Model(models[1].inputs, models[1].get_layer("position").output)(x)
    mask = np.ones((1, 16, 16), bool)
    mask[0, :, 5] = False
    mask[0, 5, 5] = True
    values = models[1].get_layer("attention")(before, before, attention_mask=mask)
    for name in ("dense", "digits"):
        values = models[1].get_layer(name)(values)
    assert np.allclose(arrays["without"][1], values[0], atol=1e-5)
    assert answer["tokens"] == [str(digit) for digit in x[0]] and answer["positions"] == [0, 5]
    assert answer["change"][1] == pytest.approx(np.abs(arrays["without"][1] - arrays["output"]).max())


def test_hiding_the_future_changes_nothing_before_it(induction: tuple[Path, list[Any]]) -> None:
    _, arrays = look(token_masking, induction[0])
    assert arrays["without"].shape == (31, 31, 20)
    for position in (0, 10, 30):
        assert np.allclose(arrays["without"][position, :position], arrays["output"][:position], atol=1e-5)


@pytest.mark.parametrize(
    ("function", "arguments", "sentence"),
    [
        (unfolded, {"layer": "dense"}, "one of attention"),
        (unfolded, {"layer": "attention", "head": 1}, "from 0 to 0"),
        (unfolded, {"layer": "attention", "query": 16}, "from 0 to 15"),
        (head_parts, {"layer": "attention", "index": [16, 0]}, "a place in 16 × "),
        (head_parts, {"layer": "digits", "index": [0, 0]}, "one of attention"),
        (head_ablation, {"heads": [["attention", 1]]}, "that are there"),
        (token_masking, {"positions": [16]}, "from 0 to 15"),
        (token_masking, {"source": "digits"}, "one of input"),
    ],
)
def test_what_is_not_there_is_a_sentence(reversal: tuple[Path, list[Any]], function: Any, arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BuilderError, match=sentence):
        look(function, reversal[0], **arguments)


def test_a_network_without_attention_says_so(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("points_mlp"), "moons")
    with pytest.raises(BuilderError, match="an attention layer"):
        look(attention, tmp_path / "run")


def test_weights_that_would_fill_the_memory_are_refused(reversal: tuple[Path, list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("builder.probes.attention.attention"), "MOST_OUTPUTS", 4 * 16 * 16 - 1)
    with pytest.raises(BuilderError, match="512 MiB"):
        look(attention, reversal[0])


def test_the_probe_s_file_has_the_weights_of_the_layer(induction: tuple[Path, list[Any]]) -> None:
    _, arrays = look(attention, induction[0], sample=4)
    found = ATTENTION.compute(induction[0], None, 4, "attention_2")
    assert np.allclose(found["weights"], arrays["weights:attention_2"]) and (found["input"] == arrays["input"]).all()
    assert ATTENTION.compute(induction[0], None, 4, None)["weights"].shape == (2, 31, 31)
    with pytest.raises(BuilderError, match="one of attention_1, attention_2"):
        ATTENTION.compute(induction[0], None, 4, "dense")


def test_the_probe_is_written_as_arrays_picture_and_page(induction: tuple[Path, list[Any]], tmp_path: Path) -> None:
    for ending in (".npz", ".png", ".html"):
        save(induction[0], "attention", tmp_path / f"out{ending}", layer="attention_2", sample=4)
    with np.load(tmp_path / "out.npz", allow_pickle=False) as arrays:
        assert arrays["weights"].shape == (2, 31, 31) and arrays["input"].shape == (31,)
    assert Image.open(tmp_path / "out.png").height > 150 and "weights" in (tmp_path / "out.html").read_text()
