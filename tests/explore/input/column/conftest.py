"""The left column of Explore alone, on a kernel whose network says the class of the mean number."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import DATASETS, parts
from builder.engine import calls
from builder.runs import Run, Settings
from builder.store import Store, default_store
from pages.explore import drawing as explore_canvas
from pages.explore import view as explore_data
from pages.explore.input import own_row
from tests.kit.pages import Opened

NETWORKS = {
    "digits28": "digit_cnn",
    "patches": "digit_cnn",
    "iris": "iris_mlp",
    "moons": "points_mlp",
    "sines": "sines_gru",
    "pronouns": "pronoun_encoder",
}


def column(run_id: str) -> None:
    """The left column alone, as the Explore page puts it together."""
    import streamlit as st

    from builder.datasets import record
    from builder.store import default_store
    from pages.explore import view as explore_data
    from pages.explore.input import beside, perturb
    from pages.explore.input import own as explore_own

    run = default_store().run(run_id)
    dataset = record(run.settings.dataset)
    base = explore_own.choose(run, dataset, explore_data.View(run.id, 1, "test", 3))
    seen, words = perturb.choose(dataset, base, lambda: explore_data.inspection(base, ()).arrays["raw"])
    found, original = explore_data.inspection(seen, ()), explore_data.inspection(base, ()) if words else None
    beside.show(dataset, found, original, words, explore_own.steps(dataset))
    st.session_state["seen"] = seen


@pytest.fixture
def store(home: Any) -> Store:
    for cached in (explore_data.inspection, own_row.ranges, explore_canvas.asked):
        cached.cache_clear()
    return default_store()


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel whose network says the class of the mean number; all else is as the real one answers."""

    def call(kernel: str, op: str, arguments: Mapping[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        if op == "ranges":
            of = DATASETS[arguments["dataset"]]
            rows = of.load().x.reshape(-1, of.input_shape[-1])
            return {}, {"low": rows.min(axis=0), "high": rows.max(axis=0)}
        run = default_store().run(str(arguments["run"]).rpartition("/")[2])
        dataset = DATASETS[run.settings.dataset]
        if op == "plane":
            some = parts(dataset.name, 1, 0.2).test
            ends, answer = np.linspace(-2, 3, 9), np.full((len(dataset.classes), 9, 9), 0.5)
            return {"rating": True}, {"x": ends, "y": ends[::-1], "answer": answer, "points": some.x, "labels": some.y}
        own = (arrays or {}).get("input")
        raw = parts(dataset.name, 1, 0.2).test.x[arguments["sample"]] if own is None else own.astype(dataset.dtype)
        chances = np.exp(-np.arange(len(dataset.classes) or 1) * abs(float(raw.mean())))
        names = {"classes": list(dataset.classes), "target": None, "right": None, "note": ""}
        said = {"kind": "classes", "probabilities": (chances / chances.sum()).tolist(), "answer": 0, **names}
        if not dataset.classes or dataset.per_step:
            said = {"kind": "values", "values": [float(raw.mean())], "target": None}
        return {"prediction": said, "steps": [], "layers": [], "epoch": 1, "part": "test", "sample": 3}, {"raw": raw, "input": raw}

    monkeypatch.setattr(calls, "call", call)


@pytest.fixture
def opened(store: Store) -> Opened:
    def open_column(dataset: str) -> AppTest:
        run: Run = store.create_run(None, zoo.network(NETWORKS[dataset]), Settings(dataset=dataset))
        view = AppTest.from_function(column, default_timeout=60, args=(run.id,))
        view.run()
        assert not view.exception
        return view

    return open_column
