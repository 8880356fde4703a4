"""What the first page needs next, told with it: the browser asks for these while Streamlit's own program still loads."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from .assets import FOLDER

# Streamlit's part for components, which it would only ask for once the page has named one; the names carry a hash.
STREAMLIT_PARTS = ("BidiComponent.*.js", "recordbatch.*.js", "PageLink.*.js")


@cache
def link() -> str:
    """A `Link` header: our modules, and what they fetch."""
    scripts = [f"/assets/canvas/{path.name}" for path in sorted((FOLDER / "canvas").glob("*.js"))]
    streamlit = find_spec("streamlit")
    parts = Path(streamlit.origin or "").parent / "static" / "static" / "js" if streamlit else FOLDER
    theirs = [f"/static/js/{path.name}" for part in STREAMLIT_PARTS for path in parts.glob(part)]
    modules = [f"<{address}>; rel=modulepreload" for address in ["/assets/frame.js", *scripts, *theirs]]
    fetched = [f"<{address}>; rel=preload; as=fetch; crossorigin" for address in ("/assets/canvas/canvas.css", "/api/catalogue")]
    return ", ".join([*modules, *fetched])
