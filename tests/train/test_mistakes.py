"""After the test of a classifier: what it mistook for what, held against scikit-learn, and the page that shows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import parts, record
from builder.engine.launch import test as measure
from builder.network import Network
from builder.probes.training import mistakes as probes
from builder.runs import Run, Status, folder
from builder.runs.load import model_at
from builder.runs.run_folder import mistakes_path
from builder.store import default_store
from pages.train import mistakes
from tests.kit.kernel import Drawings
from tests.kit.making import stored
from tests.kit.training_here import chain

PAGE = Path(__file__).resolve().parents[2] / "pages" / "2_train.py"
ME = "session-me"
SCORES = chain("scores", ("Input", {"shape": [8, 8, 1]}), ("Flatten", {}), ("Dense", {"units": 10}))
ONE_UNIT = chain(
    "one unit", ("Input", {"shape": [2]}), ("Dense", {"units": 4, "activation": "tanh"}), ("Dense", {"units": 1, "activation": "sigmoid"})
)
ONE_SCORE = chain("one score", ("Input", {"shape": [2]}), ("Dense", {"units": 4, "activation": "tanh"}), ("Dense", {"units": 1}))
CASES: dict[str, tuple[Network, str]] = {
    "a unit for each class": (zoo.network("iris_mlp"), "iris"),
    "raw scores": (SCORES, "digits"),
    "one unit": (ONE_UNIT, "moons"),
    "one raw score": (ONE_SCORE, "circles"),
    "a class at each step": (zoo.network("reversal_attention"), "reversal"),
}


@pytest.fixture(params=CASES)
def run(request: pytest.FixtureRequest, asked: Any) -> Run:
    return stored(*CASES[request.param])


def said(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Targets and answers of the test part by Keras alone: (samples,) or (samples, steps)."""
    test = parts(run.settings.dataset, run.settings.seed).test
    outputs = model_at(folder(run.id)).predict(test.x, verbose=0)
    if outputs.shape[-1] > 1:
        return test.y, outputs.argmax(axis=-1)
    return test.y, (outputs[..., 0] > (0 if run.network.outputs[0].params.get("activation") is None else 0.5)).astype(int)


def test_matrix_and_report_are_those_of_scikit_learn(run: Run) -> None:
    measure(run.id)
    found = mistakes.kept(mistakes_path(folder(run.id)), 0)
    targets, answers = (each.reshape(-1) for each in said(run))
    labels = range(len(record(run.settings.dataset).classes))
    assert np.array_equal(found["confusion"], confusion_matrix(targets, answers, labels=labels))
    report = precision_recall_fscore_support(targets, answers, labels=labels, zero_division=0)
    np.testing.assert_allclose(found["table"], np.stack(report, axis=1))


def test_wrong_samples_are_wrong_and_the_surest_of_each_cell_come_first(run: Run) -> None:
    measure(run.id)
    found = mistakes.kept(mistakes_path(folder(run.id)), 0)
    targets, answers = said(run)
    at = (found["sample"], found["step"]) if targets.ndim > 1 else (found["sample"],)
    assert np.array_equal(targets[at], found["target"]) and np.array_equal(answers[at], found["said"])
    assert (found["target"] != found["said"]).all()
    raw = parts(run.settings.dataset, run.settings.seed).test.x
    assert np.array_equal(found["raw"], raw[found["raw_sample"]]) and set(found["raw_sample"]) == set(found["sample"])
    for cell in np.argwhere(found["confusion"] * (1 - np.eye(len(found["confusion"]), dtype=int))):
        inside = (found["target"] == cell[0]) & (found["said"] == cell[1])
        assert 0 < inside.sum() <= found["confusion"][tuple(cell)] and (np.diff(found["chance"][inside]) <= 0).all()


def test_large_samples_and_many_mistakes_are_kept_within_bounds() -> None:
    random = np.random.default_rng(0)
    targets = random.integers(0, 10, 4000)
    outputs = random.random((4000, 10))
    raw = np.broadcast_to(np.float32(0), (4000, 64, 64, 3))
    found = probes.mistakes(outputs, False, raw, targets, 10)
    assert found["raw"].nbytes <= probes.MOST_BYTES and len(found["sample"]) <= probes.MOST
    cells = {(is_, other) for is_, other in zip(found["target"].tolist(), found["said"].tolist(), strict=True)}
    assert len(cells) == 90  # one of each at least


def test_a_network_that_is_always_right_has_no_wrong_samples() -> None:
    targets = np.arange(6) % 3
    found = probes.mistakes(np.eye(3)[targets], False, np.zeros((6, 2), "float32"), targets, 3)
    assert not len(found["sample"]) and np.array_equal(found["confusion"], 2 * np.eye(3)) and (found["table"][:, :3] == 1).all()


@pytest.fixture
def opened(asked: Any) -> Callable[[Run], AppTest]:
    """The Train page of a run's project, opened by its owner."""

    def open_page(run: Run) -> AppTest:
        page = AppTest.from_file(str(PAGE), default_timeout=120)
        page.session_state["_owner"] = ME
        page.query_params["project"], page.query_params["run"] = str(run.project), run.id
        page.run()
        assert not page.exception
        return page

    return open_page


def own_run(network: str, dataset: str, **fields: Any) -> Run:
    project = default_store().create_project(ME, "mine", [zoo.network(network)])
    run = stored(zoo.network(network), dataset, project=project.id, **fields)
    return default_store().update_run(run.id, status=Status.finished)


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [each for each in page.button if each.label.startswith(label)]
    page = button.click().run()
    assert not page.exception
    return page


def test_after_the_test_the_page_shows_the_mistakes_and_a_cell_its_samples(blocks: Drawings, opened: Callable[[Run], AppTest]) -> None:
    run = own_run("iris_mlp", "iris")
    page = opened(run)
    assert not blocks.has("mistakes")
    press(page, "Test on")
    told = blocks.last("mistakes")
    assert told["confusion"].sum() == len(parts("iris").test) and told["cell"] is None
    assert all(each["words"].startswith("sepal length ") for each in told["wrong"])
    cell = [told["wrong"][0]["target"], told["wrong"][0]["said"]]
    page.session_state[mistakes.CELL] = {run.id: cell}
    page.run()
    told = blocks.last("mistakes")
    assert told["cell"] == cell and {(each["target"], each["said"]) for each in told["wrong"]} == {tuple(cell)}
    assert len(told["wrong"]) == min(told["confusion"][tuple(cell)], mistakes.SHOWN)


def test_a_run_that_was_tested_before_gets_its_mistakes_and_keeps_its_figures(blocks: Drawings, opened: Callable[[Run], AppTest]) -> None:
    run = own_run("iris_mlp", "iris")
    default_store().add_events(run.id, [("test", {"metrics": {"accuracy": 0.5}})])
    page = press(opened(run), "Show what it got wrong")
    assert blocks.has("mistakes") and [metric.value for metric in page.metric] == ["0.5"]


def test_a_regression_has_figures_and_no_classes(blocks: Drawings, opened: Callable[[Run], AppTest]) -> None:
    run = own_run("diabetes_mlp", "diabetes")
    page = press(opened(run), "Test on")
    assert page.metric and not blocks.has("mistakes") and not mistakes_path(folder(run.id)).exists()
    assert not [each for each in page.button if each.label.startswith("Show what")]


def test_a_wrong_step_is_shown_with_what_came_before_it() -> None:
    dataset = record("pydoc")
    raw = parts("pydoc").test.x[0]
    text = "".join(dataset.vocabulary[token] for token in raw)
    assert mistakes.in_words(dataset, raw, 3) == text[:4]
    assert mistakes.in_words(dataset, raw, 40) == "…" + text[40 - mistakes.AROUND : 41]
