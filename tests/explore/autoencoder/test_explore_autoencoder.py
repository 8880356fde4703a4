"""Explore's autoencoders on small real runs: what reaches the browser is what numpy computes, and codes are decoded by a route."""

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import parts
from builder.engine import calls
from builder.keras_bridge import to_keras
from builder.probes import OPS
from builder.runs import Run, Settings, folder
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.load import model_at
from builder.runs.run_folder import epoch_path
from builder.store import default_store
from builder.web import decoding
from pages.explore import drawing, view, views
from pages.explore.autoencoder import autoencoder

ME = "session-me"
HERE = {"Origin": "http://testserver"}
Sent = dict[str, dict[str, Any]]


def page() -> None:
    import streamlit as st

    from builder.runs import epochs, folder
    from builder.store import default_store
    from pages.frame import state

    state.current()
    run = default_store().run(st.session_state["run"])
    kept, dataset = epochs(folder(run.id)), view.dataset_of(run)
    autoencoder.show(run, view.view(run, kept, dataset), dataset, kept)


def made(name: str, dataset: str, recipe: str) -> Run:
    """A run with random weights, as before its first epoch."""
    store, network = default_store(), zoo.network(name)
    project = store.create_project(ME, "mine", [network])
    run = store.create_run(project.id, network, Settings(dataset=dataset, recipe=recipe))
    place = folder(run.id)
    place.mkdir(parents=True, exist_ok=True)
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(run.settings.model_dump_json())
    keras.utils.set_random_seed(0)
    write_arrays(epoch_path(place, 0), layer_weights(to_keras(network)))
    return run


@pytest.fixture
def plain(home: object) -> Run:
    return made("linear_autoencoder", "digits", "autoencoder")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What each component is given; probes answer in this process."""
    blocks: Sent = {}
    own = drawing.draw
    drawing.asked.cache_clear()

    def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
        blocks[module] = dict(data)
        return own(module, key, data, **callbacks)

    def call(kernel: str, op: str, arguments: dict[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        return OPS[op](arguments, dict(arrays or {}))

    monkeypatch.setattr(drawing, "draw", draw)
    monkeypatch.setattr(calls, "call", call)
    return blocks


def opened(run: Run) -> AppTest:
    test = AppTest.from_function(page, default_timeout=60)
    test.session_state["_owner"], test.session_state["run"] = ME, run.id
    test.query_params["project"] = run.project
    return test.run()


def shown(sent: Sent) -> dict[str, np.ndarray]:
    return {each["title"]: each["values"] for each in sent["rebuilt"]["pictures"]}


def test_input_reconstruction_signed_error_and_pca_stand_side_by_side(plain: Run, sent: Sent) -> None:
    assert not opened(plain).exception
    pictures = shown(sent)
    assert list(pictures) == ["Input", "Reconstruction", "Error", "PCA"]
    np.testing.assert_array_equal(pictures["Input"], parts("digits", 1, 0.2).test.x[0])
    np.testing.assert_allclose(pictures["Error"], pictures["Reconstruction"] - pictures["Input"], atol=1e-6)


def test_the_badge_compares_with_what_the_run_reported(plain: Run, sent: Sent) -> None:
    place = folder(plain.id)
    write_arrays(epoch_path(place, 1), dict(np.load(epoch_path(place, 0))))
    x = parts("digits", 1, 0.2).validation.x
    own = np.asarray(model_at(place, 1)(x))
    (place / "history.json").write_text(json.dumps({"val_loss": [float(np.square(own - x).mean())]}))
    test = opened(plain)
    assert not test.exception
    assert any("Error as the run reported it" in each.value and "check" in each.value for each in test.markdown)


def test_noise_leaves_the_clean_input_beside_it(plain: Run, sent: Sent) -> None:
    test = opened(plain)
    test.slider(key="autoencoder_noise").set_value(0.5).run()
    assert not test.exception
    pictures = shown(sent)
    assert list(pictures)[:2] == ["Input", "With noise"]
    assert 0.2 < float((pictures["With noise"] - pictures["Input"]).std()) < 0.8


def test_one_class_is_the_anomaly_and_the_browser_gets_every_error(plain: Run, sent: Sent) -> None:
    test = opened(plain)
    test.selectbox(key="autoencoder_anomaly").set_value(7).run()
    assert not test.exception
    held = parts("digits", 1, 0.2).test
    np.testing.assert_array_equal(sent["threshold"]["anomalous"], held.y == 7)
    assert sent["threshold"]["errors"].shape == (len(held),)


def test_a_plane_of_many_numbers_has_a_way_back(plain: Run, sent: Sent) -> None:
    opened(plain)
    block = sent["plane"]
    assert block["codes"].shape[1] == 8 and block["size"] == [8, 8, 1] and not block["variational"]
    np.testing.assert_allclose((block["codes"] - block["mean"]) @ block["components"].T, block["plane"], atol=1e-4)


def test_a_variational_network_shows_kl_for_each_number(home: object, sent: Sent) -> None:
    assert not opened(made("vae", "digits28", "variational")).exception
    assert sent["plane"]["variational"] and len(sent["plane"]["kl"]) == 2 and min(sent["plane"]["kl"]) >= 0


def test_only_what_learns_its_input_is_an_autoencoder(plain: Run) -> None:
    dataset = view.dataset_of(plain)
    assert autoencoder.applies(plain, dataset)
    turned = plain.model_copy(update={"settings": plain.settings.model_copy(update={"recipe": "supervised"})})
    assert not autoencoder.applies(turned, dataset)


def test_explore_offers_the_view() -> None:
    assert autoencoder in views.VIEWS.values()


def test_the_route_decodes_codes_as_keras_does(plain: Run, sent: Sent) -> None:
    client = TestClient(Starlette(routes=decoding.ROUTES))
    codes = np.random.default_rng(0).normal(size=(3, 8)).astype("float32")
    body = {"epoch": 0, "layer": "latent", "codes": codes.tolist()}
    answer = client.post(f"/api/runs/{plain.id}/decode", json=body, headers=HERE)
    assert answer.status_code == 200
    kept = np.load(epoch_path(folder(plain.id), 0))
    expected = codes @ kept["decoder/0"] + kept["decoder/1"]
    found = np.frombuffer(b64decode(answer.json()["data"]), "<f4").reshape(answer.json()["shape"])
    np.testing.assert_allclose(found.reshape(3, 64), expected, atol=1e-5)


@pytest.mark.parametrize(
    "body", [{"epoch": 0, "codes": "x"}, {"epoch": 0, "codes": [[1]] * 65}, {"epoch": None, "codes": [[1]]}, {"epoch": 0}]
)
def test_the_route_refuses_what_it_cannot_decode(plain: Run, body: dict[str, Any]) -> None:
    client = TestClient(Starlette(routes=decoding.ROUTES))
    assert client.post(f"/api/runs/{plain.id}/decode", json=body, headers=HERE).status_code == 400
    assert client.post(f"/api/runs/{plain.id}/decode", json=body, headers={"Origin": "http://elsewhere"}).status_code == 403
    assert client.post("/api/runs/gone/decode", json={"epoch": 0, "codes": [[1.0]]}, headers=HERE).status_code == 404
