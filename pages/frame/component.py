"""Custom components of Streamlit (components.v2): a module of assets that draws, its markup and its styles."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"
# Inline scripts run from a blob: address, where only whole addresses resolve; Streamlit takes a script of several lines as inline.
SCRIPT = """
const module = import(new URL("/assets/MODULE.js", document.baseURI).href);
export default function (component) {
  module.then(({ draw }) => draw(component));
  return () => module.then(({ leave }) => leave(component.parentElement));
}
"""


def component(
    name: str, module: str = "", *, html: str = "<div></div>", css: Sequence[str] = (), isolate: bool = True, script: str = SCRIPT
) -> Any:
    """A component that assets/MODULE.js draws and leaves.

    Args:
        css: its styles, files in assets.
        script: another one, for what draws nothing.
        isolate: whether it has a shadow root; Plotly keeps its styles in the document's head, where a shadow root does not see them.
    """
    styles = "\n".join((ASSETS / path).read_text() for path in css) or None
    return st.components.v2.component(
        f"layerloom_{name}", html=f"{html}\n", css=styles, js=script.replace("MODULE", module), isolate_styles=isolate
    )
