"""Benchmark of the first paint: the first page with its network beside an empty Streamlit app's, warm and right after a start."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from .browser import browser, ratio_row
from .server import APP, empty_app, free_port, start, stop

PAIRS = 7
LIMIT = 1.5

# Whether every text is on the page, the insides of components (shadow roots) included.
SHOWN = """
(texts) => {
  const roots = [document.body, ...[...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean)];
  const words = roots.map((root) => root.textContent).join(" ");
  return texts.every((text) => words.includes(text));
}
"""


def paint_ms(opened: Any, url: str, shows: list[str]) -> float:
    """Milliseconds from asking for the page to every text of `shows` being on the screen, in a fresh browser profile."""
    context = opened.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    began = perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(SHOWN, arg=shows, timeout=60_000, polling=20)  # a locator looks again after 500 ms only
    took = 1000 * (perf_counter() - began)
    context.close()
    return took


# The last card's shape and count, and the total: all three come from the analysis of the network.
OURS = ["classes 10", "1,290 parameters", "225,034"]
THEIRS = ["pressed 0"]


def cold_ms(opened: Any, script: Path, shows: list[str]) -> float:
    """The first paint of a server that has only just answered its first health check."""
    with TemporaryDirectory(prefix="layerloom-") as home:
        port = free_port()
        process = start(script, port, Path(home) / "home")
        try:
            return paint_ms(opened, f"http://localhost:{port}", shows)
        finally:
            stop(process)


def run() -> list[dict[str, Any]]:
    """Rows `open` (a server that has served before) and `open after a start`."""
    with empty_app() as stock, browser() as opened, TemporaryDirectory(prefix="layerloom-") as folder:
        cold = [(cold_ms(opened, APP, OURS), cold_ms(opened, stock, THEIRS)) for _ in range(PAIRS)]
        ports = free_port(), free_port()
        servers = [start(script, port, Path(folder) / str(port)) for script, port in zip((APP, stock), ports, strict=True)]
        try:
            urls = [f"http://localhost:{port}" for port in ports]
            pairs = [(paint_ms(opened, urls[0], OURS), paint_ms(opened, urls[1], THEIRS)) for _ in range(PAIRS + 1)][1:]
        finally:
            for server in servers:
                stop(server)
    return [
        ratio_row("open", [a for a, _ in pairs], [b for _, b in pairs], LIMIT),
        ratio_row("open after a start", [a for a, _ in cold], [b for _, b in cold], LIMIT),
    ]
