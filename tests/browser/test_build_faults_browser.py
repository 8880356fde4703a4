"""What people met on the canvas, walked through in a real browser as they did."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from builder.bench.browser import chromium
from tests.kit.browsing import tab

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(300)]


@pytest.fixture
def page(server: str, chrome: Any) -> Iterator[Any]:
    """A first visit with its network; nothing may be written as an error into its console."""
    with tab(chrome, timeout=20_000) as page:
        page.goto(server)
        chosen(page, "conv_1")
        red: list[str] = []
        page.on("console", lambda message: red.append(message.text) if message.type == "error" else None)
        yield page
        assert red == []


def card(page: Any, name: str) -> Any:
    return page.locator(f'.card[data-name="{name}"]')


def chosen(page: Any, name: str) -> None:
    """The card and the form are this layer's, and nothing is on its way any more."""
    page.locator(f'.card.chosen[data-name="{name}"]').wait_for()
    page.locator(".layer-title span", has_text=name).wait_for()


def clear(page: Any) -> None:
    """Delete every layer."""
    card(page, "input").click()
    while page.locator(".card").count():
        left = page.locator(".card").count()
        page.locator(".card.chosen").focus()
        page.keyboard.press("Delete")
        page.locator(".card").nth(left - 1).wait_for(state="detached")


TOPMOST = """
(button) => {
  const box = button.getBoundingClientRect();
  return button.getRootNode().elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)?.closest(".kind")?.textContent ?? "";
}
"""


ABOVE = """
(palette) => {
  const box = palette.querySelector(".search").getBoundingClientRect();
  return palette.getRootNode().elementFromPoint(box.left + 60, box.top - 5)?.closest(".kind")?.textContent ?? null;
}
"""


@pytest.mark.parametrize("height", [900, 640])
def test_the_last_layers_of_the_palette_are_reached_by_wheel_and_by_keyboard(page: Any, height: int) -> None:
    page.set_viewport_size({"width": 1440, "height": height})
    last = page.locator(".palette .kind").last
    page.locator(".palette").first.evaluate("palette => palette.scrollTo(0, palette.scrollHeight)")
    assert last.evaluate(TOPMOST) == last.text_content()
    page.locator(".palette").first.evaluate("palette => palette.scrollTo(0, 0)")
    last.focus()
    assert last.evaluate(TOPMOST) == last.text_content()
    assert page.locator(".palette").first.evaluate(ABOVE) is None  # nothing shows above the search field


def test_undo_goes_to_the_layer_that_it_changed(page: Any) -> None:
    card(page, "dense").click()
    chosen(page, "dense")
    page.keyboard.press("a")
    page.keyboard.type("Dropout")
    page.keyboard.press("Enter")
    chosen(page, "dropout")
    page.keyboard.press("Control+z")
    card(page, "dropout").wait_for(state="detached")
    chosen(page, "dense")
    card(page, "pool_1").click()
    chosen(page, "pool_1")
    page.keyboard.press("Delete")
    chosen(page, "conv_1")
    card(page, "digits").click()
    chosen(page, "digits")
    page.keyboard.press("Control+z")
    chosen(page, "pool_1")
    expect(page.locator(".card.chosen")).to_have_attribute("data-name", "pool_1")


def test_an_empty_canvas_is_calm_has_one_button_and_nothing_jumps(page: Any) -> None:
    clear(page)
    page.get_by_text("This network has no layers yet.").wait_for()
    assert page.get_by_role("button", name="Add an Input").count() == 1
    assert page.locator(".banner p").count() == 0 and page.locator(".problems").count() == 0
    page.get_by_role("button", name="Add an Input").click()
    chosen(page, "input")
    page.locator(".guide", has_text="An Input and nothing else yet").wait_for()  # what comes next, and no mistake
    assert page.locator(".banner p").count() == 0 and page.locator(".problems").count() == 0
    before = card(page, "input").bounding_box()
    page.get_by_role("button", name="Add a layer after input").click()
    page.keyboard.type("Flatten")
    page.keyboard.press("Enter")
    chosen(page, "flatten")
    page.locator(".guide").wait_for(state="detached")
    assert card(page, "input").bounding_box()["y"] == before["y"]


def test_names_and_connections_are_forgiving_and_a_refusal_is_no_error(page: Any) -> None:
    card(page, "dense").click()
    chosen(page, "dense")
    page.keyboard.press("F2")
    page.keyboard.type("wide / layer")
    page.keyboard.press("Enter")
    page.locator(".note", has_text="has others").wait_for()
    assert page.locator(".rename").input_value() == "wide / layer"  # nothing that was typed is lost
    page.locator(".rename").fill("wide layer")
    page.keyboard.press("Enter")
    chosen(page, "wide_layer")
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    page.locator(".note", has_text="cannot feed itself").wait_for()
    card(page, "conv_2").click()
    page.locator(".note", has_text="don't depend on it").wait_for()  # a circle, told as one, and no 4xx in the console
    card(page, "input").click()
    chosen(page, "input")
    page.keyboard.press("c")
    card(page, "digits").click()
    page.locator(".note", has_text="a second one from input").wait_for()


def test_numbers_are_typed_as_people_write_them(page: Any) -> None:
    filters = page.get_by_label("filters", exact=True)
    filters.fill("3.7")
    filters.press("Enter")
    page.get_by_text("filters needs a whole number", exact=False).wait_for()
    assert filters.input_value() == "3.7"
    filters.fill("1,024")
    filters.press("Enter")
    card(page, "conv_1").get_by_text("1,024 filters").wait_for()
    filters.press("ArrowUp")
    card(page, "conv_1").get_by_text("1,025 filters").wait_for()
    assert filters.input_value() == "1025"
    page.get_by_role("link", name="Train").click()
    rate = page.get_by_label("learning_rate", exact=True)
    rate.fill("0,01")
    rate.press("Enter")
    page.wait_for_function("document.querySelector('input[aria-label=learning_rate]').value === '0.01'")
