"""In a real browser: whatever view is saved, its file says what is seen and what the colours mean, and PNG and SVG show the same."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from builder import zoo
from builder.bench.browser import browser, chromium
from builder.bench.server import APP, free_port, start, stop
from builder.engine.shipped import install
from builder.store import default_store
from tests.kit.making import stored

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(400),
]
Opened = Callable[[str, str], tuple[Any, str]]
TEXT = "{http://www.w3.org/2000/svg}text"
RUNS = {"points_mlp": "moons", "pronoun_encoder": "pronouns", "adding_lstm": "adding", "dense_autoencoder": "digits28"}
VIEWS = [
    *(("digit_cnn", view) for view in ("layers", "compare", "arithmetic", "heat", "numbers", "kernel")),
    ("points_mlp", "dense"),
    ("points_mlp", "numbers"),
    ("pronoun_encoder", "attention"),
    ("adding_lstm", "gates"),
    ("dense_autoencoder", "autoencoder"),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Open Explore at an address of a project with a run of each kind."""
    home, port = tmp_path_factory.mktemp("files") / "home", free_port()
    with pytest.MonkeyPatch.context() as patch, browser() as chrome:
        patch.setenv("BUILDER_HOME", str(home))
        patch.delenv("BUILDER_DATABASE_URL", raising=False)
        server = start(APP, port, home)
        project = default_store().create_project("somebody", "theirs", [zoo.network("digit_cnn")])
        shipped = install(project.id)
        assert shipped is not None
        runs = {"digit_cnn": shipped}
        for name, dataset in RUNS.items():
            network = zoo.network(name)
            runs[name] = stored(network, dataset, network.recipe or "supervised", project.id, epochs=4)
        page = chrome.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(90_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))

        def open_view(run: str, view: str) -> tuple[Any, str]:
            page.goto(f"http://localhost:{port}/explore?project={project.id}&run={runs[run].id}&view={view}")
            page.locator(".inspect-save").first.wait_for()
            page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'")
            return page, runs[run].name

        yield open_view
        stop(server)
        assert not complaints


def saved(page: Any, place: Any, kind: str) -> bytes:
    """A file as it is downloaded."""
    with page.expect_download() as got:
        place.get_by_role("button", name=kind, exact=True).click()
    return Path(got.value.path()).read_bytes()


def painted(page: Any, file: bytes, size: tuple[int, int]) -> np.ndarray:
    """An SVG as the browser paints it, (height, width) from 0 to 1."""
    page.set_content("<body style='margin: 0'></body>")
    page.evaluate(
        "([text, width]) => { document.body.innerHTML = text; document.querySelector('svg').style.width = width + 'px'; }",
        [file.decode(), size[0]],
    )
    return grey(page.locator("svg").screenshot())


def grey(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)).convert("L"), "float32") / 255


@pytest.mark.parametrize(("run", "view"), VIEWS)
def test_a_saved_view_says_what_is_seen_and_what_its_colours_mean(opened: Opened, run: str, view: str) -> None:
    page, name = opened(run, view)
    for place in page.locator(".inspect-save").all():
        around = "lens-detail" if view == "arithmetic" else "inspect"
        root = place.locator(f"xpath=ancestor::*[contains(concat(' ', @class, ' '), ' {around} ')]")
        words = [each.text or "" for each in ElementTree.fromstring(saved(page, place, "SVG")).iter(TEXT)]
        about = (
            "Kernel by hand · Temple" if view == "kernel" else rf"{name} · epoch (12|3){'' if view == 'numbers' else ' · Test sample 0'}"
        )
        assert re.fullmatch(about, words[0]) and words[1], "what is seen, and a title"
        keys = [each.inner_text().split() for each in root.locator(".inspect-legend, .inspect-key span").all() if each.is_visible()]
        assert view in ("gates", "attention", "autoencoder", "numbers") or keys
        assert {word for key in keys for word in key} <= {word for each in words for word in each.split()}


def test_the_two_kinds_of_file_show_the_same(opened: Opened) -> None:
    page, _ = opened("digit_cnn", "layers")
    place = page.locator(".inspect-save").first
    png, svg = (saved(page, place, kind) for kind in ("PNG", "SVG"))
    bitmap = Image.open(io.BytesIO(png))
    small = np.asarray(bitmap.convert("L").resize((bitmap.width // 2, bitmap.height // 2)), "float32") / 255
    other = painted(page, svg, (bitmap.width // 2, bitmap.height // 2))
    assert abs(small.shape[0] - other.shape[0]) <= 1 and abs(small.shape[1] - other.shape[1]) <= 1
    maps = [blocks(each)[5:80, 32:] for each in (small, other)]  # right of the words, whose letters are not the same
    np.testing.assert_allclose(*maps, atol=0.06)
    assert maps[0].std() > 0.05


def blocks(picture: np.ndarray) -> np.ndarray:
    """The mean of every eight by eight pixels."""
    height, width = (length // 8 for length in picture.shape)
    return picture[: 8 * height, : 8 * width].reshape(height, 8, width, 8).mean(axis=(1, 3))
