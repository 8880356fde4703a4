"""Build under fingers, on a phone: one looks around, two zoom, one that stays selects, a tap on a dot adds; and the page still scrolls."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from builder.bench.browser import chromium
from tests.kit.browsing import tab
from tests.kit.hands import Fingers, card, line, marked, point, title, wires

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(300)]
STAGE = "() => [...document.querySelectorAll('*')].find(each => each.shadowRoot?.querySelector('.stage')).shadowRoot.querySelector('.stage').scrollTop"
PAGE = "() => document.querySelector('[data-testid=stMain]').scrollTop"
SIZE = "world => world.getBoundingClientRect().width / world.offsetWidth"


@pytest.fixture
def page(server: str, chrome: Any) -> Iterator[Any]:
    """A first visit on a phone, its network and its form drawn."""
    with tab(chrome, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as page:
        page.goto(server)
        title(page, "conv_1")
        page.locator(".play-main[aria-disabled=false]").wait_for()
        yield page


def moved(page: Any, what: str, way: list[tuple[float, float]]) -> tuple[float, float]:
    """How far the stage and the page have scrolled after one finger went a way; `what` it was."""
    before = page.evaluate(STAGE), page.evaluate(PAGE)
    Fingers(page).go(way)
    page.wait_for_timeout(700)  # what was thrown comes to rest
    print(what, before, page.evaluate(STAGE), page.evaluate(PAGE))
    return page.evaluate(STAGE) - before[0], page.evaluate(PAGE) - before[1]


def test_one_finger_looks_around_and_at_the_edge_it_scrolls_the_page(page: Any) -> None:
    stage = page.locator(".stage").bounding_box()
    left, middle = stage["x"], stage["y"] + stage["height"] - 90
    network, around = moved(page, "on a card", line((left + 150, middle), (left + 150, middle - 160)))
    assert network > 60 and around == 0
    network, around = moved(page, "at the edge", line((left + 6, middle), (left + 6, middle - 160)))
    assert network == 0 and around > 60


def test_two_fingers_zoom_about_what_lies_between_them(page: Any) -> None:
    world = page.locator(".world")
    before, held = world.evaluate(SIZE), card(page, "conv_1")
    x, y = point(held, 0.3)
    height = held.bounding_box()["height"]
    Fingers(page).go(line((x, y - 20), (x, y - 50)), line((x, y + 20), (x, y + 50)))
    page.wait_for_timeout(200)
    assert 1.8 < world.evaluate(SIZE) / before < 3
    box = held.bounding_box()
    assert abs(box["y"] + box["height"] / 2 - y) < height  # it grew where it was
    Fingers(page).go(line((x, y - 60), (x, y - 20)), line((x, y + 60), (x, y + 20)))
    page.wait_for_timeout(200)
    assert world.evaluate(SIZE) < 1.3 * before
    assert page.evaluate("visualViewport.scale") == 1  # the page itself stays


def test_a_finger_that_stays_selects_and_taps_add_to_it(page: Any) -> None:
    card(page, "conv_1").tap()
    Fingers(page).go([point(card(page, "pool_1"), 0.3)], rest=0.8)
    page.locator(".chosen-bar").get_by_text("2 layers selected").wait_for()
    assert marked(page, "selected") == {"conv_1", "pool_1"}
    card(page, "conv_2").tap()
    page.locator(".chosen-bar").get_by_text("3 layers selected").wait_for()
    card(page, "pool_1").tap()
    assert marked(page, "selected") == {"conv_1", "conv_2"}
    page.get_by_role("button", name="Select none (Escape)").tap()
    assert not marked(page, "selected")


def test_a_tap_on_a_dot_adds_a_branch_there(page: Any) -> None:
    dot = card(page, "conv_1").locator(".handle")
    assert dot.evaluate("dot => getComputedStyle(dot).opacity") == "1"  # nothing hovers on a phone
    page.touchscreen.tap(*point(dot))
    page.locator(".picker").get_by_role("button", name="As a branch").and_(page.locator("[aria-pressed=true]")).wait_for()
    page.locator(".picker input").fill("dropout")
    page.locator(".picker .kind").first.tap()
    card(page, "dropout").wait_for()
    assert {"conv_1 and dropout", "conv_1 and pool_1"} <= wires(page)


def test_axe_finds_nothing_on_a_phone_while_it_plays(page: Any) -> None:
    page.get_by_role("button", name="Play", exact=True).tap()
    page.locator(".card .flow canvas").first.wait_for()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], node["html"][:160]) for each in found for node in each["nodes"]] == []
