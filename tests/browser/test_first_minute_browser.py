"""The first minute in a browser: the doors of the welcome lead where they say, and the welcome does not come back."""

from typing import Any

import pytest
from playwright.sync_api import expect

from builder.bench.browser import chromium
from tests.kit.browsing import tab

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH"), pytest.mark.timeout(400)]

PAINTED = """
window.painted = [];
const paint = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (...words) {
  window.painted.push((parseFloat(this.font.match(/([\\d.]+)px/)[1]) * this.getTransform().a) / devicePixelRatio);
  return paint.apply(this, words);
};
"""


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


def test_watch_it_learn_plays_the_network_on_the_canvas(server: str, chrome: Any) -> None:
    with tab(chrome) as page:
        page.goto(server)
        page.locator("[data-name=digits]").wait_for()
        door(page, "Watch it learn").click()
        page.get_by_role("button", name="Pause").wait_for()  # one press, and it is on its way
        page.locator(".st-key-welcome").wait_for(state="detached")
        page.reload()
        page.get_by_role("button", name="Reset: begin with new weights").click()  # what was asked for once is not asked for again
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=60_000)


def test_the_welcome_has_done_its_work_once_play_on_the_strip_was_pressed(server: str, chrome: Any) -> None:
    with tab(chrome) as page:
        page.goto(server)
        page.locator(".st-key-welcome").wait_for()
        page.locator(".play-main[aria-disabled=false]").click()
        page.locator(".st-key-welcome").wait_for(state="detached")
        page.locator("[data-name=conv_1] .flow").wait_for(timeout=150_000)  # what was pressed plays, whatever was drawn anew
        page.reload()
        page.locator("[data-name=conv_1]").wait_for()
        assert page.locator(".st-key-welcome").count() == 0
        page.get_by_role("button", name="Reset: begin with new weights").click()


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
        assert page.locator(".st-key-recipe input").first.input_value() == "The Python documentation"

        page.locator(".st-key-project_menu button").first.click()
        page.get_by_role("button", name="New project").click()
        page.get_by_role("dialog").get_by_role("button", name="Empty network").click()
        page.locator(".guide", has_text="An Input and nothing else yet").wait_for()
        page.locator(".guide").get_by_role("button", name="Add Conv2D after input").click()
        page.locator(".guide").wait_for(state="detached")
        page.locator("[data-name=conv2d]").wait_for()


def test_cards_and_type_grow_with_the_room_and_more_when_a_person_presents_which_is_kept(server: str, chrome: Any) -> None:
    type_size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"

    def sizes(page: Any, more_than: float) -> tuple[float, float]:
        """The size of type and the height of a card (px), once type is larger than it was and the card has followed."""
        page.locator("[data-name=conv_1]").wait_for()
        page.wait_for_function(f"() => {type_size} > {more_than}")
        page.wait_for_timeout(500)
        return page.evaluate(type_size), page.locator("[data-name=conv_1]").first.bounding_box()["height"]

    with tab(chrome, viewport={"width": 1440, "height": 900}) as page:
        page.goto(server)
        usual, card = sizes(page, 0)
        page.set_viewport_size({"width": 1920, "height": 1080})
        wide, wide_card = sizes(page, usual)
        assert wide_card / card == pytest.approx(wide / usual, rel=0.02)
        page.locator(".st-key-project_menu button").first.click()
        page.get_by_text("Presentation: large type and cards").click()
        large, large_card = sizes(page, wide)
        assert large_card / card == pytest.approx(large / usual, rel=0.02)
        assert large > 1.5 * usual
        page.wait_for_function("() => document.cookie.includes('layerloom_presenting=1')")
        page.reload()
        assert sizes(page, wide) == pytest.approx((large, large_card))


def test_what_is_painted_grows_as_type_does(server: str, chrome: Any) -> None:
    def painted(width: int, presents: str) -> dict[str, float]:
        """The smallest words that are painted on a page, in pixels of the screen."""
        with tab(chrome, viewport={"width": width, "height": 1000}) as page:
            page.context.add_cookies([{"name": "layerloom_presenting", "value": presents, "url": server}])
            page.add_init_script(PAINTED)
            found = {}
            for path, whole in {"explore": ".ov-card[data-name=digits] canvas", "train": ".picture-body canvas"}.items():
                page.goto(f"{server}/{path}")
                page.locator(whole).first.wait_for()
                page.wait_for_function("() => window.painted.length > 5")
                found[path] = min(page.evaluate("window.painted"))
            return found

    usual, wide, presented = painted(1440, "0"), painted(1920, "0"), painted(1920, "1")
    print("smallest painted words:", usual, wide, presented)
    for path, size in usual.items():
        assert wide[path] / size == pytest.approx(1.2, rel=0.02) and presented[path] / size == pytest.approx(1.6, rel=0.02)


# Both are measured at one moment: the page may still move.
WITHIN_ITS_LINE = """
words => {
  const [line, own] = [words.closest(".st-key-welcome"), words].map((each) => each.getBoundingClientRect());
  return own.top >= line.top && own.bottom <= line.bottom + 0.5;
}
"""


def test_the_welcome_says_only_what_is_true_of_the_network_on_the_canvas_and_all_of_it(server: str, chrome: Any) -> None:
    with tab(chrome) as page:
        page.context.add_cookies([{"name": "layerloom_presenting", "value": "1", "url": server}])
        page.goto(server)
        said = page.locator(".st-key-welcome p", has_text="digit_cnn was trained once already")
        said.wait_for()
        assert said.evaluate(WITHIN_ITS_LINE)
        assert said.evaluate("words => words.scrollWidth <= words.clientWidth && words.scrollHeight <= words.clientHeight + 1")
        assert page.locator(".st-key-project_menu button").first.inner_text().startswith("digit_cnn · Digit CNN, ")
        door(page, "Look inside").wait_for()


def test_a_phone_shows_curves_and_pictures_before_the_form(server: str, chrome: Any) -> None:
    with tab(chrome, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{server}/train")
        parts = [page.locator(".live-plot").first, page.get_by_text("Live predictions").first, page.locator(".st-key-recipe")]
        for part in parts:
            part.wait_for()
        tops = [part.bounding_box()["y"] for part in parts]
        assert tops == sorted(tops)
