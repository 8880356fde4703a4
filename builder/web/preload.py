"""Preload `Link` headers (modulepreload): the browser fetches what a page needs next while Streamlit's own program still loads."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from .assets import FOLDER


class Needs(NamedTuple):
    """The modules in assets/ that a page begins with, and the other addresses that these ask for, each with what it is."""

    modules: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()


PAGES = {
    "/": Needs(("canvas/canvas.js",), (("/assets/canvas/canvas.css", "fetch; crossorigin"), ("/api/catalogue", "fetch; crossorigin"))),
    "/train": Needs(("train/live.js", "train/picture.js"), (("/assets/plotly.min.js", "script"),)),
    "/explore": Needs(
        ("explore/layers/overview.js",), (("/assets/explore/layers/overview.css", "style"), ("/assets/explore/layers/lens.css", "style"))
    ),
}
FRAME = ("frame/frame.js", "frame/address.js")
IMPORT = re.compile(r'^import [^"]*"(\.[^"]+)";', re.MULTILINE)
# Streamlit's part for components, which it would only ask for once the page has named one; the names carry a hash.
STREAMLIT_PARTS = ("BidiComponent.*.js", "recordbatch.*.js", "PageLink.*.js")


@cache
def link(page: str) -> str:
    """A `Link` header for the page at this path: its modules, all that they import, and what they ask for.

    They come after Streamlit's own program (fetchpriority=low), which has to run before any of them is needed.
    """
    needs = PAGES.get(page.rstrip("/") or "/", Needs())
    streamlit = find_spec("streamlit")
    parts = Path(streamlit.origin or "").parent / "static" / "static" / "js" if streamlit else FOLDER
    scripts = [f"/assets/{name}" for name in imported(*FRAME, *needs.modules)]
    scripts += [f"/static/js/{path.name}" for part in STREAMLIT_PARTS for path in parts.glob(part)]
    told = [f"<{script}>; rel=modulepreload; fetchpriority=low" for script in scripts]
    return ", ".join([*told, *(f"<{address}>; rel=preload; as={kind}" for address, kind in needs.others)])


def imported(*modules: str) -> list[str]:
    """Modules by their paths in assets/, and those that they import, each once."""
    found: dict[str, None] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found[name] = None
        path = FOLDER / name
        waiting += [str((path.parent / other).resolve().relative_to(FOLDER)) for other in IMPORT.findall(path.read_text())]
    return list(found)
