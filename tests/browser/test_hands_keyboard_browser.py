"""The canvas by keyboard alone: one Tab stop a part, keys from part to part, and a focus that is never lost."""

from collections.abc import Iterator
from typing import Any

import pytest

from builder.bench.browser import chromium
from tests.kit.browsing import tab
from tests.kit.hands import Counted, card, focus, marked, names, title, wires

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(300)]
FORM = "() => Boolean(document.activeElement.closest('.st-key-form'))"


@pytest.fixture
def page(server: str, chrome: Any) -> Iterator[Any]:
    """A first visit, its network and its form drawn, nothing pressed."""
    with tab(chrome) as page:
        page.goto(server)
        title(page, "conv_1")
        yield page


def has_focus(page: Any, name: str) -> None:
    page.wait_for_function("name => document.activeElement?.shadowRoot?.activeElement?.dataset.name === name", arg=name)


def test_arrows_work_on_a_fresh_page_and_the_skip_link_leads_to_the_network(page: Any) -> None:
    page.keyboard.press("ArrowDown")
    has_focus(page, "pool_1")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert marked(page, "selected") == {"pool_1", "conv_2", "pool_2"}
    page.keyboard.press("Shift+ArrowUp")
    assert marked(page, "selected") == {"pool_1", "conv_2"}
    page.keyboard.press("Escape")
    assert not marked(page, "selected") and focus(page) == "conv_2"
    page.evaluate("document.activeElement.blur()")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    has_focus(page, "conv_2")


def test_each_part_of_the_page_is_one_stop_and_keys_lead_from_part_to_part(page: Any) -> None:
    stops = page.evaluate(
        """() => {
          const root = [...document.querySelectorAll("*")].find((each) => each.shadowRoot?.querySelector(".editor")).shadowRoot;
          const stops = (part) => [...root.querySelector(part).querySelectorAll("input, button, [tabindex]")].filter((each) => each.tabIndex >= 0 && each.getClientRects().length);
          return [".palette", ".stage", ".bar"].map((part) => stops(part).length);
        }"""
    )
    assert stops == [1, 1, 1]
    page.keyboard.press("F6")
    has_focus(page, "conv_1")
    page.keyboard.press("Enter")
    page.wait_for_function(FORM)
    page.keyboard.press("Escape")
    has_focus(page, "conv_1")
    page.keyboard.press("F6")
    page.wait_for_function(FORM)
    page.keyboard.press("F6")
    assert focus(page).startswith("Zoom out")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert focus(page) in ("BUTTON", "Train")
    page.keyboard.press("Shift+F6")
    page.keyboard.press("Shift+F6")
    has_focus(page, "conv_1")
    page.keyboard.press("Shift+F6")
    page.keyboard.press("Shift+F6")
    assert focus(page) == "Search layers"
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert focus(page) == "BUTTON"  # an entry of the list
    page.keyboard.type("flat")
    assert page.locator(".editor > .palette input").input_value() == "flat"


def test_the_focus_is_never_lost(page: Any) -> None:
    person = Counted(page)
    page.keyboard.press("ArrowDown")
    has_focus(page, "pool_1")
    page.keyboard.press("Alt+ArrowDown")
    page.get_by_label("Insert a layer between conv_2 and pool_1").wait_for()
    has_focus(page, "pool_1")
    page.keyboard.press("F2")
    page.keyboard.type("smaller")
    page.keyboard.press("Enter")
    has_focus(page, "smaller")
    person.add("dropout 0.2", "dropout")
    page.keyboard.press("Delete")
    card(page, "dropout").wait_for(state="detached")
    has_focus(page, "smaller")
    page.keyboard.press("Control+z")
    has_focus(page, "dropout")
    page.keyboard.press("Control+z")
    card(page, "dropout").wait_for(state="detached")
    has_focus(page, "smaller")
    person.add("dense 3", "dense_1", opens="A")  # a branch
    assert "smaller and dense_1" in wires(page)
    undo = page.get_by_role("button", name="Undo (Ctrl+Z)")
    undo.focus()
    for _ in range(4):
        page.keyboard.press("Enter")
        page.wait_for_timeout(600)
    page.locator(".undo[aria-disabled=true]").wait_for()
    assert focus(page) == "Undo (Ctrl+Z)"  # it can do nothing more, and keeps the focus
    for _ in range(4):  # menu, list, play, network
        page.keyboard.press("F6")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.locator(".guide").wait_for()
    page.wait_for_timeout(300)
    assert names(page) == [] and focus(page) == "BUTTON"  # Add an Input
