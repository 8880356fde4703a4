"""Neurons, a weight by hand and a kernel by hand in a real browser: down to one number, checked against numpy, through the epochs."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from builder import datasets, zoo
from builder.bench.browser import browser, chromium
from builder.bench.server import APP, free_port, start, stop
from builder.datasets.fitting import GREY
from builder.datasets.resizing import resize
from builder.datasets.synthetic_images import photographs
from builder.runs import Run, folder
from builder.runs.run_folder import weights
from builder.store import default_store
from tests.kit.browsing import asked, epoch_is
from tests.kit.making import stored

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(500),
]
Opened = Callable[..., tuple[Any, Run | None]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Open Explore on a view of a run on the two moons, or in a project without any run."""
    home, port = tmp_path_factory.mktemp("dense") / "home", free_port()
    with pytest.MonkeyPatch.context() as patch, browser() as chrome:
        patch.setenv("BUILDER_HOME", str(home))
        patch.delenv("BUILDER_DATABASE_URL", raising=False)
        server = start(APP, port, home)
        pages, complaints = [], []

        def open_view(view: str, trained: bool = True) -> tuple[Any, Run | None]:
            network = zoo.network("points_mlp")
            project = default_store().create_project("somebody", "theirs", [network])
            run = stored(network, "moons", project=project.id, epochs=3) if trained else None
            if trained:
                default_store().choose(project.id, view=view)
            page = chrome.new_page(viewport={"width": 1440, "height": 1000})
            page.set_default_timeout(200_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"http://localhost:{port}/explore?project={project.id}")
            pages.append(page)
            return page, run

        yield open_view
        for page in pages:
            page.close()
        stop(server)
        assert not complaints


def numbers(text: str) -> list[float]:
    return [float(each.replace("−", "-")) for each in re.findall(r"−?\d[\d.]*(?:e−?\d+)?", text)]


def settled(page: Any) -> None:
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'")


def unit_by_numpy(run: Run, epoch: int, unit: int, point: list[float]) -> float:
    """What a unit of dense_2 says at a point of the plane."""
    kept = weights(folder(run.id), epoch)
    hidden = np.tanh(np.array(point) @ kept["dense_1/0"] + kept["dense_1/1"])
    return float(np.tanh(hidden @ kept["dense_2/0"] + kept["dense_2/1"])[unit])


def test_a_neuron_down_to_one_number_and_back_through_the_epochs(opened: Opened) -> None:
    page, run = opened("dense")
    assert run is not None
    drawing = page.locator("canvas[aria-label='Neurons of dense_2']")
    drawing.wait_for()
    drawing.click(position={"x": 20, "y": 12})
    page.locator(".neurons-large h4", has_text="dense_2 · unit 0").wait_for()
    for epoch in (2, 1):
        epoch_is(page, str(epoch) if epoch else "untrained")
        point = numbers(page.locator(".neurons-large output.inspect-readout").last.inner_text())[:2]
        by_hand = unit_by_numpy(run, epoch, 0, point)
        page.wait_for_function(
            "wanted => [...document.querySelectorAll('*')].some((host) => { const sum = host.shadowRoot?.querySelector('.neurons-sum b'); "
            "return sum && Math.abs(Number(sum.textContent.replace('−', '-')) - wanted) < 2e-3; })",
            arg=by_hand,
        )
        assert "equals Keras" in page.locator(".neurons-badge").inner_text()
        if epoch == 2:
            page.get_by_role("slider").first.focus()
            page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")


def test_pointing_moves_through_all_neurons_without_asking_python(opened: Opened) -> None:
    page, run = opened("dense")
    assert run is not None
    page.locator("canvas[aria-label='Neurons of dense_2']").click(position={"x": 20, "y": 12})
    settled(page)
    requests = asked(page)
    page.locator("canvas[aria-label='The plane']").hover(position={"x": 120, "y": 80})
    point = numbers(page.locator(".neurons-large output.inspect-readout").last.inner_text())[:2]
    told = numbers(page.locator(".neurons-sum b").inner_text())[0]
    assert told == pytest.approx(unit_by_numpy(run, 2, 0, point), abs=2e-3)
    page.locator("canvas[aria-label='The plane']").focus()
    page.keyboard.press("ArrowRight")
    assert numbers(page.locator(".neurons-large output.inspect-readout").last.inner_text())[:2] != point
    assert not requests


def test_a_weight_set_by_hand_changes_the_figures_and_undo_takes_it_back(opened: Opened) -> None:
    page, _ = opened("dense")
    page.get_by_text("Weights", exact=True).first.click()
    field = page.get_by_label("Or type it")
    before = field.input_value()
    page.locator("canvas[aria-label='Weights of dense_1']").click(position={"x": 160, "y": 60})
    for _ in range(200):  # until the field is the pressed weight's: a fill before that would be drawn over
        if field.input_value() != before:
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    field.fill("5")
    field.press("Enter")
    page.get_by_text("What 1 changed weight does").wait_for()
    page.locator("canvas[aria-label='After']").wait_for()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("canvas[aria-label='After']")).to_have_count(0, timeout=60_000)


def temple() -> np.ndarray:
    """The photograph as the page shows it, (107, 160)."""
    whole = np.round(photographs()["temple"] * 255).astype("float32")
    return np.clip(np.round(resize(whole[None], 107, 160)[0] @ GREY), 0, 255)


def test_a_typed_kernel_gives_numpy_s_sums_without_a_run(opened: Opened) -> None:
    page, _ = opened("kernel", trained=False)
    page.get_by_text("Kernel and pooling", exact=True).click()
    page.locator("canvas[aria-label='What the kernel makes of it']").wait_for()
    kernel = np.array([[0.5, -1, 2], [1, 3, -2.5], [0, 1 / 9, -1]])
    for (row, column), value in np.ndenumerate(kernel):
        text = "1/9" if (row, column) == (2, 1) else str(value)
        page.get_by_label(f"Kernel, row {row}, column {column}").fill(text)
    told = page.locator(".kernel-told").inner_text()
    row, column = map(int, re.findall(r"\d+", told)[:2])
    window = temple()[row - 1 : row + 2, column - 1 : column + 2].astype("float64")
    assert numbers(page.locator(".kernel-told b").inner_text())[0] == pytest.approx((window * kernel).sum(), abs=0.06)
    badge = page.get_by_text(re.compile("17,120 sums.*numpy's")).first
    badge.wait_for()
    assert re.search(r"exact$|off by \d+e-1\d$", badge.inner_text())


def test_the_window_moves_in_the_browser_alone_and_a_bad_number_keeps_the_last(opened: Opened) -> None:
    page, _ = opened("kernel", trained=False)
    page.get_by_text("Kernel and pooling", exact=True).click()
    picture = page.locator("canvas[aria-label='The picture']")
    picture.wait_for()
    page.get_by_text(re.compile("17,120 sums.*numpy's")).first.wait_for()
    settled(page)
    requests = asked(page)
    picture.hover(position={"x": 200, "y": 120})
    first = page.locator(".kernel-told").inner_text()
    picture.hover(position={"x": 60, "y": 40})
    row, column = map(int, re.findall(r"\d+", page.locator(".kernel-told").inner_text())[:2])
    assert page.locator(".kernel-told").inner_text() != first and not requests
    window = temple()[row - 1 : row + 2, column - 1 : column + 2].astype("float64")
    edges = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    told = numbers(page.locator(".kernel-told b").inner_text())[0]
    assert told == pytest.approx((window * edges).sum(), abs=0.06)
    page.get_by_label("Kernel, row 1, column 1").fill("three")
    page.get_by_text("The last good one is used").wait_for()
    picture.hover(position={"x": 60, "y": 40})
    assert numbers(page.locator(".kernel-told b").inner_text())[0] == told


def answer_by_numpy(run: Run, point: list[float]) -> np.ndarray:
    """The chances that the last epoch gives a point."""
    kept, values = weights(folder(run.id), 2), np.array(point)
    for name in ("dense_1", "dense_2"):
        values = np.tanh(values @ kept[f"{name}/0"] + kept[f"{name}/1"])
    powers = np.exp(values @ kept["output/0"] + kept["output/1"])
    return powers / powers.sum()


def test_a_point_is_chosen_on_the_plane_by_press_drag_and_arrow_keys(opened: Opened) -> None:
    page, run = opened("layers")
    assert run is not None
    page.get_by_text("Edit", exact=True).first.click()
    plane = page.locator("canvas[aria-label^='The plane. Press or drag']")
    plane.wait_for()
    fields = page.locator("input[autocomplete=off]:is([aria-label=x], [aria-label=y])")

    def point() -> list[float]:
        return [float(fields.nth(place).input_value()) for place in range(2)]

    def follows(move: Callable[[], None]) -> list[float]:
        """The point after a move, once the fields and the answer at the left have heard of it."""
        before = fields.nth(0).input_value()
        move()
        page.wait_for_function("old => document.querySelector('input[aria-label=x]').value !== old", arg=before)
        settled(page)
        shown = "wanted => Math.abs(Number(document.querySelector('.explore-bars .share').textContent) - wanted) < 2e-3"
        page.wait_for_function(shown, arg=float(answer_by_numpy(run, point()).max()))
        return point()

    box = plane.bounding_box()
    pressed = follows(lambda: plane.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.25}))
    data = datasets.record("moons").load().x
    low, wide = data.min(axis=0), np.ptp(data, axis=0)
    low, wide = low - 0.08 * wide, 1.16 * wide  # of the plane, which is drawn with half a cell of 1 / 64 more at each side
    np.testing.assert_allclose(pressed, low + wide * [0.25, 0.75], atol=float(wide.max()) / 64)

    def drag() -> None:
        page.mouse.move(box["x"] + 40, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60, steps=5)
        page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5, steps=5)
        page.mouse.up()

    dragged = follows(drag)
    np.testing.assert_allclose(dragged, low + wide * [0.75, 0.5], atol=float(wide.max()) / 64)
    plane.focus()
    stepped = follows(lambda: [plane.press("ArrowLeft") for _ in range(8)] and None)
    np.testing.assert_allclose(stepped, dragged - np.array([0.1 * wide[0], 0]), atol=0.002)

    def type_it() -> None:
        fields.nth(0).fill("-0.5")
        fields.nth(0).press("Enter")

    typed = follows(type_it)
    assert typed[0] == -0.5 and typed[1] == stepped[1]
    page.get_by_text("Back to the sample's numbers").click()
    page.get_by_text("The sample's own numbers").wait_for()
