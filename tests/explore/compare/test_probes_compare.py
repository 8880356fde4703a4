"""Comparing two sides: layer by layer against numpy, what pairs with what, and a thing with itself."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.datasets import parts
from builder.engine.shipped import SHIPPED
from builder.errors import BuilderError
from builder.probes import OPS
from builder.probes.compare.comparing import compare, figures, paired

RUN = str(SHIPPED)
OTHER: dict[str, Any] = {"run": RUN, "epoch": 4, "part": "test", "sample": 0}


def output(epoch: int, x: np.ndarray, layer: str) -> np.ndarray:
    """A layer's output by Keras itself."""
    import keras

    from builder.runs.load import model_at

    model = model_at(Path(RUN), epoch)
    return np.asarray(keras.Model(model.inputs, model.get_layer(layer).output)(x[None]))[0]


def test_a_thing_with_itself_differs_by_exactly_nothing() -> None:
    answer, found = compare({"run": RUN, "epoch": 12, "other": OTHER | {"epoch": 12}}, {})
    assert all(layer["most"] == 0 and layer["share"] == 0 for layer in answer["layers"])
    for layer in answer["layers"]:
        np.testing.assert_array_equal(found[f"this:{layer['name']}"], found[f"other:{layer['name']}"])
    assert [check["value"] for check in answer["checks"]] == pytest.approx([0, 0], abs=1e-6)


def test_two_epochs_are_what_keras_gives_for_each() -> None:
    answer, found = compare({"run": RUN, "epoch": 12, "part": "test", "sample": 0, "layer": "conv_2", "other": OTHER}, {})
    x = parts("digits28", 1, 0.2).test.x[0]
    this, other = output(12, x, "conv_2"), output(4, x, "conv_2")
    np.testing.assert_allclose(found["this:conv_2"], np.moveaxis(this, -1, 0), atol=1e-5)
    np.testing.assert_allclose(found["other:conv_2"], np.moveaxis(other, -1, 0), atol=1e-5)
    row = next(layer for layer in answer["layers"] if layer["name"] == "conv_2")
    gap = np.abs(this.astype("float64") - other)
    assert row["mean"] == pytest.approx(gap.mean(), rel=1e-4) and row["most"] == pytest.approx(gap.max(), rel=1e-4)
    assert row["largest"] == pytest.approx(max(np.abs(this).max(), np.abs(other).max()), rel=1e-5)
    assert row["alike"] == pytest.approx(np.corrcoef(this.ravel(), other.ravel())[0, 1], rel=1e-4)
    assert (answer["this"]["epoch"], answer["other"]["epoch"]) == (12, 4)
    assert answer["checks"][1] == {"name": "This side with itself, after the other", "value": 0.0}


def test_an_own_input_on_either_side() -> None:
    x = np.random.default_rng(1).random((28, 28, 1)).astype("float32")
    answer, found = compare({"run": RUN, "epoch": 12, "other": OTHER | {"epoch": 12}}, {"input": x})
    np.testing.assert_array_equal(found["raw:this"], x)
    assert answer["this"]["prediction"]["target"] is None and answer["other"]["prediction"]["target"] is not None
    turned, found = compare({"run": RUN, "epoch": 12, "other": OTHER | {"epoch": 12}}, {"other": x})
    np.testing.assert_array_equal(found["raw:other"], x)
    assert [layer["share"] for layer in turned["layers"]] == pytest.approx([layer["share"] for layer in answer["layers"]])


def test_only_the_asked_cards_are_sent_and_figures_of_all() -> None:
    answer, found = compare({"run": RUN, "epoch": 12, "layers": ["dense"], "other": OTHER}, {})
    assert {name for name in found if ":" in name} == {"raw:this", "raw:other", "this:dense", "other:dense"}
    assert len(answer["layers"]) == 7 and [layer["name"] for layer in answer["layers"] if layer["drawn"]] == ["dense"]


def test_layers_pair_by_name_and_shape_else_by_type_in_order() -> None:
    this = {"a": ("Conv2D", (8, 8, 4)), "b": ("Conv2D", (6, 6, 4)), "c": ("Dense", (10,)), "d": ("Dense", (5,))}
    other = {"x": ("Conv2D", (8, 8, 4)), "b": ("Conv2D", (6, 6, 9)), "y": ("Conv2D", (6, 6, 4)), "c": ("Dense", (10,))}
    assert paired(this, other) == {"a": "x", "b": "y", "c": "c"}
    with pytest.raises(BuilderError, match="same shape on both sides"):
        paired({"a": ("Dense", (3,))}, {"b": ("Dense", (4,))})


def test_figures_leave_out_what_is_no_number_and_flat_layers_have_no_correlation() -> None:
    found = figures(np.array([1.0, np.nan, 3.0]), np.array([1.0, 2.0, 4.0]))
    assert found["mean"] == 0.5 and found["most"] == 1
    assert figures(np.zeros(3), np.arange(3.0))["alike"] is None
    assert figures(np.zeros(3), np.zeros(3))["share"] == 0
    assert figures(np.array([np.nan]), np.array([1.0]))["mean"] is None


def test_it_is_an_operation() -> None:
    assert OPS["compare"] is compare
