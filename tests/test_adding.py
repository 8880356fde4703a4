"""Adding is one file: each of these is written into a temporary file, named in its collection, and the product shows it."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

import builder.probes
from builder import datasets, zoo
from builder.__main__ import main
from builder.catalogue import LAYERS
from builder.code import program
from builder.engine import calls, kernel
from builder.engine.shipped import install
from builder.errors import BuilderError
from builder.keras_bridge import analyse, to_keras
from builder.network import Network
from builder.probes import OPERATIONS, recurrent
from builder.runs import epochs, folder
from builder.store import default_store
from builder.web import catalogue
from pages.explore import views
from tests.kit.kernel import answer_here
from tests.kit.making import chain, stored
from tests.kit.training_here import a_run, train
from tests.kit.viewing import shown

ROOT = Path(__file__).resolve().parent.parent
ME = "session-me"
Written = Callable[[str, str], ModuleType]

LAYER = '''
"""Grey images at random: a layer that Keras has and the catalogue has not."""

from builder.catalogue.record import Layer
from builder.catalogue.shared import DATA_FORMAT, SEED, rate

LAYER = Layer(
    name="RandomGrayscale",
    family="preprocessing",
    summary="Takes the colour out of some images during training.",
    {facts}
    params=(rate("factor", "The share of images that lose their colour.", 0.5, shows="{{}}"), DATA_FORMAT, SEED),
)
'''

DATASET = '''
"""XOR with a little noise."""

import numpy as np

from builder.datasets import Arrays, Dataset


def load() -> Arrays:
    random = np.random.default_rng(0)
    corners = random.integers(0, 2, (200, 2))
    return Arrays((corners + random.normal(0, 0.1, (200, 2))).astype("float32"), corners.sum(axis=1) % 2)


DATASET = Dataset(
    name="xor", title="XOR", summary="200 points at the corners of a square.", source="made by numpy", kind="points", input_shape=(2,),
    count=200, load=load, classes=("equal", "different"), features=("x", "y"), low=-0.5, high=1.5, network="points_mlp", epochs=2,
)
'''

PROBE = '''
"""The largest number that each layer gives for a sample."""

from pathlib import Path

import numpy as np

from builder.probes.model.loaded import loaded, outputs
from builder.probes.model.record import Probe
from builder.probes.model.samples import asked_sample


def largest(arguments, arrays):
    """Of each layer, by name."""
    run = loaded(arguments["run"], arguments.get("epoch"))
    one = asked_sample(run, arguments, arrays)
    found = {name: np.asarray(value).max() for name, value in outputs(run, one.x, *one.more).items()}
    return {"layers": list(found)}, {"largest": np.array(list(found.values()))}


def compute(run_folder: Path, epoch, place, layer):
    """The same for the command line."""
    return largest({"run": run_folder, "epoch": epoch, "sample": place}, {})[1]


OPERATIONS = (largest,)
PROBES = (Probe(name="largest", title="Largest", summary="Each layer's largest number.", compute=compute),)
'''

VIEW = '''
"""What each layer says at most."""

from a_probe import largest

from pages.explore import html as marks
from pages.explore.drawing import asked, draw
import streamlit as st

TITLE = "Largest numbers"


def applies(run, dataset):
    return True


def show(run, view, dataset, epochs):
    answer, arrays = asked(view, largest)
    draw("draw/bars", "largest", {"title": TITLE, "values": arrays["largest"], "names": answer["layers"], "axis": "layer", "file": "largest"})
    st.html(marks.note(f"{len(answer['layers'])} layers"))
'''


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """What a file with this text is when it is imported."""
    folder = tmp_path / "added"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    made: list[str] = []

    def write(name: str, text: str) -> ModuleType:
        (folder / f"{name}.py").write_text(text.lstrip())
        made.append(name)
        return importlib.import_module(name)

    yield write
    for name in made:
        sys.modules.pop(name)


@pytest.fixture(params=["passes=True,", ""], ids=["with its facts", "without any fact"])
def layer(request: pytest.FixtureRequest, written: Written, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A layer type added to the catalogue."""
    record = written("a_layer", LAYER.format(facts=request.param)).LAYER
    monkeypatch.setitem(LAYERS, record.name, record)
    catalogue.listing.cache_clear()
    yield record.name
    catalogue.listing.cache_clear()


def with_it(layer: str) -> Network:
    return chain(
        "added",
        ("input", "Input", {"shape": [8, 8, 1]}),
        ("conv", "Conv2D", {"filters": 3, "kernel_size": 3, "padding": "same", "activation": "relu"}),
        ("grey", layer, {"factor": 0.25}),
        ("flatten", "Flatten", {}),
        ("digits", "Dense", {"units": 10, "activation": "softmax"}),
    )


def test_a_layer_is_in_the_palette_analysed_written_as_a_program_and_summed_up(
    layer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = TestClient(Starlette(routes=catalogue.ROUTES)).get("/api/catalogue").json()["layers"]
    assert {"name": layer, "family": "preprocessing"}.items() <= listed[-1].items()
    analysis = analyse(with_it(layer), deep=True)
    assert not analysis.problems and analysis.layers[2].output_shape == (8, 8, 3)
    text, made = program(with_it(layer)), {}
    exec(compile(text, "program", "exec"), made)
    assert "layers.RandomGrayscale(factor=0.25, name='grey')" in text and made["model"].count_params() == analysis.total_params
    to_keras(with_it(layer)).save(tmp_path / "mine.keras")
    assert main(["summary", str(tmp_path / "mine.keras"), "--json"]) == 0
    assert [each["layer"] for each in json.loads(capsys.readouterr().out)["layers"]][2] == layer


def test_a_layer_that_does_not_fit_says_what_keras_says(layer: str) -> None:
    (problem,) = analyse(chain("wrong", ("input", "Input", {"shape": [7]}), ("grey", layer, {})), deep=True).problems
    assert problem.node == "grey" and problem.message.startswith("grey needs ") and "\n" not in problem.message


def test_a_layer_has_a_form(layer: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "analyse", lambda network, deep=False, timeout=10: analyse(network))
    project = default_store().create_project(ME, "mine", [with_it(layer)])
    page = AppTest.from_file(str(ROOT / "pages" / "frame" / "frame.py"), default_timeout=60)
    page.session_state["_owner"] = ME
    page.query_params.update({"project": project.id, "layer": "grey"})
    page.run()
    assert not page.exception
    assert [each.value for each in (*page.text_input, *page.slider) if each.label == "factor"] == ["0.25"]


def test_a_layer_is_drawn_in_explore_and_its_numbers_are_followed_where_it_passes_them_on(
    layer: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_here(monkeypatch)
    run = stored(with_it(layer), "digits", project=default_store().create_project(ME, "mine", [with_it(layer)]).id)
    asked = {"run": str(folder(run.id)), "layer": "grey", "index": [3, 3, 0]}
    if LAYERS[layer].passes:
        answer, _ = OPERATIONS["lens"](asked, {})
        assert answer["check"]["value"] == 0
    else:
        with pytest.raises(BuilderError, match="The arithmetic of RandomGrayscale needs a layer whose terms are written out"):
            OPERATIONS["lens"](asked, {})
    for view in views.VIEWS.values():
        if view.applies(run, datasets.record("digits")):
            assert not shown(view.__name__, run, layer="grey").exception, view.__name__


def test_a_dataset_is_described_trained_on_and_looked_at(
    written: Written, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    monkeypatch.setitem(datasets.DATASETS, "xor", written("a_dataset", DATASET).DATASET)
    assert main(["data", "xor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["classes"] == ["equal", "different"] and sum(found["parts"].values()) == 200
    assert {len(part.x) for part in (datasets.parts("xor").train, datasets.parts("xor").test)} <= set(found["parts"].values())
    place = train(a_run(zoo.network("points_mlp"), dataset="xor", epochs=2))
    assert epochs(place) == [0, 1, 2]
    alone = (place / "program.py").read_text()
    assert "    corners = random.integers(0, 2, (200, 2))\n" in alone and "x, y = load()" in alone  # its source came along
    run = stored(zoo.network("points_mlp"), "xor", project=default_store().create_project(ME, "mine", [zoo.network("points_mlp")]).id)
    answer_here(monkeypatch)
    assert not shown("pages.explore.neurons.neurons", run).exception


@pytest.fixture
def largest(written: Written, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A probe listed in a family; the dictionaries of all are made of these lists."""
    module = written("a_probe", PROBE)
    with monkeypatch.context() as patch:
        patch.setattr(recurrent, "MODULES", (*recurrent.MODULES, module))
        importlib.reload(builder.probes)
        yield module
    importlib.reload(builder.probes)


def test_a_probe_is_answered_by_the_kernel_and_its_view_is_one_of_explore_s(
    largest: ModuleType, written: Written, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "largest" in builder.probes.PROBES
    answer_here(monkeypatch)
    monkeypatch.setitem(views.VIEWS, "largest", written("a_view", VIEW))
    project = default_store().create_project(ME, "mine", [zoo.network("digit_cnn")])
    run = install(project.id)
    assert run is not None
    body = {"op": "largest", "arguments": {"run": str(folder(run.id)), "epoch": 0, "sample": 3}}
    answered, arrays = kernel.answer(builder.probes.OPERATIONS, body, {})
    assert "error" not in answered and np.isfinite(arrays["largest"]).all()
    page = AppTest.from_file(str(ROOT / "pages" / "3_explore.py"), default_timeout=60)
    page.session_state["_owner"] = ME
    page.query_params.update({"project": project.id, "run": run.id, "epoch": "0", "view": "largest", "sample": "3"})
    page.run()
    assert not page.exception and not page.error
    said = " ".join(str(each.proto.body) for each in page.get("html"))
    assert f"{len(answered['result']['layers'])} layers" in said
    assert "layerloom_draw_bars" in [each.proto.component_name for each in page.get("bidi_component")]
