"""Autoencoders in a real browser, on a run trained for it: down to one number, the plane of codes, its sliders and the threshold."""

import json
import re
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.bench.browser import chromium
from builder.bench.server import APP, free_port, start, stop
from builder.datasets import parts
from builder.engine.launch import launch
from builder.probes import OPERATIONS
from builder.runs import Run, Settings, folder
from builder.runs.run_folder import weights
from builder.store import default_store
from tests.kit.browsing import epoch_is, tab

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(300),
]
SAMPLE, LAST = 3, 2


def trained(network: Any) -> Run:
    """A run of two epochs, trained as the Train page does it."""
    store = default_store()
    project = store.create_project("somebody", "theirs", [network])
    run = store.create_run(project.id, network, Settings(dataset="digits28", recipe="autoencoder", epochs=LAST, seed=1))
    launch(run)
    while store.run(run.id).status.alive:
        time.sleep(0.2)
    return store.run(run.id)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Run]]:
    """The view's address, and the run that it shows."""
    home, port = tmp_path_factory.mktemp("autoencoder") / "home", free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUILDER_HOME", str(home))
        patch.setenv("BUILDER_LINGER", "2")
        patch.delenv("BUILDER_DATABASE_URL", raising=False)
        server = start(APP, port, home)
        run = trained(zoo.network("dense_autoencoder"))
        yield f"http://localhost:{port}/explore?project={run.project}&run={run.id}&sample={SAMPLE}&view=autoencoder", run
        stop(server)


@pytest.fixture
def page(served: tuple[str, Run], chrome: Any) -> Iterator[Any]:
    """A tab on the view, and nothing that its console complains of."""
    with tab(chrome, height=1000, timeout=90_000) as page:
        page.goto(served[0])
        page.locator('canvas[aria-label="The samples\' codes"]').wait_for()
        page.get_by_text("Threshold").first.wait_for()
        yield page


def by_numpy(run: Run, epoch: int, codes: np.ndarray | None = None) -> np.ndarray:
    """What the network makes of the sample, or its decoder of codes (points, 2): pictures (points, 28, 28)."""
    kept = weights(folder(run.id), epoch)

    def dense(name: str, x: np.ndarray) -> np.ndarray:
        return x @ kept[f"{name}/0"] + kept[f"{name}/1"]

    if codes is None:
        picture = parts("digits28", 1, 0.2).test.x[SAMPLE].reshape(1, -1)
        codes = dense("latent", np.maximum(dense("encoder", picture), 0))
    return 1 / (1 + np.exp(-dense("pixels", np.maximum(dense("decoder", codes), 0)))).reshape(-1, 28, 28)


def told(page: Any, canvas: str) -> tuple[int, int, float]:
    """Row, column and number in the middle of a picture, as it says them under the pointer."""
    drawing = page.locator(f'canvas[aria-label="{canvas}"]').first
    box = drawing.bounding_box()
    drawing.hover(position={"x": box["width"] * 0.45, "y": box["height"] * 0.5})
    said = drawing.locator("xpath=following-sibling::output").inner_text()
    row, column, number = re.findall(r"−?\d+(?:\.\d+)?(?:e−?\d+)?", said)[:3]
    return int(row), int(column), float(number.replace("−", "-"))


def answered(page: Any, act: Any) -> tuple[np.ndarray, np.ndarray]:
    """The last codes that were asked for while something was done, and what came back."""
    asked: list[Any] = []
    page.on("requestfinished", lambda request: asked.append(request) if request.url.endswith("/decode") else None)
    act()
    page.wait_for_timeout(800)
    body = json.loads(asked[-1].post_data)
    return np.array(body["codes"]), np.frombuffer(b64decode(asked[-1].response().json()["data"]), "<f4")


def test_a_reconstruction_down_to_one_number_and_back_through_the_epochs(page: Any, served: tuple[str, Run]) -> None:
    for epoch in (LAST, 0):
        if epoch == 0:
            page.get_by_role("slider").first.focus()
            page.keyboard.press("Home")
            epoch_is(page, "untrained")
            page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'")
            page.wait_for_timeout(2500)
        row, column, number = told(page, "Reconstruction")
        assert number == pytest.approx(by_numpy(served[1], epoch)[0, row, column], abs=6e-4)


def test_dragging_over_the_plane_decodes_the_place_under_the_pointer(page: Any, served: tuple[str, Run]) -> None:
    plane = page.locator('canvas[aria-label="The samples\' codes"]')
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()

    def drag() -> None:
        page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.3)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.55, steps=6)
        page.mouse.up()

    codes, made = answered(page, drag)
    np.testing.assert_allclose(made.reshape(-1, 28, 28), by_numpy(served[1], LAST, codes), atol=1e-5)
    shown = [float(each.inner_text().replace("−", "-")) for each in page.locator(".plane-sliders output").all()]
    np.testing.assert_allclose(shown, codes[0], rtol=6e-3, atol=6e-4)
    row, column, number = told(page, "What the decoder makes of it")
    assert number == pytest.approx(by_numpy(served[1], LAST, codes)[0, row, column], abs=6e-4)


def test_a_slider_moves_one_number_of_the_code_and_leaves_the_other(page: Any, served: tuple[str, Run]) -> None:
    before = OPERATIONS["encode"]({"run": str(folder(served[1].id)), "epoch": LAST, "sample": SAMPLE}, {})[1]["code"]
    slider = page.get_by_label("Number 1 of the code")

    def push() -> None:
        slider.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")

    codes, made = answered(page, push)
    assert codes[0, 0] == pytest.approx(before[0], rel=1e-5) and codes[0, 1] == pytest.approx(float(slider.input_value()), rel=1e-5)
    assert codes[0, 1] > before[1]
    np.testing.assert_allclose(made.reshape(-1, 28, 28), by_numpy(served[1], LAST, codes), atol=1e-5)


def test_precision_and_recall_follow_the_threshold(page: Any, served: tuple[str, Run]) -> None:
    _, arrays = OPERATIONS["errors"]({"run": str(folder(served[1].id)), "epoch": LAST, "anomaly": "shuffled"}, {})
    errors, odd = arrays["errors"].astype("float32"), arrays["anomalous"].astype(bool)
    slider = page.get_by_label("Threshold")
    slider.focus()
    for key in ("Home", *["PageUp"] * 3):
        page.keyboard.press(key)
    called = errors >= errors.max() * float(slider.input_value()) / 1000
    said = page.get_by_text(re.compile("^Threshold .*Precision")).inner_text()
    assert f"{called.sum()} called an anomaly, {(called & odd).sum()} of them rightly, of {odd.sum()}" in said
    assert f"Precision {odd[called].mean():.3f}, recall {called[odd].mean():.3f}" in said
    bars = page.locator('canvas[aria-label="How many samples have which error"]')
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 40, steps=4)
    page.mouse.up()
    assert float(slider.input_value()) == pytest.approx(750, abs=5)


def test_the_plane_s_picture_and_numbers_can_be_saved(page: Any, tmp_path: Path) -> None:
    with page.expect_download() as got:
        page.get_by_role("button", name="Download the numbers").last.click()
    got.value.save_as(tmp_path / "codes.npz")
    with np.load(tmp_path / "codes.npz") as file:
        assert file["codes"].shape[1] == 2 and len(file["codes"]) == len(file["labels"])
