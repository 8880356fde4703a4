"""What an AppTest of a page shows: one element by its label, all of its HTML, all that it says."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

Opened = Callable[..., AppTest]


def labelled(elements: Any, label: str) -> Any:
    """The one element of this label."""
    found = [element for element in elements if element.label.startswith(label)]
    assert len(found) == 1, [element.label for element in elements]
    return found[0]


def html(page: AppTest) -> str:
    """Everything that the page writes as HTML."""
    return "\n".join(element.proto.body for element in page.get("html"))


def texts(page: AppTest) -> str:
    """Everything that the page says."""
    kinds = (page.markdown, page.caption, page.error, page.warning, page.info, page.code)
    return "\n".join(str(element.value) for kind in kinds for element in kind)
