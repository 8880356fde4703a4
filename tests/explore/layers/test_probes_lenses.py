"""The arithmetic of whole maps: every number's terms, put together by hand, give what the layer gave."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from builder.engine.shipped import SHIPPED
from builder.probes.layers import lenses
from builder.probes.layers.inspection import inspect

LAYERS = ("conv_1", "pool_1", "conv_2", "pool_2", "flatten", "dense", "digits")
Asked = Callable[..., tuple[dict[str, Any], dict[str, np.ndarray]]]


@pytest.fixture(scope="module")
def asked() -> Asked:
    def ask(**arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return lenses.lenses({"run": str(SHIPPED), "sample": 1, **arguments}, {})

    return ask


def by_hand(answer: dict[str, Any], arrays: dict[str, np.ndarray]) -> np.ndarray:
    """Each answered number from its terms, as the browser does it."""
    inputs = np.concatenate([arrays[f"input:{place}"].reshape(-1) for place in range(len(answer["parts"]))])
    values = np.where(arrays["places"] >= 0, inputs[arrays["places"]], 0)
    products = values.astype("float64") * arrays["factors"]
    together = {"sum": products.sum, "copy": products.sum, "mean": products.mean, "largest": products.max}[answer["kind"]]
    totals = together(axis=1) + arrays["bias"]
    if answer["activation"] == "relu":
        return np.maximum(totals, 0)
    return np.exp(totals - arrays["top"]) / arrays["below"] if answer["activation"] == "softmax" else totals


@pytest.mark.parametrize("layer", LAYERS)
def test_the_terms_of_every_number_of_a_map_give_the_layers_own_map(asked: Asked, layer: str) -> None:
    answer, arrays = asked(layer=layer, map=3)
    _, whole = inspect({"run": str(SHIPPED), "sample": 1, "layers": [layer], "most": None}, {})
    own = whole[f"layer:{layer}"] if answer["maps"] == 1 else whole[f"layer:{layer}"][..., 3]
    np.testing.assert_array_equal(arrays["own"], own)
    np.testing.assert_allclose(by_hand(answer, arrays), own.reshape(-1), rtol=1e-4, atol=2e-5)
    assert answer["check"]["value"] < 1e-4


def test_it_starts_at_the_largest_number_unless_a_place_is_asked_for(asked: Asked) -> None:
    answer, arrays = asked(layer="conv_2", map=7)
    assert arrays["own"][tuple(answer["at"])] == arrays["own"].max()
    assert asked(layer="conv_2", map=7, at=[2, 9])[0]["at"] == [2, 9]
    assert asked(layer="conv_2", map=999, at=[99, -4])[0]["at"] == [10, 0]


def test_a_map_with_too_many_terms_gives_those_around_the_asked_number(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lenses, "MOST_TERMS", 288 * 9)
    monkeypatch.setattr(lenses, "MOST_INPUT", 1000)
    answer, arrays = asked(layer="conv_2", map=0, at=[5, 10])
    assert answer["box"] == [[4, 6], [8, 10]] and arrays["total"].shape == (9,)
    assert answer["parts"] == [[5, 5, 32]] and answer["origins"] == [[4, 8, 0]]
    np.testing.assert_allclose(by_hand(answer, arrays), arrays["own"][4:7, 8:11].reshape(-1), atol=1e-5)
