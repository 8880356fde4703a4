"""The view of a training's statistics: each part's data and checks, and work that comes piece by piece and can be stopped."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.engine import calls
from builder.errors import BuilderError
from builder.probes import OPS
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from builder.store import default_store
from pages.explore import drawing
from pages.explore.training import landscape, training
from tests.kit.making import stored

ME = "session-me"
Sent = dict[str, dict[str, Any]]


def page() -> None:
    import streamlit as st

    from builder.runs import epochs, folder
    from builder.store import default_store
    from pages.explore import view
    from pages.frame import state

    state.current()
    run = default_store().run(st.session_state["run"])
    kept, dataset = epochs(folder(run.id)), view.dataset_of(run)
    training.show(run, view.view(run, kept, dataset), dataset, kept)


@pytest.fixture
def asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations that are asked for, which answer in this process."""
    ops: list[str] = []
    drawing.asked.cache_clear()

    def call(kernel: str, op: str, arguments: dict[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        ops.append(op)
        return OPS[op](arguments, arrays or {})

    monkeypatch.setattr(calls, "call", call)
    return ops


@pytest.fixture
def sent(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What each component was last given, by its key."""
    blocks: Sent = {}
    own = drawing.draw

    def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
        blocks[key] = dict(data)
        return own(module, key, data, **callbacks)

    monkeypatch.setattr(drawing, "draw", draw)
    return blocks


def run_of(network: str, dataset: str, epochs: int = 4) -> Run:
    project = default_store().create_project(ME, "mine", [zoo.network(network)])
    return stored(zoo.network(network), dataset, project=project.id, epochs=epochs)


def opened(run: Run, part: str, **state: Any) -> AppTest:
    test = AppTest.from_function(page, default_timeout=60)
    for name, value in {"_owner": ME, "run": run.id, "training_part": part, **state}.items():
        test.session_state[name] = value
    test.query_params["project"] = run.project or ""
    test.run()
    assert not test.exception
    return test


def said(test: AppTest) -> str:
    return " ".join([each.value for each in test.markdown] + [str(each.proto.body) for each in test.get("html")])


def test_every_array_s_histograms_go_through_the_epochs(sent: Sent) -> None:
    run = run_of("iris_mlp", "iris")
    test = opened(run, training.WEIGHTS)
    layers = {each["name"]: each for each in sent["training_weights"]["layers"]}
    assert list(layers) == ["dense_1 · kernel", "dense_1 · bias", "output · kernel", "output · bias"]
    kernel = layers["dense_1 · kernel"]
    direct = np.histogram(weights(folder(run.id), 3)["dense_1/0"], kernel["edges"])[0]
    assert np.array_equal(kernel["counts"][3], direct) and sent["training_weights"]["epochs"] == [0, 1, 2, 3]
    assert [each["name"] for each in sent["training_moves"]["series"]] == ["dense_1", "output"]
    assert "Every weight is in a bin: exact" in said(test)


def test_one_epoch_is_too_few_for_a_line_and_it_says_so(sent: Sent) -> None:
    test = opened(run_of("iris_mlp", "iris", epochs=1), training.WEIGHTS)
    assert "training_moves" not in sent and "Train for longer" in said(test)


def test_activations_are_followed_epoch_by_epoch_and_can_be_stopped(sent: Sent, asked: list[str]) -> None:
    test = opened(run_of("iris_mlp", "iris"), training.ACTIVATIONS)
    layers = {each["name"]: each for each in sent["training_activations"]["layers"]}
    assert layers["dense_1"]["counts"].sum() == 26 * 16 and "of 16 units silent" in layers["dense_1"]["note"]
    assert "spread" not in asked
    test.button(key="job_start spread").click().run()
    test.run()
    assert 1 <= asked.count("spread") <= 3
    test.button(key="job_stop spread").click().run()
    before = asked.count("spread")
    test.run()
    assert asked.count("spread") == before and f"Go on, {before} of 4" in test.button(key="job_start spread").label
    test.button(key="job_start spread").click().run()
    for _ in range(4):
        test.run()
    assert not test.exception and asked.count("spread") == 4
    assert sent["training_quantiles"]["steps"] == ["0", "1", "2", "3"]
    assert [each["name"] for each in sent["training_dead"]["series"]] == ["dense_1"]


def test_confidence_has_its_diagram_its_error_and_a_verdict(sent: Sent) -> None:
    test = opened(run_of("iris_mlp", "iris"), training.CONFIDENCE)
    assert sent["training_reliability"]["arrays"]["counts"].sum() == 22
    assert "ECE" in said(test) and "On average it is" in said(test)


def test_a_regression_has_no_confidence_and_it_says_so(sent: Sent) -> None:
    test = opened(run_of("diabetes_mlp", "diabetes"), training.CONFIDENCE)
    assert "rates classes" in test.info[0].value and "training_reliability" not in sent


def test_a_landscape_is_surveyed_row_by_row_and_its_middle_is_the_present_loss(sent: Sent, asked: list[str]) -> None:
    test = opened(run_of("iris_mlp", "iris"), training.LANDSCAPE, landscape_side=9)
    assert "landscape" not in asked
    test.button(key="job_start landscape").click().run()
    for _ in range(9):
        test.run()
    assert not test.exception and asked.count("landscape") == 9
    block = sent["training_landscape"]
    assert block["loss"].shape == (9, 9) and np.isfinite(block["loss"]).all()
    assert block["loss"][4, 4] == pytest.approx(block["present"], rel=1e-6)
    assert block["epochs"] == [0, 1, 2, 3] and np.allclose(block["path"][-1], 0)
    assert "The middle is the present loss" in said(test) and ":orange" not in said(test)
    test.number_input(key="landscape_seed").set_value(5).run()
    assert asked.count("landscape") == 9 and test.button(key="job_start landscape").label == "Survey the loss"


def test_a_large_network_s_landscape_comes_in_smaller_pieces() -> None:
    run = run_of("iris_mlp", "iris")
    sizes = [landscape.piece(run.model_copy(update={"params": params}), 15) for params in (0, 243, 25_636_712, 138_357_544)]
    assert sizes == [15, 15, 3, 1]


def test_work_that_fails_ends_with_a_sentence_and_can_be_tried_again(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    test = opened(run_of("iris_mlp", "iris"), training.LANDSCAPE)

    def broken(*_: Any, **__: Any) -> Any:
        raise BuilderError("The loss landscape", "a network with kernels that learn", "one without", "Unfreeze a layer.")

    monkeypatch.setattr(calls, "call", broken)
    test.button(key="job_start landscape").click().run()
    test.run()
    assert not test.exception and "Unfreeze" in test.error[0].value
    assert test.button(key="job_start landscape").label == "Survey the loss"
