"""Text of the pages: Markdown escaping of people's own words, and headings."""

import re
from html import escape

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^=\"'])")


def plain(text: str) -> str:
    """A person's own words for a place that reads Markdown: every sign stands for itself, in one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def heading(text: str) -> str:
    """A section's heading, as HTML."""
    return f'<h2 class="section">{escape(text)}</h2>'


def page_heading(text: str) -> str:
    """The page's one h1, as HTML: for who hears the page, where the bar above it says the same to the eye."""
    return f'<h1 class="spoken">{escape(text)}</h1>'
