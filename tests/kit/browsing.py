"""What tests in a real browser open and watch. A wait that runs out fails its test and names what did not come: it is an assertion."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.kit.strokes import DIGITS


@contextmanager
def tab(chrome: Any, height: int = 900, timeout: int = 60_000, **options: Any) -> Iterator[Any]:
    """A tab of a browser without history, 1440 wide; nothing may go wrong in its scripts while the block lasts."""
    context = chrome.new_context(**{"viewport": {"width": 1440, "height": height}} | options)
    page = context.new_page()
    page.set_default_timeout(timeout)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints


def epoch_is(page: Any, words: str) -> None:
    """The epoch slider stands there: "untrained", or the number of an epoch."""
    page.locator("[data-testid=stSlider]").get_by_text(words, exact=True).first.wait_for()


def asked(page: Any) -> list[str]:
    """The addresses that the page fetches from now on; what it makes of its own memory (`blob:`) is not fetched, and its program may still be on its way."""
    addresses: list[str] = []
    page.on(
        "request",
        lambda request: None if request.url.startswith("blob:") or request.resource_type == "script" else addresses.append(request.url),
    )
    return addresses


def draw(page: Any, digit: int) -> None:
    """A digit on the sheet with the mouse."""
    box = page.locator(".draw-sheet").bounding_box()
    for stroke in DIGITS[digit][0]:
        places = [
            (box["x"] + box["width"] * (0.5 + (x - 0.5) * 0.75), box["y"] + box["height"] * (0.5 + (y - 0.5) * 0.75)) for x, y in stroke
        ]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()
