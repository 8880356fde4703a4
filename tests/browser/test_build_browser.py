"""Building in a real browser: what is pressed is what is chosen, seen and kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from builder.bench.browser import chromium
from tests.kit.browsing import tab

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(300)]

SLOW_FRAMES = """
const frame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (work) => frame(() => setTimeout(() => frame(work), window.slowness ?? 0));
"""


@pytest.fixture
def page(server: str, chrome: Any) -> Iterator[Any]:
    """A first visit, its network and its form drawn; nothing may go wrong in its scripts."""
    with tab(chrome, timeout=20_000) as page:
        page.add_init_script(SLOW_FRAMES)
        page.goto(server)
        title(page, "conv_1")
        yield page


def card(page: Any, name: str) -> Any:
    return page.locator(f'.card[data-name="{name}"]')


def title(page: Any, name: str) -> None:
    """The form is about this layer."""
    page.locator(".layer-title span", has_text=name).wait_for()


def test_what_is_pressed_is_chosen_also_where_frames_are_slow(page: Any) -> None:
    page.evaluate("window.slowness = 400")
    for name in ("pool_1", "conv_2", "dense"):
        card(page, name).click()
        title(page, name)
        page.wait_for_timeout(1000)  # the page's answer may not choose something else
        assert page.locator(".card.chosen").get_attribute("data-name") == name


def test_a_layer_added_below_the_screen_is_scrolled_clear_of_the_bar(page: Any) -> None:
    card(page, "digits").click()
    page.keyboard.press("a")
    page.keyboard.type("Dense")
    page.keyboard.press("Enter")
    title(page, "dense_1")
    page.wait_for_timeout(1000)  # scrolling is smooth
    assert card(page, "dense_1").evaluate("card => card.getBoundingClientRect().bottom") < page.locator(".bar").bounding_box()["y"]


BEHIND = """
(world) => {
  const cards = [...world.querySelectorAll(".card")].map((card) => [card.dataset.name, card.getBoundingClientRect()]);
  const found = new Set();
  for (const wire of world.querySelectorAll(".wire")) {
    const [matrix, length] = [wire.getScreenCTM(), wire.getTotalLength()];
    for (let at = 4; at < length - 4; at += 2) {
      const { x, y } = wire.getPointAtLength(at).matrixTransform(matrix);
      for (const [name, box] of cards) if (x > box.left + 2 && x < box.right - 2 && y > box.top + 2 && y < box.bottom - 2) found.add(name);
    }
  }
  return [...found];
}
"""


def open_from_the_zoo(page: Any, title: str, name: str) -> None:
    page.locator(".st-key-project_menu button").first.click()
    page.get_by_label("New network").click()
    page.keyboard.type(title)
    page.get_by_role("option", name=title).first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**network={name}*")
    page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("title", "name", "layer"),
    [("Encoder-decoder Transformer", "seq2seq_transformer", "encoder_attention"), ("ResNet-18", "resnet18", "conv1_conv")],
)
def test_no_wire_runs_behind_a_card(page: Any, title: str, name: str, layer: str) -> None:
    open_from_the_zoo(page, title, name)
    card(page, layer).wait_for()
    assert page.locator(".world").evaluate(BEHIND) == []


def test_each_port_of_an_attention_has_a_wire_of_its_own_that_says_its_name(page: Any) -> None:
    open_from_the_zoo(page, "Reversal, one attention", "reversal_attention")
    card(page, "attention").wait_for()
    assert [name for name in page.locator(".port").all_text_contents() if name] == ["query", "value"]
    page.get_by_label("Insert a layer between position and attention (value)").click()
    page.keyboard.type("Dense")
    page.keyboard.press("Enter")
    card(page, "dense_1").wait_for()
    page.get_by_label("Insert a layer between position and attention (query)").wait_for()
    page.get_by_label("Insert a layer between dense_1 and attention (value)").wait_for()


def test_who_comes_back_to_the_canvas_sees_changes_again(page: Any, chrome: Any) -> None:
    student = chrome.new_context().new_page()
    student.goto(page.url)
    title(student, "conv_1")
    student.get_by_role("link", name="Train", exact=True).click()
    student.locator(".live-runs").wait_for()
    student.get_by_role("link", name="Build", exact=True).click()
    card(student, "pool_1").wait_for()
    student.wait_for_timeout(1500)
    card(page, "pool_1").click()
    page.keyboard.press("Delete")
    expect(card(student, "pool_1")).to_have_count(0, timeout=10_000)
    student.context.close()
