"""The view of a training's statistics: each part's data and checks, and work that comes piece by piece and can be stopped."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine import calls
from builder.errors import BuilderError
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from builder.store import default_store
from pages.explore.training import landscape, training
from tests.kit.kernel import Asked, Drawings
from tests.kit.making import stored
from tests.kit.numbers import number
from tests.kit.viewing import shown

ME = "session-me"


def times(asked: Asked, op: str) -> int:
    """How often an operation was asked for."""
    return sum(each == op for each, _ in asked)


def run_of(network: str, dataset: str, epochs: int = 4) -> Run:
    project = default_store().create_project(ME, "mine", [zoo.network(network)])
    return stored(zoo.network(network), dataset, project=project.id, epochs=epochs)


def opened(run: Run, part: str, **state: Any) -> AppTest:
    test = shown("pages.explore.training.training", run, training_part=part, **state)
    assert not test.exception
    return test


def said(test: AppTest) -> str:
    return " ".join([each.value for each in test.markdown] + [str(each.proto.body) for each in test.get("html")])


def test_every_array_s_histograms_go_through_the_epochs(blocks: Drawings) -> None:
    run = run_of("iris_mlp", "iris")
    test = opened(run, training.WEIGHTS)
    layers = {each["name"]: each for each in blocks.last("training_weights")["layers"]}
    assert list(layers) == ["dense_1 · kernel", "dense_1 · bias", "output · kernel", "output · bias"]
    kernel = layers["dense_1 · kernel"]
    direct = np.histogram(weights(folder(run.id), 3)["dense_1/0"], kernel["edges"])[0]
    assert np.array_equal(kernel["counts"][3], direct) and blocks.last("training_weights")["epochs"] == [0, 1, 2, 3]
    assert [each["name"] for each in blocks.last("training_moves")["series"]] == ["dense_1 · kernel", "output · kernel"]
    assert "Every weight is in a bin: exact" in said(test)


def test_every_array_of_attention_has_a_name_of_its_own_and_a_line(blocks: Drawings) -> None:
    opened(run_of("reversal_attention", "reversal"), training.WEIGHTS)
    names = [each["name"] for each in blocks.last("training_weights")["layers"]]
    assert len(set(names)) == len(names) and {"attention · query kernel", "attention · attention_output bias"} <= set(names)
    lines = {each["name"]: each["values"] for each in blocks.last("training_moves")["series"]}
    assert len(lines) == 11 and set(lines) < set(names)
    assert np.isnan(lines["attention · query bias"]).all() and np.isfinite(lines["attention · query kernel"]).all()


def test_one_epoch_is_too_few_for_a_line_and_it_says_so(blocks: Drawings) -> None:
    test = opened(run_of("iris_mlp", "iris", epochs=1), training.WEIGHTS)
    assert not blocks.has("training_moves") and "Train for longer" in said(test)


def test_activations_are_followed_epoch_by_epoch_and_can_be_stopped(blocks: Drawings, asked: Asked) -> None:
    test = opened(run_of("iris_mlp", "iris"), training.ACTIVATIONS)
    layers = {each["name"]: each for each in blocks.last("training_activations")["layers"]}
    assert layers["dense_1"]["counts"].sum() == 26 * 16 and "of 16 units silent" in layers["dense_1"]["note"]
    assert not times(asked, "spread")
    test.button(key="job_start spread").click().run()
    test.run()
    assert 1 <= times(asked, "spread") <= 3
    test.button(key="job_stop spread").click().run()
    before = times(asked, "spread")
    test.run()
    assert times(asked, "spread") == before and f"Go on, {before} of 4" in test.button(key="job_start spread").label
    test.button(key="job_start spread").click().run()
    for _ in range(4):
        test.run()
    assert not test.exception and times(asked, "spread") == 4
    assert blocks.last("training_quantiles")["steps"] == ["0", "1", "2", "3"]
    assert [each["name"] for each in blocks.last("training_dead")["series"]] == ["dense_1"]


def test_confidence_has_its_diagram_its_error_and_a_verdict(blocks: Drawings) -> None:
    test = opened(run_of("iris_mlp", "iris"), training.CONFIDENCE)
    assert blocks.last("training_reliability")["arrays"]["counts"].sum() == 22
    assert "ECE" in said(test) and "On average it is" in said(test)


def test_a_regression_has_no_confidence_and_it_says_so(blocks: Drawings) -> None:
    test = opened(run_of("diabetes_mlp", "diabetes"), training.CONFIDENCE)
    assert "rates classes" in test.info[0].value and not blocks.has("training_reliability")


def test_a_landscape_is_surveyed_row_by_row_and_its_middle_is_the_present_loss(blocks: Drawings, asked: Asked) -> None:
    test = opened(run_of("iris_mlp", "iris"), training.LANDSCAPE, landscape_side=9)
    assert not times(asked, "landscape")
    test.button(key="job_start landscape").click().run()
    counted = []
    for _ in range(9):
        test.run()
        if blocks.has("training_landscape"):
            block = blocks.last("training_landscape")
            counted.append(block["surveyed"])
            assert np.isfinite(block["loss"][::-1].flat[: counted[-1]]).all() and np.isnan(block["loss"][::-1].flat[counted[-1] :]).all()
    assert not test.exception and times(asked, "landscape") == 9 and len(set(counted)) > 3 and counted[-1] == 81
    block = blocks.last("training_landscape")
    assert block["loss"].shape == (9, 9) and np.isfinite(block["loss"]).all()
    assert block["loss"][4, 4] == pytest.approx(block["present"], rel=1e-6)
    assert block["samples"] == 26 and [name[0] for name in block["axes"]] == ["a", "b"]
    assert block["epochs"] == [0, 1, 2, 3] and np.allclose(block["path"][-1], 0)
    assert "The middle is the present loss" in said(test) and ":orange" not in said(test)
    number(test, key="landscape_seed").set_value(5).run()
    assert times(asked, "landscape") == 9 and test.button(key="job_start landscape").label == "Survey the loss"


def test_a_large_network_s_landscape_comes_in_smaller_pieces() -> None:
    run = run_of("iris_mlp", "iris")
    sizes = [landscape.piece(run.model_copy(update={"params": params}), 15) for params in (0, 243, 25_636_712, 138_357_544)]
    assert sizes == [15, 15, 3, 1]


def test_work_that_fails_ends_with_a_sentence_and_can_be_tried_again(blocks: Drawings, monkeypatch: pytest.MonkeyPatch) -> None:
    test = opened(run_of("iris_mlp", "iris"), training.LANDSCAPE)

    def broken(*_: Any, **__: Any) -> Any:
        raise BuilderError("The loss landscape", "a network with kernels that learn", "one without", "Unfreeze a layer.")

    monkeypatch.setattr(calls, "call", broken)
    test.button(key="job_start landscape").click().run()
    test.run()
    assert not test.exception and "Unfreeze" in test.error[0].value
    assert test.button(key="job_start landscape").label == "Survey the loss"
