"""Play on Build in a real browser: the network on the canvas learns, is stopped, stepped, edited meanwhile, and kept."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from builder import datasets
from builder.bench.browser import chromium
from tests.kit.browsing import tab

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="Chromium is not installed")]
LONG = 180_000  # ms that a worker may take to start on a busy machine


def step_of(page: Any, card: str = "conv_1") -> int:
    """The step that a card says it shows."""
    words = page.locator(f'[data-name="{card}"] .when').inner_text()
    return int(re.sub(r"\D", "", words))


def ink(page: Any, card: str) -> int:
    """How many pixels of a card's drawing are neither clear nor white."""
    look = """canvas => { const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) count += data[at + 3] > 0 && data[at] + data[at + 1] + data[at + 2] < 720;
      return count; }"""
    return int(page.locator(f'[data-name="{card}"] .flow canvas').evaluate(look))


def test_a_network_is_played_paused_stepped_edited_while_it_plays_and_kept(chrome: Any, server: str) -> None:
    with tab(chrome, timeout=LONG) as page:
        page.goto(server)
        page.locator(".sample").first.wait_for()
        height = page.locator("section.play").bounding_box()["height"]
        page.get_by_role("button", name="Play", exact=True).focus()
        page.keyboard.press("Enter")
        strip = page.locator("section.play")
        expect(strip).to_have_attribute("data-frame", re.compile("^[1-9]"), timeout=LONG)
        assert page.locator(".card .flow").count() == page.locator(".card").count()
        assert ink(page, "conv_1") > 50 and ink(page, "digits") > 20
        page.locator(".play-line", has_text=re.compile("epoch ([2-9]|1[0-2])|All 12 epochs")).wait_for()
        assert page.locator(".curve-numbers b").first.inner_text() != "–"

        page.get_by_role("button", name="Pause", exact=True).click()
        page.locator(".play-line", has_text="Paused").wait_for()
        page.wait_for_timeout(500)
        paused = step_of(page)
        page.locator(".play-step").click()
        expect(page.locator('[data-name="conv_1"] .when')).to_have_text(f"step {paused + 1}")

        before = page.locator(".answer-words").inner_text()
        page.locator(".sample").first.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".sample").nth(1)).to_have_attribute("aria-checked", "true")
        expect(page.locator(".answer-words")).not_to_have_text(before)
        assert step_of(page) == paused + 1

        page.get_by_role("button", name="Play", exact=True).click()
        page.locator(".play-line", has_text="Learning").wait_for()
        first = strip.get_attribute("data-run")
        page.locator('[data-name="dense"]').click()
        page.keyboard.press("Control+d")
        page.locator('[data-name="dense_1"] .shape.long', has_text="128").wait_for()
        told = page.locator(".play-kept")
        expect(told).to_have_text(re.compile("^conv_1, conv_2.* with their weights; dense_1 began anew.$"), timeout=LONG)
        expect(page.locator('[data-name="dense_1"] .when')).to_have_text(re.compile("[1-9]"), timeout=LONG)
        assert strip.get_attribute("data-run") != first
        assert page.locator("section.play").bounding_box()["height"] == height

        page.get_by_role("button", name="Keep", exact=True).click()
        page.get_by_role("button", name="Kept", exact=True).wait_for()
        page.get_by_role("button", name="Open in Train").click()
        page.locator(".live h2", has_text="digit_cnn").wait_for()
        assert strip.count() == 0


def test_a_network_that_cannot_learn_says_why_and_plays_once_it_is_mended(chrome: Any, server: str) -> None:
    with tab(chrome, timeout=LONG) as page:
        page.goto(server)
        page.locator(".sample").first.wait_for()
        page.locator('[data-name="digits"]').click()
        page.keyboard.press("Delete")
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.locator(".play-line")).to_have_text(re.compile("^It cannot learn: .*10"))
        page.keyboard.press("Control+z")
        page.locator(".play-line", has_text="Learning").wait_for()


def test_who_looks_on_follows_every_play_and_what_cannot_learn_meanwhile_says_why(chrome: Any, server: str) -> None:
    truth = int(datasets.parts("digits28", 1, 0.2).test.y[1])
    with tab(chrome, timeout=LONG) as page, tab(chrome, timeout=LONG) as visitor:
        page.goto(server)
        page.locator(".sample").first.wait_for()
        page.wait_for_url("**project=**")
        visitor.goto(page.url)
        visitor.locator(".sample").first.wait_for()
        strips = [each.locator("section.play") for each in (page, visitor)]

        def same_run() -> str:
            run = str(strips[0].get_attribute("data-run"))
            expect(strips[1]).to_have_attribute("data-run", run, timeout=LONG)
            return run

        page.locator(".sample").nth(1).click()
        page.get_by_role("button", name="Play", exact=True).click()
        expect(strips[0]).to_have_attribute("data-frame", re.compile("^[1-9]"), timeout=LONG)
        first = same_run()
        expect(visitor.locator(".answer-words")).to_have_text(re.compile(f"✓|✗ {truth}"), timeout=LONG)  # of the owner's sample
        page.locator('[data-name="dense"]').click()
        page.keyboard.press("Control+d")
        expect(strips[0]).not_to_have_attribute("data-run", first, timeout=LONG)
        assert same_run() != first

        page.locator('[data-name="digits"]').click()
        page.keyboard.press("Delete")
        expect(page.locator(".play-line")).to_have_text(re.compile("^It cannot learn: .*10"), timeout=LONG)
        page.wait_for_timeout(1500)
        assert page.locator(".play-line").inner_text().startswith("It cannot learn")
