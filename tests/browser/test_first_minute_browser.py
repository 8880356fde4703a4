"""The first minute in a browser: the doors of the welcome lead where they say, and the welcome does not come back."""

from typing import Any

import pytest

from builder.bench.browser import chromium
from tests.kit.browsing import tab

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(400)]


def door(page: Any, name: str) -> Any:
    return page.locator(".st-key-welcome").get_by_role("button", name=name)


def test_look_inside_leads_to_the_finished_run_and_the_welcome_is_gone_for_good(server: str, chrome: Any) -> None:
    with tab(chrome) as page:
        page.goto(server)
        door(page, "Look inside").click()
        page.locator(".ov-card[data-name=digits] canvas").first.wait_for()
        assert page.title().startswith("Explore · digit_cnn · Digit CNN, ")
        for _ in range(2):  # the second time the browser brings its cookie to a new session
            page.goto(server)
            page.locator("[data-name=conv_1]").wait_for()
            assert page.locator(".st-key-welcome").count() == 0


def test_build_your_own_begins_with_a_template_or_with_an_input_alone(server: str, chrome: Any) -> None:
    with tab(chrome) as page:
        page.goto(server)
        page.locator("[data-name=digits]").wait_for()
        floor = page.locator(".bar").bounding_box()["y"]
        form = page.locator(".st-key-form").bounding_box()
        assert form["y"] + form["height"] <= floor + 1  # the welcome takes its line from what is below it
        door(page, "Build your own").click()
        page.get_by_role("dialog").get_by_role("button", name="Next token").click()
        page.locator("[data-name=embedding]").wait_for()
        page.wait_for_function("() => document.title.includes('Text Transformer, ')")
        page.get_by_role("link", name="Train").click()
        train = page.locator(".st-key-recipe").get_by_role("button", name="Train", exact=True)
        train.wait_for()
        page.wait_for_function(
            "() => [...document.querySelectorAll('.st-key-recipe button')].some((each) => each.innerText === 'Train' && !each.disabled)"
        )
        page.locator(".st-key-recipe").get_by_text("The Python documentation", exact=True).wait_for()

        page.locator(".st-key-project_menu button").first.click()
        page.get_by_role("button", name="New project").click()
        page.get_by_role("dialog").get_by_role("button", name="Empty network").click()
        page.get_by_role("link", name="Build").click()
        page.locator(".guide", has_text="An Input and nothing else yet").wait_for()
        page.locator(".guide").get_by_role("button", name="Add Conv2D after input").click()
        page.locator(".guide").wait_for(state="detached")
        page.locator("[data-name=conv2d]").wait_for()
