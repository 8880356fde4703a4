"""The Train page while Keras has not answered: nothing is said of the network before it is known, and what is said then is true."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import record
from builder.engine import calls
from builder.engine.process import Kernel
from builder.errors import Unavailable
from builder.network import Analysis
from builder.recipes import RECIPES, propose_for
from builder.store import default_store
from builder.web.canvas_picture import picture
from builder.web.editing import analysed

PAGE = Path(__file__).resolve().parents[2] / "pages" / "2_train.py"
ME = "session-me"


@pytest.fixture
def loading(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kernel]:
    """An analysis kernel that was started this moment, as a server's is, and no answer that was kept from before."""
    kernel = Kernel("analysis")
    monkeypatch.setitem(calls._kernels, "analysis", kernel)
    monkeypatch.setattr(calls, "_kept", type(calls._kept)())
    kernel.start()
    yield kernel
    kernel.stop()


@pytest.fixture
def page(home: Path) -> AppTest:
    """The Train page of a project with a right network, LeNet-5 on ten digits."""
    project = default_store().create_project(ME, "mine", [zoo.network("lenet5")])
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["_owner"] = ME
    page.query_params["project"] = project.id
    return page


def said(page: AppTest) -> str:
    """Everything that the page says."""
    texts = [each.value for kind in (page.caption, page.warning, page.error) for each in kind]
    return "\n".join([*texts, *(each.proto.body for each in page.get("html"))]).replace("\\", "")


def train(page: AppTest) -> Any:
    return next(button for button in page.button if button.label == "Train")


def test_a_kernel_that_loads_accuses_no_network_and_counts_nothing(page: AppTest, loading: Kernel) -> None:
    page.run()
    assert not loading.ready_device(), "Keras was there at once: nothing was tried"
    assert not page.exception and not page.warning and not page.error
    assert "Keras is loading" in said(page) and "0</b> parameters" not in said(page)
    assert train(page).disabled
    calls.analyse(zoo.network("lenet5"), timeout=120)
    page.run()
    assert not page.warning and not page.error and "Keras is loading" not in said(page)
    assert "<b>61,706</b> parameters" in said(page) and not train(page).disabled


def test_no_answer_yet_is_told_from_an_answer(home: Path, loading: Kernel) -> None:
    network = zoo.network("lenet5")
    with pytest.raises(Unavailable, match="still loading"):
        loading.call("analyse", {"network": network.model_dump(mode="json"), "deep": False}, {}, timeout=0.01)
    project = default_store().create_project(ME, "mine", [network])
    waiting = analysed(network)
    assert waiting.pending and not waiting.problems
    assert picture(project, default_store().work(project.id, "lenet5"), waiting, True)["pending"]


def test_a_call_that_waits_for_others_has_no_answer_yet(home: Path) -> None:
    kernel = Kernel("analysis")
    with kernel._lock, pytest.raises(Unavailable, match="a queue of other calls"):
        kernel.call("analyse", {}, {}, timeout=0.01)


@pytest.mark.parametrize("dataset", ["digits", "moons", "diabetes"])
def test_an_output_that_is_not_known_is_no_output_of_one_unit(dataset: str) -> None:
    known = record(dataset)
    network = zoo.network(known.network or "iris_mlp")
    proposal = propose_for(RECIPES["supervised"], known, network, Analysis(name=network.name), LAYERS)
    assert not [text for text in proposal.warnings if "unit" in text]
    assert proposal.units == (len(known.classes) or known.targets)
