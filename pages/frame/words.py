"""Markdown escaping of people's own words: every sign is escaped."""

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^=\"'])")


def plain(text: str) -> str:
    """A person's own words for a place that reads Markdown: every sign stands for itself, in one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
