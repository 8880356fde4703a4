"""A look that is shared, and what a phone shows first, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from builder.bench.browser import chromium
from tests.kit.browsing import tab

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(300)]

PHONE = {"width": 390, "height": 844}


def sample(page: Any) -> Any:
    return page.locator(".st-key-explore_sample").get_by_role("textbox")


def test_a_visitor_s_address_follows_what_is_looked_at_and_share_s_link_opens_the_same(server: str, chrome: Any) -> None:
    with tab(chrome) as owner, tab(chrome) as visitor:
        owner.goto(f"{server}/explore")
        owner.wait_for_url("**run=**")
        found = re.search(r"project=[^&]+", owner.url)
        assert found
        for page, address in ((owner, owner.url), (visitor, f"{server}/explore?{found[0]}")):
            page.goto(address)
            slider = page.locator(".st-key-explore_epoch").get_by_role("slider")
            slider.focus()
            for _ in range(12):
                page.keyboard.press("ArrowLeft")
            sample(page).fill("5")  # at once, while the epoch's numbers are on their way
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile("epoch=0.*sample=5|sample=5.*epoch=0"))
            page.get_by_text("Attribution", exact=True).first.click()
            page.wait_for_url("**view=heat**")
        owner.get_by_role("button", name="Share").click()
        link = owner.locator("code", has_text="/explore?").inner_text()
        assert link == owner.url
        visitor.goto(link)
        visitor.get_by_text("What in the input speaks for a class").wait_for()
        visitor.locator("[data-testid=stSlider]").get_by_text("untrained", exact=True).first.wait_for()
        expect(sample(visitor)).to_have_value("5")  # it is drawn empty before it is filled
        visitor.get_by_role("button", name="Make a copy").wait_for()


def test_a_phone_sees_the_tabs_first_and_comes_to_the_curves_after_train(server: str, chrome: Any) -> None:
    with tab(chrome, viewport=PHONE) as page:
        page.goto(f"{server}/explore")
        tabs = page.get_by_text("Attribution", exact=True).first
        tabs.wait_for()
        assert tabs.bounding_box()["y"] < PHONE["height"] / 2
        page.goto(f"{server}/train")
        page.locator(".live-plot .scatterlayer").first.wait_for()
        train = page.get_by_role("button", name="Train", exact=True)
        train.scroll_into_view_if_needed()
        train.click()
        page.wait_for_function(
            "() => { const { top } = document.querySelector('.live').getBoundingClientRect(); return top >= -4 && top < innerHeight / 2; }"
        )
        page.get_by_role("button", name="Stop").wait_for()


def test_train_s_button_is_in_sight_under_a_long_form(server: str, chrome: Any) -> None:
    with tab(chrome, height=600) as page:
        page.goto(f"{server}/train")
        train = page.get_by_role("button", name="Train", exact=True)
        train.wait_for()
        box = train.bounding_box()
        assert box["y"] + box["height"] <= 600


def test_what_is_to_be_mended_first_is_not_under_train_s_button(server: str, chrome: Any) -> None:
    with tab(chrome, height=700) as page:
        page.goto(f"{server}/train")
        page.locator(".st-key-recipe").get_by_role("combobox", name="Dataset").click()
        page.keyboard.type("Iris")
        page.keyboard.press("Enter")
        mend = page.get_by_role("button", name="Take the network iris_mlp")
        mend.scroll_into_view_if_needed()
        expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
        own, train = mend.bounding_box(), page.get_by_role("button", name="Train", exact=True).bounding_box()
        assert own["y"] + own["height"] <= train["y"]
