"""The routes of a run's picture: small, exact, the same for whoever has the link, and honest about what was kept."""

import io
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from builder import zoo
from builder.engine import calls
from builder.engine.shipped import EPOCHS, SHIPPED, install
from builder.runs import Run, Settings, folder
from builder.runs.checkpoint import write_arrays
from builder.runs.run_folder import epoch_path, weights
from builder.store import default_store
from builder.training.pictures.folder import flat, picture_path, probe_path, read_picture, read_probe
from builder.web import events
from tests.kit.making import made, padding_network


@pytest.fixture
def run(home: Path) -> Run:
    """The run that ships, in a project of its own."""
    store = default_store()
    run = install(store.create_project("someone", "first", [zoo.network("digit_cnn")]).id)
    assert run is not None
    return run


def client() -> TestClient:
    return TestClient(Starlette(routes=events.ROUTES), base_url="http://localhost")


def array(sent: dict[str, Any]) -> np.ndarray:
    kind = "u1" if sent.get("bytes") else "<f4"
    return np.frombuffer(b64decode(sent["data"]), kind).reshape(sent["shape"])


def test_the_first_answer_brings_the_samples_and_the_newest_picture_and_later_ones_only_what_is_new(run: Run) -> None:
    first = client().get(f"/api/runs/{run.id}/pictures").json()
    assert first["epochs"] == list(EPOCHS) and first["newest"]["epoch"] == 12
    assert [kind["title"] for kind in first["about"]["kinds"]] == ["Live predictions", "Layers"]
    fixed, kept = read_probe(SHIPPED)["classes"], read_picture(SHIPPED, 12)["classes"]
    sent = first["about"]["fixed"]["classes"]
    assert set(sent) == {"raw", "y"}  # what only the network needs stays here
    np.testing.assert_array_equal(array(sent["raw"]), fixed["raw"])
    np.testing.assert_array_equal(array(sent["y"]), fixed["y"])
    np.testing.assert_array_equal(array(first["newest"]["kinds"]["classes"]["probabilities"]), kept["probabilities"])
    later = client().get(f"/api/runs/{run.id}/pictures?after=4").json()
    assert later["epochs"] == [8, 12] and "about" not in later
    quiet = client().get(f"/api/runs/{run.id}/pictures?after=12")
    assert quiet.json() == {"epochs": [], "newest": None} and len(quiet.content) < 100


def test_an_epoch_is_sent_alone_and_its_numbers_can_be_taken_home(run: Run) -> None:
    kept = read_picture(SHIPPED, 4)["classes"]["probabilities"]
    sent = client().get(f"/api/runs/{run.id}/pictures/4").json()
    np.testing.assert_array_equal(array(sent["kinds"]["classes"]["probabilities"]), kept)
    answer = client().get(f"/api/runs/{run.id}/pictures/4/numbers.npz")
    assert "attachment" in answer.headers["content-disposition"]
    with np.load(io.BytesIO(answer.content), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["classes/probabilities"], kept)
        np.testing.assert_array_equal(arrays["classes/x0"], read_probe(SHIPPED)["classes"]["x0"])


def test_the_check_finds_the_kept_weights_in_the_picture_and_sees_where_they_are_others(run: Run) -> None:
    checks = client().get(f"/api/runs/{run.id}/pictures/4/check").json()["checks"]
    assert [check["kind"] for check in checks] == ["classes", "layers"] and all(check["value"] < 1e-5 for check in checks)
    place = folder(run.id)
    epoch_path(place, 8).unlink()  # a link to the file that ships
    write_arrays(epoch_path(place, 8), weights(place, 2))
    check, _ = client().get(f"/api/runs/{run.id}/pictures/8/check").json()["checks"]
    assert check["value"] > 0.01
    epoch_path(place, 2).unlink()
    answer = client().get(f"/api/runs/{run.id}/pictures/2/check")
    assert answer.status_code == 422 and "weights are kept" in answer.json()["error"]["message"]
    calls.shut_down()


def test_what_is_not_there_is_said(run: Run) -> None:
    assert client().get("/api/runs/none/pictures").status_code == 404
    assert client().get(f"/api/runs/{run.id}/pictures/x").status_code == 404
    assert client().get(f"/api/runs/{run.id}/pictures?after=x").status_code == 400
    answer = client().get(f"/api/runs/{run.id}/pictures/5")
    assert answer.status_code == 422 and "0, 1, 2, 4, 8, 12" in answer.json()["error"]["message"]
    picture_path(folder(run.id), 12).unlink()
    assert client().get(f"/api/runs/{run.id}/pictures").json()["newest"]["epoch"] == 8


def test_a_run_without_a_picture_and_one_of_a_deleted_table_answer_calmly(home: Path) -> None:
    store = default_store()
    run = store.create_run(None, zoo.network("iris_mlp"), Settings(dataset="iris"))
    assert client().get(f"/api/runs/{run.id}/pictures").json() == {"epochs": [], "newest": None}
    gone = store.create_run(None, zoo.network("iris_mlp"), Settings(dataset="table:gone"))
    write_arrays(folder(gone.id) / "pictures" / "probe.npz", {"values/y": np.zeros((2, 1))})
    write_arrays(picture_path(folder(gone.id), 0), {"values/predictions": np.ones((2, 1))})
    assert client().get(f"/api/runs/{gone.id}/pictures").json()["about"]["dataset"]["classes"] == []


def test_attention_that_an_earlier_version_kept_is_named_and_not_sent(home: Path) -> None:
    run = default_store().create_run(None, zoo.network("reversal_attention"), Settings(dataset="reversal"))
    arrays = {"attention/from:attention": np.zeros(2), "steps/y": np.zeros((2, 16)), "steps/raw": np.zeros((2, 16))}
    write_arrays(folder(run.id) / "pictures" / "probe.npz", arrays)
    write_arrays(picture_path(folder(run.id), 0), {"attention/attention": np.ones((16, 16)), "steps/chances": np.ones((2, 16))})
    about = client().get(f"/api/runs/{run.id}/pictures").json()["about"]
    assert about["past"] == ["attention"]
    assert [kind["name"] for kind in about["kinds"]] == ["steps"] == list(about["fixed"])


def test_the_check_leaves_padding_out_of_the_rows_that_sum_to_1(tmp_path: Path) -> None:
    from builder.training.pictures import KINDS, scene_of
    from builder.training.pictures.check import pictured

    place, network = tmp_path / "run", padding_network()
    [model] = made(place, network, "pronouns")
    kind, shown = KINDS[-2], scene_of(model, network, Settings(dataset="pronouns"))
    fixed = kind.choose(shown) | {"x0": np.array([[5, 6, 7, 8, 0, 0, 0, 0, 0]])}
    write_arrays(probe_path(place), flat({kind.name: fixed}))
    write_arrays(picture_path(place, 0), flat({kind.name: kind.take(shown, fixed)}))
    checks = pictured({"run": str(place), "epoch": 0}, {})[0]["checks"]
    assert [check["name"] for check in checks] == ["Equals the weights kept", "Rows sum to 1"]
    assert all(check["value"] < 1e-5 for check in checks)
