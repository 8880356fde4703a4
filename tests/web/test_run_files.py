"""What a person takes home of a play: the model that it ended with, the weights that it began with, its program as a notebook."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from builder import zoo
from builder.engine import calls, kernel
from builder.keras_bridge import analyse
from builder.runs import Run, Settings, Status, folder
from builder.runs.checkpoint import write_arrays
from builder.runs.record import Lineage
from builder.runs.run_folder import epoch_path, last_path
from builder.store import Project, default_store
from builder.training.training import ends_of, write_records
from builder.web import editing


@pytest.fixture
def run(client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A play that went on from another's weights and was ended; the kernels answer from this process."""
    from builder.keras_bridge import to_keras
    from builder.runs.checkpoint import layer_weights

    monkeypatch.setattr(editing.calls, "analyse", lambda network, deep=False, timeout=0: analyse(network, deep))
    monkeypatch.setattr(calls, "call", lambda kind, op, arguments, *_, **__: kernel.operations("probes")[op](arguments, {}))
    network, lineage = zoo.network("iris_mlp"), Lineage(parent="gone", name="iris_mlp 1", kept=("dense_1",), anew=("dense_2",))
    run = default_store().create_run(project.id, network, Settings(dataset="iris"), played=True, lineage=lineage, status=Status.stopped)
    model = to_keras(network)
    write_records(run, ends_of(model))
    write_arrays(epoch_path(folder(run.id), 0), layer_weights(model))
    write_arrays(last_path(folder(run.id)), {name: values + 1 for name, values in layer_weights(model).items()})
    return run


def taken(client: TestClient, run: Run, name: str) -> Any:
    answer = client.get(f"/api/runs/{run.id}/files/{name}")
    assert answer.status_code == 200, answer.text
    return answer


def test_the_model_of_an_ended_play_is_made_when_it_is_asked_for(client: TestClient, run: Run, tmp_path: Path) -> None:
    import keras

    (tmp_path / "m.keras").write_bytes(taken(client, run, "model.keras").content)
    model = keras.models.load_model(tmp_path / "m.keras")
    left = np.load(last_path(folder(run.id)))
    assert all(np.array_equal(w, left[f"{layer.name}/{at}"]) for layer in model.layers for at, w in enumerate(layer.get_weights()))


def test_a_play_that_goes_on_has_no_model_yet(client: TestClient, run: Run) -> None:
    default_store().update_run(run.id, status=Status.running)
    assert client.get(f"/api/runs/{run.id}/files/model.keras").status_code == 404


def test_the_first_weights_come_under_the_name_that_the_program_looks_for(client: TestClient, run: Run) -> None:
    answer = taken(client, run, "first_weights.npz")
    assert 'filename="first_weights.npz"' in answer.headers["content-disposition"]
    assert np.load(io.BytesIO(answer.content)).files == np.load(epoch_path(folder(run.id), 0)).files
    assert "first_weights = 'first_weights.npz'" in taken(client, run, "program.py").text


def test_a_run_with_new_weights_offers_none(client: TestClient, run: Run) -> None:
    default_store().update_run(run.id, lineage=None)
    assert client.get(f"/api/runs/{run.id}/files/first_weights.npz").status_code == 404


def test_the_notebook_has_the_sections_of_the_program(client: TestClient, run: Run) -> None:
    answer = taken(client, run, "notebook.ipynb")
    assert 'filename="iris_mlp_1.ipynb"' in answer.headers["content-disposition"]
    cells = json.loads(answer.text)["cells"]
    assert ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"][1:3] == ["## Data", "## First weights"]
