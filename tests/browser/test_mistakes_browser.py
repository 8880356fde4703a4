"""From a test to a mistake in a real browser: the matrix, a cell by the keyboard, a wrong sample in Explore; and the program in the Code tab."""

import re
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from builder.bench.browser import chromium
from builder.datasets import parts
from builder.engine.shipped import SHIPPED
from builder.runs.load import model_at
from tests.kit.browsing import tab

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"),
    pytest.mark.timeout(300),
]


def wrong() -> dict[int, tuple[int, int]]:
    """The shipped run's wrong test samples by Keras alone: what each is, and what it is taken for."""
    test = parts("digits28").test
    said = model_at(SHIPPED).predict(test.x, verbose=0).argmax(axis=-1)
    return {int(at): (int(test.y[at]), int(said[at])) for at in np.flatnonzero(said != test.y)}


def test_a_person_goes_from_the_test_to_a_cell_and_from_a_wrong_sample_to_explore(server: str, chrome: Any) -> None:
    known = wrong()
    with tab(chrome, timeout=120_000) as page:
        page.goto(f"{server}/train")
        page.get_by_role("button", name="Test on").click()
        page.get_by_text("Confusion matrix").first.wait_for()
        samples = page.locator(".mistakes-wrong button")
        told = [re.match(r"Sample (\d+): (\d), taken for (\d)", str(each.get_attribute("aria-label"))) for each in samples.all()]
        assert {int(each[1]): (int(each[2]), int(each[3])) for each in told if each} == known

        violations = Axe().run(page).response["violations"]
        assert [each["id"] for each in violations if each["impact"] in ("serious", "critical")] == []

        sample, (row, column) = next(iter(known.items()))
        page.locator(".mistakes-top canvas").focus()
        for key in ("ArrowDown",) * (1 + row) + ("ArrowRight",) * column:
            page.keyboard.press(key)
        count = sum(cell == (row, column) for cell in known.values())
        said = f"{row}, taken for {column}: {count} sample{'s' if count > 1 else ''}"
        assert page.locator(".mistakes-top output").inner_text().startswith(said)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="All mistakes").wait_for()
        assert samples.count() == count
        samples.and_(page.locator(f"[aria-label^='Sample {sample}:']")).click()
        page.wait_for_url(re.compile(rf"/explore\?.*part=test&sample={sample}\b"))
        page.get_by_text(f"It says {column}, but it is {row}.").wait_for()

        page.get_by_role("link", name="Build").click()
        page.get_by_text("Code", exact=True).click()
        page.locator("code", has_text="model.fit(").first.wait_for()
