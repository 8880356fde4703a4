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
        page.locator(".play-main[aria-disabled=false]").wait_for()  # the strip above the canvas comes last
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


def test_an_answer_that_comes_late_leaves_the_person_where_they_have_gone_since(page: Any) -> None:
    held: list[Any] = []
    page.route("**/edits", lambda route: held.append(route))
    Counted(page).add("dropout 0.2", "dropout")  # a guess is drawn, and has the focus
    page.keyboard.press("Home")
    has_focus(page, "input")
    held.pop().continue_()
    page.locator(".card:not(.guessed)[data-name=dropout]").wait_for()
    page.wait_for_timeout(300)
    assert focus(page) == "input" and marked(page, "chosen") == {"input"}
    page.keyboard.press("Control+z")
    page.keyboard.press("End")
    has_focus(page, last := names(page)[-1])
    held.pop().continue_()
    card(page, "dropout").wait_for(state="detached")
    page.wait_for_timeout(300)
    assert focus(page) == last and marked(page, "chosen") == {last}


def in_form(page: Any) -> str:
    """The label of the form's field that has the focus, "" where it is none."""
    return str(
        page.evaluate(
            "() => document.activeElement.closest('.st-key-form') ? document.activeElement.ariaLabel ?? document.activeElement.innerText : ''"
        )
    )


def test_the_form_is_one_stop_that_enter_goes_into(page: Any) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    has_focus(page, "conv_1")
    page.keyboard.press("Tab")  # the bar
    page.keyboard.press("Tab")
    assert in_form(page) == "Settings of conv_1: Enter goes in, Escape leads back"
    page.keyboard.press("Tab")
    assert in_form(page) == ""  # one stop
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert in_form(page) == "filters"
    page.keyboard.press("ArrowUp")  # a number's arrows are its own
    page.locator(".card[data-name=conv_1]", has_text="33 filters").wait_for()
    assert in_form(page) == "filters"
    page.keyboard.press("Tab")
    assert in_form(page) == "Help"
    page.keyboard.press("Alt+ArrowDown")
    assert in_form(page) == "kernel_size height"
    page.keyboard.press("Tab")
    assert in_form(page) == "kernel_size width"
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert in_form(page) == "filters"
    page.keyboard.press("Escape")
    has_focus(page, "conv_1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert in_form(page).startswith("Settings of conv_1")  # closed again

    page.keyboard.press("Enter")
    page.locator(".st-key-form").get_by_role("button", name="Delete").focus()  # as so many Tabs would
    page.keyboard.press("Enter")
    card(page, "conv_1").wait_for(state="detached")
    page.wait_for_timeout(1000)
    assert in_form(page) != ""  # what went took the focus to no other place


def test_enter_before_the_fields_are_drawn_leads_to_the_first_of_them_once_they_are(page: Any) -> None:
    hiding = page.add_style_tag(content=".st-key-form input:not([type=radio]), .st-key-form textarea { display: none; }")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    title(page, "conv_1")
    page.keyboard.press("Enter")
    page.wait_for_function(FORM)
    assert in_form(page) == "Form"  # the first thing that is there
    hiding.evaluate("style => style.remove()")
    page.locator(".st-key-form").evaluate("form => form.append(document.createElement('i'))")  # as something is drawn
    page.wait_for_function("() => document.activeElement.ariaLabel === 'filters'")


def test_a_network_is_built_played_kept_and_opened_in_train_by_keyboard_alone(page: Any) -> None:
    person = Counted(page)
    page.keyboard.press("ArrowDown")
    has_focus(page, "pool_1")
    person.add("conv 16 3 same", "conv2d")
    page.keyboard.press("Enter")  # at once: the form is still about the layer before
    page.wait_for_function("() => document.activeElement.ariaLabel === 'filters'")
    assert page.evaluate("document.activeElement.value") == "16"
    page.keyboard.press("Control+a")
    person.type("24")
    page.keyboard.press("Enter")
    card(page, "conv2d").get_by_text("24 filters").wait_for()
    page.keyboard.press("Escape")
    has_focus(page, "conv2d")

    page.keyboard.press("Shift+F6")
    assert focus(page) == "Play"
    page.keyboard.press("Enter")
    page.locator(".card[data-name=conv2d] .flow").wait_for(timeout=150_000)
    assert focus(page) == "Pause"
    page.keyboard.press("Enter")
    page.locator(".play-line", has_text="Paused").wait_for()
    assert focus(page) == "Play"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.shadowRoot?.activeElement?.innerText") == "Keep":
            break
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Kept", exact=True).wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.shadowRoot?.activeElement?.innerText") == "Open in Train"
    page.keyboard.press("Enter")
    row = page.locator(".live-runs tr[aria-current]")
    row.wait_for()
    assert "paused" in row.inner_text() and "goes after a day" not in row.inner_text()
    page.locator("[data-action=stop]").press("Enter")  # it would keep its place
    page.wait_for_function("() => document.querySelector('.live-runs tr[aria-current]').innerText.includes('stopped')")
