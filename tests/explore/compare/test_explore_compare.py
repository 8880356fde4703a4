"""Explore's comparison: which other side is offered, what is asked of the kernel, and what reaches the browser."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import record
from builder.datasets.perturbations import rotated
from builder.engine.shipped import SHIPPED, install
from builder.errors import BuilderError
from builder.probes import OPERATIONS
from builder.runs import Run, Settings, Status, folder
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.run_folder import epoch_path
from builder.store import Project, Store, default_store
from pages.explore import view
from pages.explore.compare import compare
from tests.kit.kernel import Asked

PAGE = Path(__file__).resolve().parents[3] / "pages" / "3_explore.py"
ME = "session-me"


@pytest.fixture
def store(home: Path) -> Store:
    for cached in (view.inspection, view.whole_layer, compare.compared):
        cached.cache_clear()
    return default_store()


@pytest.fixture
def project(store: Store) -> Project:
    return store.create_project(ME, "mine", [zoo.network("digit_cnn")])


@pytest.fixture
def run(project: Project) -> Run:
    found = install(project.id)
    assert found is not None
    return found


@pytest.fixture
def opened(run: Run, project: Project, asked: Asked) -> Callable[..., AppTest]:
    def open_page(**chosen: Any) -> AppTest:
        page = AppTest.from_file(str(PAGE), default_timeout=120)
        page.session_state["_owner"] = ME
        page.query_params["project"] = project.id
        page.run()
        for key, value in chosen.items():
            page.session_state[key] = value
        page.segmented_control(key="explore_view_name").set_value("compare").run()
        assert not page.exception and not page.error
        return page

    return open_page


def another(project: Project, network: str, dataset: str) -> Run:
    """A run with random weights of one epoch."""
    import keras

    from builder.keras_bridge import to_keras

    graph = zoo.network(network)
    made = default_store().create_run(project.id, graph, Settings(dataset=dataset, epochs=1), status=Status.finished, epoch=1)
    place = folder(made.id)
    place.mkdir(parents=True, exist_ok=True)
    (place / "network.json").write_text(graph.model_dump_json())
    (place / "settings.json").write_text(made.settings.model_dump_json())
    keras.utils.set_random_seed(3)
    write_arrays(epoch_path(place, 1), layer_weights(to_keras(graph)))
    return made


def sent(page: AppTest) -> dict[str, Any]:
    """The block of data of the comparison, its arrays unpacked."""

    def unpacked(value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"shape", "data"}:
            return np.frombuffer(base64.b64decode(value["data"]), "<f4").reshape(value["shape"])
        if isinstance(value, dict):
            return {name: unpacked(each) for name, each in value.items()}
        return [unpacked(each) for each in value] if isinstance(value, list) else value

    protos = [element.proto for element in page.get("bidi_component")]
    return unpacked(next(json.loads(proto.json) for proto in protos if proto.component_name.endswith("_compare")))


def badges(page: AppTest) -> list[str]:
    return [element.value for element in page.markdown if "-badge[" in element.value]


def test_two_epochs_stand_beside_each_other(opened: Callable[..., AppTest], asked: Asked) -> None:
    page = opened()
    assert page.segmented_control(key="compare_way").options == ["Another epoch", "Another input"]
    block = sent(page)
    assert block["names"] == ["Epoch 12", "Epoch 0, untrained"]
    assert [layer["name"] for layer in block["layers"]] == ["conv_1", "pool_1", "conv_2", "pool_2", "flatten", "dense", "digits"]
    oracle = OPERATIONS["inspect"]({"run": str(SHIPPED), "epoch": 0, "layers": ["conv_1"], "most": None}, {})[1]["layer:conv_1"]
    np.testing.assert_allclose(block["layers"][0]["mate"], np.moveaxis(oracle, -1, 0), atol=1e-6)
    assert len(badges(page)) == 2 and all("green-badge" in badge for badge in badges(page))


def test_an_epoch_beside_itself_is_exactly_the_same(opened: Callable[..., AppTest]) -> None:
    page = opened()
    page.select_slider[-1].set_value(12).run()
    block = sent(page)
    assert all(layer["words"] == "exactly the same" for layer in block["layers"])
    assert all((layer["this"] == layer["mate"]).all() for layer in block["layers"])
    assert block["said"].startswith("Both say")


def test_another_sample_at_the_same_epoch(opened: Callable[..., AppTest], asked: Asked) -> None:
    page = opened()
    page.segmented_control(key="compare_way").set_value("Another input").run()
    assert not page.exception
    assert sent(page)["names"] == ["Test sample 0", "Test sample 1"]
    other = [arguments for op, arguments in asked if op == "compare"][-1]["other"]
    assert (other["epoch"], other["part"], other["sample"]) == (12, "test", 1)
    first, second = sent(page)["inputs"]["pictures"]
    assert first.shape == second.shape == (28, 28, 1) and (first != second).any()


def test_a_changed_input_stands_beside_the_original(opened: Callable[..., AppTest]) -> None:
    page = opened()
    page.selectbox(key="explore_change digits28").set_value("rotation").run()
    page.segmented_control(key="compare_way").set_value("The original").run()
    assert not page.exception
    block = sent(page)
    assert block["names"] == ["Turned by 30°", "Original"]
    first, second = block["inputs"]["pictures"]
    np.testing.assert_array_equal(first, rotated(second, 30, np.float32(0)))


def test_among_the_layers_a_changed_input_has_both_rows_of_maps_until_the_switch_is_off(opened: Callable[..., AppTest]) -> None:
    page = opened()
    page.segmented_control(key="explore_view_name").set_value("layers").run()
    page.selectbox(key="explore_change digits28").set_value("noise").run()
    assert not page.exception
    block = sent(page)
    assert block["names"] == ["Noise of 20% of the range", "Original"] and len(block["layers"]) == 7
    page.toggle(key="explore_beside_original").set_value(False).run()
    assert not page.exception
    assert not [each for each in page.get("bidi_component") if each.proto.component_name.endswith("_compare")]


def test_another_run_of_the_network_looks_at_the_same_input(opened: Callable[..., AppTest], project: Project) -> None:
    other = another(project, "digit_cnn", "digits28")
    page = opened(compare_way="Another run", compare_run=other.id)
    block = sent(page)
    assert len(block["layers"]) == 7
    np.testing.assert_array_equal(*block["inputs"]["pictures"])


def test_a_run_on_other_inputs_is_said_calmly(opened: Callable[..., AppTest], project: Project) -> None:
    other = another(project, "iris_mlp", "iris")
    page = opened(compare_way="Another run", compare_run=other.id)
    notes = "\n".join(str(element.proto.body) for element in page.get("html"))
    assert "whose inputs have another shape" in notes
    assert page.info and "same shape on both sides" in page.info[0].value.replace("\\", "")


def test_layers_that_both_have_are_compared_where_inputs_differ(opened: Callable[..., AppTest], project: Project) -> None:
    other = another(project, "lenet5", "digits")
    page = opened(compare_way="Another run", compare_run=other.id)
    block = sent(page)
    assert block["layers"] and len(block["layers"]) < 7
    assert "Without a layer of the same shape" in block["alone"]
    assert "pictures" not in block["inputs"]


def test_a_press_opens_a_layer_and_its_whole_outputs_are_the_file(opened: Callable[..., AppTest], run: Run) -> None:
    opened()
    seen = view.View(run.id, 12, "test", 0)
    found = compare.both(seen, seen._replace(epoch=0), "conv_2", "conv_2")
    assert found["this"].shape == (11, 11, 64)
    np.testing.assert_array_equal(found["difference"], found["this"] - found["other"])


def test_a_kernel_that_cannot_is_a_sentence(opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened()
    compare.compared.cache_clear()

    def broken(*_: Any, **__: Any) -> Any:
        raise BuilderError("Looking at every layer", "at most 512 MiB for their outputs", "3 GiB")

    monkeypatch.setattr(compare.calls, "probe", broken)
    page.run()
    assert not page.exception and "512 MiB" in page.info[0].value.replace("\\", "")


def test_predictions_of_every_kind_have_rows_and_words() -> None:
    adding, values = record("adding"), {"kind": "values", "values": [1.0, 2.0], "target": None}
    assert [row["name"] for row in compare.rows(adding, values, values)] == ["the sum", "output 1"]
    assert compare.rows(adding, values, values)[1] == {"name": "output 1", "values": [2.0, 2.0], "share": False}
    again = {"kind": "again", "error": 0.5}
    assert compare.rows(adding, again, again)[0]["name"] == "mean squared error"
    steps = {"kind": "steps", "classes": ["a", "b"], "answer": [0, 1], "target": None}
    assert compare.predictions_text(steps, steps | {"answer": [0, 0]}, ("x", "y")) == "Both say the same at 1 of 2 steps."
    step = steps | {"answer": [0]}
    assert compare.predictions_text(step, step, ("x", "y")) == "Both say the same at 1 of 1 step."
    one = {"kind": "classes", "classes": ["a", "b"], "probabilities": [0.9, 0.1], "answer": 0}
    other = {"kind": "classes", "classes": ["b", "c"], "probabilities": [0.3, 0.7], "answer": 1}
    assert compare.predictions_text(one, other, ("x", "y")) == "x says a, y says c."
    assert compare.rows(adding, one, other)[0] == {"name": "a", "values": [0.9, None], "share": True}
    assert compare.rows(adding, one, values) == []
    assert compare.predictions_text(one, again, ("x", "y")) == "x: a. y: mean squared error 0.5."
    assert compare.predictions_text(values, steps, ("x", "y")) == "x: 1, 2. y: a b."
