"""Streamlit custom components (v2): each mounts one of our own JavaScript modules with its style sheets."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"
# An inline script of several lines runs from a blob: address, where only whole addresses resolve.
SCRIPT = """
const drawn = import(new URL("/assets/MODULE.js", document.baseURI).href);
export default function (component) {
  drawn.then((module) => module.draw(component));
  return () => drawn.then((module) => module.leave(component.parentElement));
}
"""


@cache
def component(module: str, root: str = "<div></div>", css: tuple[str, ...] = (), isolate_styles: bool = True) -> Any:
    """The component that assets/MODULE.js draws, by its functions `draw(component)` and `leave(parentElement)`.

    Args:
        root: the HTML that it begins with.
        css: style sheets by their paths below assets/.
        isolate_styles: whether it lies in a shadow root, where styles in the document's head do not reach it.
    """
    return st.components.v2.component(
        f"layerloom_{module.replace('/', '_')}",
        html=f"{root}\n",
        css="\n".join((ASSETS / path).read_text() for path in css) or None,
        js=SCRIPT.replace("MODULE", module),
        isolate_styles=isolate_styles,
    )
