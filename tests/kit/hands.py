"""Hands on the canvas in a real browser: cards, drags, focus, and a count of presses and keys."""

from typing import Any

FOCUS = """
() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.dataset?.name ?? at?.getAttribute("aria-label") ?? at?.tagName ?? "";
}
"""
WIRES = 'all => all.map(each => each.getAttribute("aria-label").replace("Insert a layer between ", ""))'
OPEN = "() => new URL(location).searchParams.get('network')"
Point = tuple[float, float]


def card(page: Any, name: str) -> Any:
    return page.locator(f'.card[data-name="{name}"]')


def title(page: Any, name: str) -> None:
    """The form is about this layer."""
    page.locator(".layer-title span", has_text=name).first.wait_for()


def focus(page: Any) -> str:
    """What has the focus: a layer's name, a label, or a tag."""
    return str(page.evaluate(FOCUS))


def names(page: Any) -> list[str]:
    """The layers in reading order."""
    found: list[str] = page.locator(".card").evaluate_all("all => all.map(each => each.dataset.name)")
    return found


def wires(page: Any) -> set[str]:
    """The wires: "conv_1 and pool_1"."""
    return set(page.locator(".plus:not(.end)").evaluate_all(WIRES))


def marked(page: Any, kind: str) -> set[str]:
    """The layers whose cards are marked as `chosen`, `selected` or `loose`."""
    return set(page.locator(f".card.{kind}").evaluate_all("all => all.map(each => each.dataset.name)"))


def point(locator: Any, across: float = 0.5, down: float = 0.5) -> Point:
    """A point of an element, as shares of its sides."""
    box = locator.bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def kind(page: Any, layer: str) -> Point:
    """A layer type's entry in the palette."""
    entry = page.locator(".editor > .palette .kind").get_by_text(layer, exact=True).first
    entry.scroll_into_view_if_needed()
    return point(entry)


def drag(page: Any, start: Point, end: Point, holding: str = "") -> None:
    """Hold a point and drop it at another, with a key held down while it is dropped."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 9, start[1] + 3)
    page.mouse.move(*end, steps=4)
    if holding:
        page.keyboard.down(holding)
    page.mouse.up()
    if holding:
        page.keyboard.up(holding)


def open_from_the_zoo(page: Any, title: str) -> None:
    """Another network of the project, by its title in the menu."""
    before = page.evaluate(OPEN)
    page.locator(".st-key-project_menu button").first.click()
    page.get_by_label("New network").click()
    page.keyboard.type(title)
    page.get_by_role("option", name=title).first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_function(f"before => ({OPEN})() !== before", arg=before)
    page.keyboard.press("Escape")
    page.locator("[data-testid=stPopoverBody]").wait_for(state="detached")


class Fingers:
    """Fingers on a touch screen, as the browser itself hears of them: each goes along a way of points (px of the window)."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.screen = page.context.new_cdp_session(page)

    def go(self, *ways: list[Point], rest: float = 0) -> None:
        """All fingers down at their first points, along their ways at once, `rest` seconds at the end, and up."""
        places = [[{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)] for points in zip(*ways, strict=True)]
        self._send("touchStart", places[0])
        for points in places[1:]:
            self._send("touchMove", points)
            self.page.wait_for_timeout(16)
        self.page.wait_for_timeout(1000 * rest)
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        self.screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def line(start: Point, end: Point, steps: int = 12) -> list[Point]:
    """A way from one point to another."""
    across, down = end[0] - start[0], end[1] - start[1]
    return [(start[0] + across * at / steps, start[1] + down * at / steps) for at in range(steps + 1)]


class Counted:
    """A person who counts: presses of the mouse and of keys."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.presses = 0
        self.keys = 0

    def press(self, locator: Any, **options: Any) -> None:
        """One press of the mouse."""
        self.presses += 1
        locator.click(**options)

    def key(self, *keys: str) -> None:
        """Keys that are pressed one by one."""
        self.keys += len(keys)
        for each in keys:
            self.page.keyboard.press(each)

    def type(self, text: str) -> None:
        """A key a letter."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def add(self, text: str, name: str, opens: str = "a") -> None:
        """Add a layer where the picker opens with a key: its words, Enter, and the card is there with the focus."""
        self.key(opens)
        self.page.locator(".picker input").wait_for()
        self.type(text)
        self.key("Enter")
        card(self.page, name).wait_for()
        self.page.wait_for_function("name => document.activeElement?.shadowRoot?.activeElement?.dataset.name === name", arg=name)
