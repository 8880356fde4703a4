"""Benchmark of edit latency: from a press to new shapes on the screen, beside the round trip of an empty Streamlit fragment."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .browser import browser, ratio_row
from .server import APP, empty_app, free_port, start, stop

PAIRS = 15
CANVAS_LIMIT, FORM_LIMIT = 0.5, 1.5

# Milliseconds from `press` until `text` of a part of the page is another one and is about to be painted. The part is watched
# rather than asked time and again: a question would compete with what it asks about, and miss the first frame.
TIMED = """
const timed = (part, text, press) => new Promise((done) => {
  const [before, began] = [text(), performance.now()];
  const watch = new MutationObserver(() => {
    if (!text() || text() === before) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  });
  watch.observe(part, { subtree: true, childList: true, characterData: true, attributes: true });
  press();
});
"""
PRESS = f"""
(button) => {{ {TIMED}
  const text = () => [...document.querySelectorAll("[data-testid=stText]")].map((each) => each.textContent).join();
  return timed(document.body, text, () => button.click());
}}
"""
# The same on the canvas: the card's true shape, not the one that is guessed while the answer is on its way.
EDIT = f"""
(part, {{ name, key }}) => {{ {TIMED}
  const root = part.getRootNode();
  const shape = () => root.querySelector(`[data-name="${{name}}"] .shape`)?.textContent ?? "";
  const text = () => (root.querySelector(".guessed") ? "" : shape());
  const press = () => part.dispatchEvent(new KeyboardEvent("keydown", {{ key, ctrlKey: true, bubbles: true, composed: true }}));
  return timed(root, text, key ? press : () => part.click());
}}
"""
# And for a number field: an arrow key makes the step.
STEP = f"""
(field, {{ canvas, key }}) => {{ {TIMED}
  const root = canvas.getRootNode();
  const text = () => root.querySelector(`[data-name="conv_1"] .shape`)?.textContent ?? "";
  return timed(root, text, () => field.dispatchEvent(new KeyboardEvent("keydown", {{ key, bubbles: true }})));
}}
"""


class Tabs:
    """The app and the stock app, each in a tab of one browser."""

    def __init__(self, opened: Any, ours: str, theirs: str) -> None:
        self.ours, self.theirs = (opened.new_page(viewport={"width": 1440, "height": 900}) for _ in range(2))
        self.ours.goto(ours)
        self.theirs.goto(theirs)
        self.card("conv_1").click()
        self.ours.get_by_label("filters", exact=True).first.wait_for()
        self.button = self.theirs.get_by_role("button", name="Press")
        self.button.wait_for()

    def card(self, name: str) -> Any:
        return self.ours.locator(f'[data-name="{name}"]')

    def settle(self) -> None:
        """Let what an edit has set off come to rest, as it does between two presses of a person."""
        for page in (self.ours, self.theirs):
            page.wait_for_timeout(700)

    def fragment(self) -> float:
        """The yardstick: a press on the stock app's button."""
        return float(self.button.evaluate(PRESS))

    def add(self) -> float:
        """A press on the palette's Conv2D, which changes every shape below; taken back afterwards."""
        self.card("conv_1").click()
        self.settle()
        took = float(self.ours.locator("button.kind", has_text="Conv2D").first.evaluate(EDIT, {"name": "pool_1", "key": ""}))
        self.settle()
        self.card("conv_1").focus()
        self.ours.keyboard.press("Control+z")
        self.settle()
        return took

    def step(self, up: bool) -> float:
        """One step of the number field `filters`."""
        self.card("conv_1").click()
        self.settle()
        field = self.ours.get_by_label("filters", exact=True).first
        told = {"canvas": self.card("conv_1").element_handle(), "key": "ArrowUp" if up else "ArrowDown"}
        return float(field.evaluate(STEP, told))


def run() -> list[dict[str, Any]]:
    """Rows `edit on the canvas` and `edit in a form`, each against an empty fragment pressed in turn with it."""
    with empty_app() as stock, browser() as opened, TemporaryDirectory(prefix="layerloom-") as folder:
        ports = free_port(), free_port()
        servers = [start(script, port, Path(folder) / str(port)) for script, port in zip((APP, stock), ports, strict=True)]
        try:
            tabs = Tabs(opened, *(f"http://localhost:{port}" for port in ports))
            for _ in range(2):  # warm both up
                tabs.fragment(), tabs.add(), tabs.step(True), tabs.step(False)
            canvas = [(tabs.add(), tabs.fragment()) for _ in range(PAIRS)]
            form = [(tabs.step(at % 2 == 0), tabs.fragment()) for at in range(PAIRS)]
        finally:
            for server in servers:
                stop(server)
    return [
        ratio_row("edit on the canvas", [a for a, _ in canvas], [b for _, b in canvas], CANVAS_LIMIT),
        ratio_row("edit in a form", [a for a, _ in form], [b for _, b in form], FORM_LIMIT),
    ]
