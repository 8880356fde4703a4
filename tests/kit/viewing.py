"""Explore's views without the page around them, on runs with random weights: what is sent to the browser, unpacked."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import parts
from builder.engine import calls
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from pages.explore import drawing
from tests.kit.kernel import answer_here
from tests.kit.making import stored
from tests.kit.pages import Opened

Runs = dict[str, Run]


def page(module: str, run_id: str, epoch: int, own: list | None = None) -> None:
    """A view alone, as the Explore page calls it, of sample 3 or of an input of one's own, as nested lists."""
    import importlib

    from builder.datasets import record
    from builder.runs import epochs, folder
    from builder.store import default_store
    from pages.explore.view import View, given

    run = default_store().run(run_id)
    view = importlib.import_module(module)
    seen = View(run.id, epoch, "test", 3, None if own is None else given("typed", own))
    view.show(run, seen, record(run.settings.dataset), epochs(folder(run.id)))


@contextmanager
def runs_of(factory: pytest.TempPathFactory, kernels: bool = False, **kinds: tuple[str, ...]) -> Iterator[Runs]:
    """Runs by name in a data folder of their own; each of a network of the zoo on a dataset, by a recipe where one is named.

    Probes answer in this process, or with `kernels` in one of their own as in the product, which takes its seconds to load.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUILDER_HOME", str(factory.mktemp("views") / "home"))
        patch.delenv("BUILDER_DATABASE_URL", raising=False)
        if not kernels:
            answer_here(patch)
        drawing.asked.cache_clear()
        yield {name: stored(zoo.network(network), *more) for name, (network, *more) in kinds.items()}
        calls.shut_down()
        drawing.asked.cache_clear()


def opener(runs: Runs) -> Opened:
    """What opens a view of one of the runs at an epoch, sample 3 of the test part."""

    def open_view(module: str, name: str, epoch: int = 1, own: np.ndarray | None = None) -> AppTest:
        given = None if own is None else own.tolist()
        view = AppTest.from_function(page, default_timeout=180, args=(module, runs[name].id, epoch, given))
        view.run()
        assert not view.exception
        return view

    return open_view


def sent(view: AppTest, component: str, place: int = 0) -> dict[str, Any]:
    """The block of data of a drawing, of several the one at this place, its arrays unpacked."""

    def unpacked(value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"shape", "data"}:
            return np.frombuffer(base64.b64decode(value["data"]), "<f4").reshape(value["shape"])
        if isinstance(value, dict):
            return {name: unpacked(each) for name, each in value.items()}
        return [unpacked(each) for each in value] if isinstance(value, list) else value

    protos = [element.proto for element in view.get("bidi_component")]
    found = [json.loads(proto.json) for proto in protos if proto.component_name.endswith(f"_{component}")]
    assert found, f"{component} is not among {[proto.component_name for proto in protos]}"
    return unpacked(found[place])


def sample(dataset: str) -> np.ndarray:
    """Sample 3 of the test part, as it is stored."""
    return parts(dataset, 1, 0.2).test.x[3]


def badges(view: AppTest) -> list[str]:
    return [element.value for element in view.markdown if "-badge[" in element.value]


def chosen(module: str, run_id: str) -> None:
    """A view of a run alone, with what its owner's session has chosen; at its `epoch`, or the last."""
    import importlib

    import streamlit as st

    from builder.runs import epochs, folder
    from builder.store import default_store
    from pages.explore import view as explore_data
    from pages.frame import state

    state.current()
    run = default_store().run(run_id)
    kept, dataset = epochs(folder(run.id)), explore_data.dataset_of(run)
    view = explore_data.view(run, kept, dataset)
    importlib.import_module(module).show(run, view._replace(epoch=st.session_state.get("epoch", view.epoch)), dataset, kept)


def shown(module: str, run: Run, **state: Any) -> AppTest:
    """That view for the session `session-me`."""
    test = AppTest.from_function(chosen, default_timeout=60, args=(module, run.id))
    for name, value in {"_owner": "session-me", **state}.items():
        test.session_state[name] = value
    test.query_params["project"] = run.project or ""
    return test.run()


def softmax(scores: np.ndarray) -> np.ndarray:
    """Over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def heads_by_numpy(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """What each head of pronoun_encoder's first layer gives to its output for sample 3, (head, query, unit), and the output."""
    tokens = parts("pronouns", run.settings.seed, run.settings.validation_share).test.x[3]
    kept = weights(folder(run.id), 1)
    x = kept["embedding/0"][tokens] + kept["position/0"]
    query, key, value = (
        np.einsum("tf,fhd->htd", x, kept[f"attention_1/{at}"]) + kept[f"attention_1/{at + 1}"][:, None] for at in (0, 2, 4)
    )
    looked = softmax(query @ key.swapaxes(1, 2) / np.sqrt(key.shape[2])) @ value
    given = np.einsum("htd,hdu->htu", looked, kept["attention_1/6"])
    return given, given.sum(axis=0) + kept["attention_1/7"]
