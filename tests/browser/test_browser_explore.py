"""Looking inside in a real browser: one number of a run taken apart, held against numpy, through the epochs."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builder.bench.browser import chromium
from builder.datasets import parts
from builder.engine.shipped import SHIPPED
from builder.runs.run_folder import weights
from tests.kit.browsing import asked, tab

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def page(server: str, chrome: Any) -> Iterator[Any]:
    """A tab on the view with the arithmetic, and nothing that its console complains of."""
    with tab(chrome) as page:
        page.goto(f"{server}/explore")
        page.get_by_text("Arithmetic", exact=True).first.click()
        page.locator(".lens-detail h4").wait_for()
        yield page


def told(page: Any) -> tuple[list[int], float]:
    """Map, row and column in the title, and the number that the arithmetic ends in."""
    place = [int(each) for each in re.findall(r"\d+", page.locator(".lens-detail h4").inner_text().split("·", 1)[1])]
    return place, float(page.locator(".lens-sum b").last.inner_text().replace("−", "-"))


def by_hand(epoch: int, number: int, row: int, column: int) -> float:
    """relu(window · kernel + bias) of the first convolution for the first sample of the test part."""
    kept = weights(Path(SHIPPED), epoch)
    window = parts("digits28", 1, 0.2).test.x[0][row : row + 3, column : column + 3, 0].astype("float64")
    return max(float((window * kept["conv_1/0"][:, :, 0, number]).sum() + kept["conv_1/1"][number]), 0.0)


def test_a_pressed_number_is_what_numpy_makes_of_the_same_window(page: Any) -> None:
    card = page.locator(".lens-card").first
    card.locator("canvas").click(position={"x": 2 * 56 + 24, "y": 20})  # of the third map
    page.locator(".lens-detail h4", has_text="map 2").wait_for()
    (number, row, column), result = told(page)
    assert number == 2 and result == pytest.approx(by_hand(12, number, row, column), abs=6e-4)
    page.locator(".lens-badge", has_text="equals Keras").wait_for()


def test_arrow_keys_step_the_lens_and_the_pointer_moves_it_without_asking_python(page: Any) -> None:
    before, _ = told(page)
    canvas = page.locator(".lens-pair canvas[aria-label='The map of conv_1']")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    after, result = told(page)
    assert after == [before[0], before[1], min(before[2] + 1, 25)]
    assert result == pytest.approx(by_hand(12, *after), abs=6e-4)
    requests = asked(page)
    canvas.hover(position={"x": 20, "y": 60})
    hovered, result = told(page)
    assert hovered != after and result == pytest.approx(by_hand(12, *hovered), abs=6e-4)
    assert not requests


def test_another_epoch_shows_its_own_arithmetic(page: Any) -> None:
    page.get_by_role("slider").first.focus()
    page.keyboard.press("Home")
    page.get_by_text("untrained", exact=True).first.wait_for()
    deadline = time.monotonic() + 30
    while (found := told(page))[1] != pytest.approx(by_hand(0, *found[0]), abs=6e-4):  # until the new epoch's numbers are there
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(100)
