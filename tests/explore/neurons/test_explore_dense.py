"""The view of neurons: what the browser is given, and a weight set by hand, undone and tried at another epoch."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from builder.store import default_store
from pages.explore import view
from pages.explore.neurons import neurons, what_if
from tests.kit.kernel import Drawings
from tests.kit.making import stored
from tests.kit.numbers import number
from tests.kit.viewing import shown

ME = "session-me"


def run_of(network: str, dataset: str) -> Run:
    project = default_store().create_project(ME, "mine", [zoo.network(network)])
    return stored(zoo.network(network), dataset, project=project.id, epochs=3)


def opened(run: Run, **state: Any) -> AppTest:
    test = shown("pages.explore.neurons.neurons", run, **state)
    assert not test.exception
    return test


def badges(test: AppTest) -> str:
    return " ".join(each.value for each in test.markdown)


def test_points_of_a_plane_open_on_every_neuron_s_response(blocks: Drawings) -> None:
    test = opened(run_of("points_mlp", "moons"))
    block = blocks.last("neurons")
    assert [each["units"] for each in block["layers"]] == [16, 16, 2] and block["classes"] == ["upper", "lower"]
    assert block["arrays"]["layer:dense_1"].shape == (16, 49, 49) and block["arrays"]["answer"].shape == (2, 97, 97)
    assert "Dense layers put together by numpy" in badges(test) and ":orange" not in badges(test)
    assert sum(each.size * 4 for each in block["arrays"].values()) < 600_000  # bytes, before base64


def test_another_epoch_gives_another_plane(blocks: Drawings) -> None:
    run = run_of("points_mlp", "circles")
    opened(run, epoch=2)
    trained = blocks.last("neurons")["arrays"]["answer"]
    opened(run, epoch=0)
    assert not np.array_equal(blocks.last("neurons")["arrays"]["answer"], trained)


def test_a_picture_s_first_layer_is_drawn_as_pictures_and_there_is_no_plane(blocks: Drawings) -> None:
    test = opened(run_of("mlp", "digits28"))
    assert not blocks.has("neurons") and not [each for each in test.button_group if each.key == "dense_part"]
    assert blocks.last("weights")["kind"] == "fields" and blocks.last("weights")["values"].shape == (64, 28, 28)
    assert ":orange" not in badges(test)


def test_a_weight_set_by_hand_moves_loss_and_boundary_and_undo_takes_it_back(blocks: Drawings) -> None:
    run = run_of("points_mlp", "moons")
    test = opened(run, dense_part=neurons.WEIGHTS, **{"dense_place dense_1 0": (1, 3)})
    assert not blocks.has("effect")
    own = float(weights(folder(run.id), 2)["dense_1/0"][1, 3])
    value = "dense_value dense_1 0 (1, 3)"
    assert number(test, key=value).value == pytest.approx(own, rel=1e-3)
    number(test, key=value).set_value(6.0).run()
    assert not test.exception
    arrays = blocks.last("effect")["arrays"]
    assert not np.array_equal(arrays["before:answer"], arrays["after:answer"])
    assert "What 1 changed weight does" in badges(test) and ":orange" not in badges(test)
    test.slider(key="dense_slider dense_1 0 (1, 3)").set_value(-2.0).run()
    assert test.session_state[what_if.EDITS] == [("dense_1", 0, (1, 3), -2.0)]  # still one step
    number(test, key="dense_axis dense_1 0 1").set_value(4).run()
    number(test, key="dense_value dense_1 0 (1, 4)").set_value(1.5).run()
    assert "What 2 changed weights do" in badges(test)
    test.button(key="dense_undo").click().run()
    assert test.session_state[what_if.EDITS] == [("dense_1", 0, (1, 3), -2.0)]
    test.button(key="dense_undo").click().run()
    assert test.session_state[what_if.EDITS] == [] and test.button(key="dense_undo").disabled
    assert np.array_equal(weights(folder(run.id), 2)["dense_1/0"][1, 3], np.float32(own))


def test_a_bias_and_a_regression_have_their_effect_in_figures(blocks: Drawings) -> None:
    test = opened(run_of("diabetes_mlp", "diabetes"))
    test.selectbox(key="dense_layer").set_value("output").run()
    test.selectbox(key="dense_array output").set_value(1).run()
    assert blocks.last("weights")["shape"] == [1]
    number(test, key="dense_value output 1 (0,)").set_value(50.0).run()
    assert not test.exception and not blocks.has("effect")
    bodies = "".join(str(each.proto.body) for each in test.get("html"))
    assert "loss" in bodies and "This input, before" in bodies


def test_edits_belong_to_their_run(blocks: Drawings) -> None:
    run = run_of("points_mlp", "moons")
    kept = {what_if.RUN: "another", what_if.EDITS: [("gone", 0, (0,), 1.0)]}
    assert opened(run, dense_part=neurons.WEIGHTS, **kept).session_state[what_if.EDITS] == []


def test_any_network_with_layers_has_weights_to_look_at(home: Path) -> None:
    run = run_of("digit_cnn", "digits28")
    assert neurons.applies(run, view.dataset_of(run))
    assert not neurons.flat(run, view.dataset_of(run))
