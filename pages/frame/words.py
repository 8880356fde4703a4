"""Figures and people's own words as text: thousands separated, units named, Markdown switched off."""

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^=\"'])")


def plain(text: str) -> str:
    """A person's own words for a place that reads Markdown: every sign stands for itself, in one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def count(number: int, noun: str) -> str:
    """`count(1290, "parameter")` is "1,290 parameters"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size(number: float) -> str:
    """Bytes with a binary unit, as Keras prints them: "0.86 MiB"."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < (1024 if unit == "B" else 512) or unit == "GiB":
            break
        number /= 1024
    return f"{number:,.0f} {unit}" if unit == "B" else f"{number:,.2f} {unit}"


def span(seconds: float) -> str:
    """A length of time in its two largest units: "1 min 5 s"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
