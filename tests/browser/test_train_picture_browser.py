"""A run's picture in a real browser: it comes while the network trains, changes with the epochs, and is what numpy makes of the weights."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import datasets, zoo
from builder.bench.browser import browser, chromium
from builder.bench.server import APP, free_port, start, stop
from builder.runs import Run, folder
from builder.runs.checkpoint import write_arrays
from builder.runs.run_folder import weights
from builder.store import default_store
from builder.training.pictures.folder import pictured, read, read_picture, read_probe
from builder.web.owner import COOKIE, owner_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(300),
]
SECRET = "the-owner-s-own-cookie"
Opened = Callable[[str, str, int], tuple[Any, Run]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Open Train as a project's owner and press Train, for so many epochs."""
    home, port = tmp_path_factory.mktemp("picture") / "home", free_port()
    with pytest.MonkeyPatch.context() as patch, browser() as chrome:
        patch.setenv("BUILDER_HOME", str(home))
        patch.delenv("BUILDER_DATABASE_URL", raising=False)
        server = start(APP, port, home)
        url, complaints = f"http://localhost:{port}", list[str]()

        def open_page(network: str, dataset: str, epochs: int) -> tuple[Any, Run]:
            store = default_store()
            project = store.create_project(owner_of({COOKIE: SECRET}), network, [zoo.network(network)])
            store.choose(project.id, training={"dataset": dataset, "epochs": epochs, "learning_rate": 0.01})
            context = chrome.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
            context.add_cookies([{"name": COOKIE, "value": SECRET, "url": url}])
            page = context.new_page()
            page.set_default_timeout(60_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{url}/train?project={project.id}")
            button = page.get_by_role("button", name="Train", exact=True)
            button.wait_for()
            page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'")
            button.click()
            deadline = time.monotonic() + 30
            while not (runs := store.runs(project.id)):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            return page, store.run(runs[0].id)

        yield open_page
        stop(server)
        assert not complaints


def drawn(page: Any) -> str:
    """The picture as it is on the screen."""
    return str(page.locator(".picture-body canvas").last.evaluate("(canvas) => canvas.toDataURL()"))


def to_epoch(page: Any, key: str, words: str) -> str:
    """Move the slider with a key until it says this; returns the drawing."""
    page.get_by_label("Epoch of the picture").focus()
    page.keyboard.press(key)
    page.locator(".picture-when", has_text=re.compile(f"^{words}$")).wait_for()
    return drawn(page)


def by_hand(run: Run, epoch: int, x: np.ndarray) -> np.ndarray:
    """The probabilities (points, classes) of points_mlp: two layers of tanh or relu and a softmax."""
    kept, names = weights(folder(run.id), epoch), [node for node in run.network.nodes if node.layer == "Dense"]
    for node in names:
        x = x @ kept[f"{node.name}/0"] + kept[f"{node.name}/1"]
        x = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)}[
            node.params["activation"]
        ](x)
    return x


def test_the_boundary_moves_while_moons_are_learned_and_each_place_is_numpy_s(opened: Opened) -> None:
    page, run = opened("points_mlp", "moons", 30)
    page.locator(".picture-when", has_text=re.compile("epoch|untrained")).wait_for()
    first = drawn(page)
    deadline = time.monotonic() + 60
    while drawn(page) == first:  # live, without a press
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)
    page.locator(".live-line", has_text="finished").wait_for()
    page.locator(".picture-when", has_text=re.compile("^epoch 30$")).wait_for()
    assert pictured(folder(run.id)) == list(range(31))
    page.locator(".picture-badge", has_text="Equals the weights kept").wait_for()
    last = drawn(page)
    untrained = to_epoch(page, "Home", "untrained")
    assert untrained != last and to_epoch(page, "End", "epoch 30") == last
    (left, right), (low, high) = read_probe(folder(run.id))["boundary"]["bounds"]
    canvas = page.locator(".picture-body canvas")
    canvas.hover(position={"x": 60, "y": 210})
    said = page.locator(".picture-body output").inner_text()
    wide = canvas.bounding_box()["width"]
    cell = (np.floor(np.array([60, 210]) / wide * 48) + 0.5) / 48
    place = np.array([[left + cell[0] * (right - left), high - cell[1] * (high - low)]])
    shares = by_hand(run, 30, place)[0]
    told, share = re.search(r": (\w+) with (under |over )?(\d+) %", said).group(1, 3)
    assert told == datasets.record("moons").classes[shares.argmax()] and abs(int(share) - 100 * shares.max()) <= 1.5, (said, shares)


def test_reconstructions_come_with_the_epochs_and_play(opened: Opened, tmp_path: Path) -> None:
    page, run = opened("linear_autoencoder", "digits", 6)
    page.locator(".live-line", has_text="finished").wait_for()
    page.locator(".picture-when", has_text=re.compile("^epoch 6$")).wait_for()
    page.get_by_text("Reconstructions", exact=True).wait_for()
    last = drawn(page)
    fixed, made = read_probe(folder(run.id))["rebuilt"], read_picture(folder(run.id), 6)["rebuilt"]
    error = float(np.square(made["reconstruction"].astype("float64") - fixed["clean"]).mean())
    assert (
        page.locator(".picture-body").locator("xpath=preceding-sibling::div[1]").inner_text().startswith(f"mean squared error {error:.3f}")
    )
    assert to_epoch(page, "Home", "untrained") != last
    page.get_by_label("Play through the epochs").click()
    page.locator(".picture-when", has_text=re.compile("^epoch 6$")).wait_for()
    page.get_by_label("Play through the epochs").wait_for()  # it stops at the end
    assert drawn(page) == last
    with page.expect_download() as got:
        page.get_by_role("link", name="npz").click()
    got.value.save_as(tmp_path / "picture.npz")
    with np.load(tmp_path / "picture.npz") as arrays:
        np.testing.assert_array_equal(arrays["rebuilt/reconstruction"], made["reconstruction"])
    for kind, head in (("PNG", b"\x89PNG"), ("SVG", b"<svg xmlns")):
        with page.expect_download() as got:
            page.locator(".inspect-save").get_by_role("button", name=kind, exact=True).click()
        got.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(head)


def pointed(page: Any, row: int, column: int) -> float:
    """The weight at a place of the matrix, as it is read out under the arrow keys."""
    canvas = page.locator(".picture-body .inspect-panel canvas").last
    canvas.focus()
    for key in ["ArrowDown"] * (row + 1) + ["ArrowRight"] * column:  # the first step is onto the first place
        canvas.press(key)
    said = page.locator(".picture-body output").last.inner_text()
    canvas.blur()
    where, value = said.rsplit(": ", 1)
    assert f"({row}), key" in where and where.endswith(f"({column})"), said
    return float(value.replace("−", "-"))


def test_every_head_of_every_layer_is_chosen_without_asking_the_server(opened: Opened) -> None:
    page, run = opened("pronoun_encoder", "pronouns", 3)
    page.locator(".live-line", has_text="finished").wait_for()
    page.locator(".picture-when", has_text=re.compile("^epoch 3$")).wait_for()
    page.get_by_role("tab", name="Attention").click()
    page.locator(".picture-badge", has_text="Rows sum to 1").wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/pictures" in request.url else None)
    kept, drawings = read_picture(folder(run.id), 3)["heads"], set()
    for layer in ("attention_2", "attention_1"):
        for head in (1, 0):
            page.get_by_label("Layer", exact=True).select_option(layer)
            page.get_by_label("Head", exact=True).select_option(str(head))
            assert pointed(page, 3, 2) == pytest.approx(kept[layer][head, 3, 2], abs=5e-4)
            drawings.add(drawn(page))
    assert len(drawings) == 4
    glance = page.get_by_label("Every head", exact=True)
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        glance.press(key)
    assert page.get_by_label("Layer", exact=True).input_value() == "attention_2"
    assert page.get_by_label("Head", exact=True).input_value() == "1" and not asked
    to_epoch(page, "Home", "untrained")
    first = read_picture(folder(run.id), 0)["heads"]["attention_2"][1, 3, 2]
    assert pointed(page, 3, 2) == pytest.approx(first, abs=5e-4) and abs(first - kept["attention_2"][1, 3, 2]) > 1e-3


def test_a_run_that_kept_its_attention_as_an_earlier_version_did_says_so_and_shows_the_rest(opened: Opened) -> None:
    page, run = opened("pronoun_encoder", "pronouns", 1)
    page.locator(".live-line", has_text="finished").wait_for()
    for path in (folder(run.id) / "pictures").glob("*.npz"):
        write_arrays(path, {name.replace("heads/", "attention/"): value for name, value in read(path).items()})
    page.reload()
    page.get_by_text("This run kept its attention as an earlier version did").locator("visible=true").wait_for()
    page.get_by_text("Live predictions", exact=True).wait_for()
    assert not page.get_by_role("tab", name="Attention").count()
