"""What a score loses where the input is covered, and inputs that are made up for a unit."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder import zoo
from builder.engine.shipped import SHIPPED
from builder.probes.attribution.maximise import maximise, maximise_unit
from builder.probes.attribution.occlusion import occlusion
from builder.probes.model.loaded import loaded, outputs
from tests.kit.making import chain, made

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    place = tmp_path_factory.mktemp("runs") / "digits"
    return place, made(place, zoo.network("digit_cnn"), "digits28", spread=0.05)[0]


def logits(model: Any, x: Any) -> Any:
    """The digit CNN's scores, its last Dense written out."""
    before = keras.Model(model.inputs, model.get_layer("dense").output)
    kernel, bias = model.get_layer("digits").weights
    return before([x]) @ kernel.value + bias.value


def test_occlusion_is_the_score_s_fall_when_a_patch_is_covered(digits: tuple[Path, Any]) -> None:
    place, model = digits
    answer, arrays = occlusion({"run": str(place), "sample": 3, "size": 7, "stride": 7, "fill": 0.5}, {})
    assert arrays["corners"].tolist() == [[7 * row, 7 * column] for row in range(4) for column in range(4)]
    x = arrays["input"][None]
    for (top, left), fall in zip(arrays["corners"], arrays["falls"], strict=True):
        covered = x.copy()
        covered[:, top : top + 7, left : left + 7] = 0.5
        change = (logits(model, x) - logits(model, covered))[0, answer["target"]]
        assert fall == pytest.approx(float(change), abs=1e-5)
        assert arrays["attribution"][top + 3, left + 3] == pytest.approx(float(fall))
    assert answer["check"]["value"] < 1e-5


def test_patches_reach_every_border_and_stay_few(digits: tuple[Path, Any]) -> None:
    _, arrays = occlusion({"run": str(digits[0]), "size": 5, "stride": 4}, {})
    assert arrays["corners"].max() == 23 and arrays["attribution"].shape == (28, 28)
    _, arrays = occlusion({"run": str(digits[0]), "size": 1, "stride": 1}, {})
    assert len(arrays["falls"]) <= 1024


def test_a_row_s_numbers_are_covered_one_by_one(tmp_path: Path) -> None:
    layers = (("input", "Input", {"shape": [4]}), ("scores", "Dense", {"units": 3, "activation": "softmax"}))
    model = made(tmp_path / "run", chain("iris", *layers), "iris", spread=0.05)[0]
    _, arrays = occlusion({"run": str(tmp_path / "run"), "target": 0}, {})
    assert np.allclose(arrays["attribution"], arrays["input"] * model.get_layer("scores").kernel[:, 0], atol=1e-5)


def test_a_made_up_input_excites_its_unit_more_than_any_sample(digits: tuple[Path, Any]) -> None:
    answer, arrays = maximise({"run": str(digits[0]), "layer": "digits", "unit": 3}, {})
    assert answer["check"]["value"] > 0 and arrays["image"].shape == (28, 28, 1)
    assert arrays["image"].min() >= 0 and arrays["image"].max() <= 1
    assert answer["value"] == pytest.approx(float(logits(digits[1], arrays["image"][None])[0, 3]), abs=1e-4)
    assert arrays["history"][-1] > arrays["history"][0]


def test_regularisation_makes_the_picture_calmer(digits: tuple[Path, Any]) -> None:
    run = loaded(digits[0])
    rough, calm = (maximise_unit(run, "conv_2", 0, roughness=weight, decay=0, steps=60).image for weight in (0.0, 10.0))
    assert np.abs(np.diff(calm, axis=0)).mean() < np.abs(np.diff(rough, axis=0)).mean()


def test_a_unit_that_is_silent_on_a_grey_input_is_excited_as_well() -> None:
    run = loaded(SHIPPED)
    for unit in (3, 5):
        assert outputs(run, np.full((1, 28, 28, 1), 0.5, "float32"))["conv_2"][..., unit].max() == 0
        found = maximise_unit(run, "conv_2", unit)
        assert found.value > found.best_sample > 0
