"""Accessibility (axe-core, WCAG 2.1 AA) and the keyboard: every page, light and dark, wide and narrow."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from builder.bench.browser import chromium
from tests.kit.browsing import tab

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(400)]

PAGES = {  # what is there once a page is whole
    "": ".card[data-name=digits]",
    "train": ".live-plot .scatterlayer",
    "explore": ".ov-card[data-name=digits] canvas",
    "explore?view=compare": ".cmp-card canvas",
    "explore?view=arithmetic": ".lens-detail h4",
    "explore?view=heat": ".heat, [class*=heat] canvas",
    "explore?view=numbers": ".js-plotly-plot, canvas",
    "explore?view=kernel": ".kernel-presets",
}
FOCUS = """
() => {
  const PRIMARY = ["rgb(59, 91, 219)", "rgb(124, 147, 255)"]; // the border of Streamlit's fields while they have the focus
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  const marked = (element) => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== "none" || PRIMARY.includes(style.borderTopColor);
  };
  let ringed = marked(at);
  for (let up = at.parentElement, steps = 0; up && steps < 5 && !ringed; up = up.parentElement, steps += 1) ringed = up.matches(":focus-within") && marked(up);
  const label = [...(at.labels ?? [])].map((each) => each.innerText).join(" ");
  const name = at.getAttribute("aria-label") || at.getAttribute("aria-labelledby") || label || at.innerText || at.title || at.placeholder || "";
  const box = at.getBoundingClientRect();
  return { what: `${at.tagName} ${name.trim().slice(0, 40)}`, named: Boolean(name.trim()), ringed, seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
}
"""


ROOMS = {  # appearance, width, whether a person presents
    "light and wide": ("light", 1440, False),
    "dark and narrow": ("dark", 390, False),
    "dark, presented": ("dark", 1920, True),
    "light, presented": ("light", 1440, True),
}


@pytest.fixture(params=ROOMS.values(), ids=ROOMS.keys())
def page(server: str, chrome: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A first visit to Build in one of the appearances."""
    scheme, width, presents = request.param
    with tab(chrome, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:
        if presents:
            page.context.add_cookies([{"name": "layerloom_presenting", "value": "1", "url": server}])
        page.goto(server)
        page.locator(PAGES[""]).first.wait_for(state="attached")
        yield page


def test_axe_finds_nothing_serious_on_any_page(page: Any, server: str) -> None:
    found = []
    for path, whole in PAGES.items():
        page.goto(f"{server}/{path}")
        page.locator(whole).first.wait_for(state="attached")
        page.locator("[data-testid=stSpinner], [data-testid=stSkeleton]").first.wait_for(state="detached")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{path} scrolls sideways"
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found += [f"{path}: {violation['id']} {node['html'][:120]}" for node in violation["nodes"]]
    assert not found


def test_tab_goes_through_every_page_and_out_of_it_and_shows_where_it_is(server: str, chrome: Any) -> None:
    with tab(chrome) as page:
        for path, whole in PAGES.items():
            page.goto(f"{server}/{path}")
            page.locator(whole).first.wait_for(state="attached")
            page.add_style_tag(content="* { transition: none !important; }")  # a border that is still on its way to its colour is no border
            stops = []
            for _ in range(200):
                page.keyboard.press("Tab")
                if (stop := page.evaluate(FOCUS)) is None and stops:
                    break
                stops += [stop] if stop else []
            else:
                pytest.fail(f"{path}: 200 Tabs do not lead through the page: {[each['what'] for each in stops[-5:]]}")
            assert [each["what"] for each in stops if not each["named"]] == [], path
            unmarked = [each["what"] for each in stops if not each["ringed"] and not each["what"].startswith("MAIN")]
            assert unmarked == [], path
            assert [each["what"] for each in stops if not each["seen"]] == [], path
