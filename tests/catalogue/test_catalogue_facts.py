"""The facts of the records against what Keras's layers do."""

import contextlib
import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import ImageColor

from builder.catalogue import LAYERS, Layer, facts
from builder.catalogue.families import FAMILIES
from builder.keras_bridge.layers import kind_of, make_layer
from builder.probes.layers.lens import RULES
from builder.probes.recurrent.gates import STEPS, read

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
    if layer.name == "RandomCrop":  # Keras 3.15 forgets to cut out the middle, though it says that its output is smaller
        same = False
    if layer.passes or "training" in inspect.signature(kind_of(layer.name).call).parameters:
        assert layer.passes == same and found


def test_random_crop_says_that_keras_gives_images_whole_outside_training() -> None:
    x = np.random.default_rng(1).uniform(size=(2, 12, 10, 3)).astype("float32")
    crop = make_layer("RandomCrop", {"height": 6, "width": 5})
    assert np.array_equal(crop(x, training=False), x) and crop(x, training=True).shape == (2, 6, 5, 3)
    assert "outside it Keras gives images whole" in LAYERS["RandomCrop"].summary


@EVERY_LAYER
def test_a_family_is_one_of_the_palette_s(layer: Layer) -> None:
    assert layer.family in FAMILIES


def test_every_family_has_a_colour_of_its_own_in_both_themes() -> None:
    for colours in ([family.light for family in FAMILIES.values()], [family.dark for family in FAMILIES.values()]):
        assert len(set(colours)) == len(colours)
        assert all(ImageColor.getrgb(colour) for colour in colours)


@EVERY_LAYER
def test_an_arithmetic_is_a_rule_that_is_there(layer: Layer) -> None:
    assert not layer.arithmetic or layer.arithmetic in (STEPS if layer.gates else RULES)


def test_gates_are_what_each_step_shows_beside_its_states() -> None:
    for layer in LAYERS.values():
        if layer.gates:
            made = make_layer(layer.name, {"units": 3})
            made.build((1, 5, 2))
            states = layer.outputs({"return_state": True})[1:]
            assert set(read(made, np.ones((5, 2), "float32"))) == {*layer.gates, *states}


def test_a_layer_type_that_nobody_knows_has_no_facts() -> None:
    assert facts("Mystery").outputs({}) == ("output",) and not facts("Mystery").recurrent


def test_a_family_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="one of the families core"):
        Layer(name="Other", family="nothing", summary="")
