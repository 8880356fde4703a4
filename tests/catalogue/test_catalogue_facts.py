"""The facts of the records against what Keras's layers do."""

import contextlib
import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from builder.catalogue import LAYERS, Layer
from builder.catalogue.families import FAMILIES
from builder.keras_bridge.layers import kind_of, make_layer

EVERY_LAYER = pytest.mark.parametrize("layer", [layer for layer in LAYERS.values() if layer.name != "Input"], ids=lambda layer: layer.name)
SHAPES = ((6, 5, 3), (10, 6), (8,))


def outside_training(layer: Layer, params: dict[str, Any]) -> tuple[np.ndarray, np.ndarray] | None:
    """An input that a layer takes, and what it gives for it once training is over; None: it takes none of the shapes."""
    for shape in SHAPES:
        x = np.random.default_rng(1).uniform(-20, 4, (2, *shape)).astype("float32")
        with contextlib.suppress(Exception):
            return x, np.asarray(make_layer(layer.name, params)(x, training=False))
    return None


def cases(layer: Layer) -> Iterator[dict[str, Any]]:
    """A new layer, and the same with every whole number at its lowest."""
    yield layer.start()
    yield layer.start() | {param.name: param.low for param in layer.params if param.kind == "int" and param.low is not None}


@pytest.mark.parametrize(
    "layer", [layer for layer in LAYERS.values() if len(layer.inputs) == 1 and not layer.inputs[0].many], ids=lambda layer: layer.name
)
def test_a_layer_passes_exactly_where_keras_gives_back_what_it_got_once_training_is_over(layer: Layer) -> None:
    """Those without a part in training may do so by their parameters, such as a cropping of 0."""
    found = [each for params in cases(layer) if (each := outside_training(layer, params))]
    same = all(x.size == y.size and np.array_equal(x.reshape(-1), y.reshape(-1)) for x, y in found)
    if layer.passes or "training" in inspect.signature(kind_of(layer.name).call).parameters:
        assert layer.passes == same and found


@EVERY_LAYER
def test_a_family_is_one_of_the_palette_s(layer: Layer) -> None:
    assert layer.family in FAMILIES


def test_a_family_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="one of the families core"):
        Layer(name="Other", family="nothing", summary="")
