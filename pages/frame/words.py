"""Text of the pages: Markdown escaping of people's own words, headings, and days by the person's clock."""

import re
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

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


def local_time(seconds: float) -> datetime:
    """Seconds since 1970 as the person's clock has them, the server's where the browser does not say."""
    try:
        return datetime.fromtimestamp(seconds, ZoneInfo(st.context.timezone or ""))
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.fromtimestamp(seconds).astimezone()
