"""What Explore's levels are drawn from: less of what is too large, weights cut down, and doors to the views that know more."""

from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.network import Network
from pages.explore.attention import traced_number
from pages.explore.layers import layers, overview

LARGE: dict[str, Any] = {"name": "conv_1", "whole": False, "count": 64, "fewer": 1, "step": 15, "needs": 64 * 4 * 2**20, "how": "smaller"}


def test_every_number_of_a_large_layer_says_what_it_would_need_and_offers_less() -> None:
    found = overview.less(LARGE)
    assert found is not None
    assert found["sentence"].startswith("Every number of conv_1 needs at most 1.14 MiB") and "256.00 MiB" in found["sentence"]
    assert found["ways"] == {"smaller": "Every 15th row and column of all 64", "fewer": "The first of 64 alone"}
    assert overview.less(LARGE | {"whole": True}) is None
    assert overview.less(LARGE | {"fewer": 6, "step": 2})["ways"] == {
        "smaller": "Every 2nd row and column of all 64",
        "fewer": "The first 6 of 64",
    }


@pytest.mark.parametrize(
    ("number", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd"), (113, "113th")]
)
def test_a_number_in_a_row_has_its_ending(number: int, word: str) -> None:
    assert overview.ordinal(number) == word


def test_kernels_are_drawn_by_filter_and_input() -> None:
    values = np.random.default_rng(0).normal(size=(3, 2, 20, 70)).astype("float32")
    found = overview.kernel(values, "Conv2D")
    assert found["kind"] == "filters" and found["values"].shape == (64, 16, 3, 2)
    assert found["values"][5, 4, 2, 1] == values[2, 1, 4, 5]
    line = overview.kernel(values[0], "Conv1D")
    assert line["values"].shape == (64, 16, 1, 2) and line["values"][5, 4, 0, 1] == values[0, 1, 4, 5]
    back = overview.kernel(values, "Conv2DTranspose")
    assert back["turned"] and back["values"].shape == (20, 16, 3, 2) and back["values"][5, 4, 2, 1] == values[2, 1, 5, 4]


def test_a_large_matrix_of_weights_shows_every_n_th_row() -> None:
    values = np.arange(1600 * 128, dtype="float32").reshape(1600, 128)
    found = overview.kernel(values, "Dense")
    assert found["values"].size <= overview.MOST_KERNEL
    np.testing.assert_array_equal(found["values"][2], values[2 * found["step"]])
    assert overview.kernel(values[:100], "Dense")["step"] == 1
    heads = overview.kernel(values.reshape(1600, 8, 16)[:32], "MultiHeadAttention")
    assert heads["kind"] == "matrix" and heads["values"].shape == (32, 128) and heads["shape"] == [32, 8, 16]
    assert overview.kernel(values[0], "PReLU")["values"].shape == (128,)


@pytest.mark.parametrize(
    ("network", "layer", "view"),
    [("adding_lstm", "lstm", "gates"), ("pronoun_encoder", "attention_1", "attention"), ("digit_cnn", "conv_1", None)],
)
def test_recurrent_layers_and_attention_have_views_of_their_own(network: str, layer: str, view: str | None) -> None:
    found = layers.door(zoo.network(network), layer)
    assert (found and found["view"]) == view


@pytest.mark.parametrize(
    ("layer", "unit", "place"),
    [
        ("", "", (1, "input")),
        ("conv_1", "", (1, "conv_1")),
        ("gone", "all", (1, "input")),
        ("conv_1", "all", (2, "conv_1")),
        ("conv_1", "x", (2, "conv_1")),
        ("conv_1", "5", (3, "conv_1", 5)),
        ("conv_1", "5,11,14", (3, "conv_1", 5, (11, 14))),
        ("dense", "0,79", (3, "dense", 0, (79,))),
    ],
)
def test_the_address_leads_to_a_level(monkeypatch: pytest.MonkeyPatch, layer: str, unit: str, place: tuple[Any, ...]) -> None:
    network: Network = zoo.network("digit_cnn")
    monkeypatch.setattr(layers.state, "chosen", {"layer": layer, "unit": unit}.get)
    assert layers.place(network) == layers.Place(*place)


@pytest.mark.parametrize(
    ("asked", "carried"),
    [
        ({"unit": "6,5", "step": 5}, {"unit": 6, "step": 5}),
        ({"unit": "0,2", "step": None}, {"unit": 2, "step": None}),
        ({"unit": ""}, None),
    ],
)
def test_a_number_is_carried_into_the_view_that_knows_more(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], carried: dict[str, Any] | None
) -> None:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(layers.st, "session_state", kept)
    layers._carry({"layer": "gru", **asked})
    found = (kept.get("gates_carried") or {}).get("gru")
    assert (found and {name: found[name] for name in ("unit", "step")}) == carried


@pytest.mark.parametrize(("unit", "index"), [("6,5", (5, 6)), ("3,5,1", (5, 1, 3)), ("all", None), ("", None), ("6", None)])
def test_a_number_of_an_attention_layer_is_carried_to_its_heads(
    monkeypatch: pytest.MonkeyPatch, unit: str, index: tuple[int, ...] | None
) -> None:
    kept: dict[str, Any] = {traced_number.KEY: "of an earlier press", "attention_tab": "By hand"}
    monkeypatch.setattr(layers.st, "session_state", kept)
    layers._carry({"layer": "attention_1", "view": "attention", "unit": unit, "step": None})
    found = kept.get(traced_number.KEY)
    assert (found and found["index"]) == index and kept["attention_tab"] == "This run"
