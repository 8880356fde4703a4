"""Numbers, shapes, counts and sizes as text: one way to format each, on the screen, in messages and on the command line."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def true_minus(text: str) -> str:
    """A formatted number with the minus sign (U+2212), which is as wide as a plus, for each hyphen."""
    return text.replace("-", "−")


def format_number(value: float | None) -> str:
    """Three significant digits: "−0.0123"; "none" where there is no number."""
    return "none" if value is None else true_minus(f"{value:.3g}")


def format_exact(value: float) -> str:
    """A setting or a figure of arithmetic: a whole number with thousands separators, "−1,290", any other as short as it goes, "1e−07"."""
    return true_minus(f"{value:,}" if isinstance(value, int) else f"{value:g}")


def format_shape(lengths: Iterable[int | None] | None, open_axis: str = "any") -> str:
    """A shape, the lengths of an array's axes: "26 × 26 × 32"; "?" for one that is not known."""
    return "?" if lengths is None else " × ".join(open_axis if length is None else f"{length:,}" for length in lengths)


def plural(noun: str) -> str:
    """A regular noun in the plural: "classes", "axes", "categories", "steps"."""
    if noun.endswith(("sis", "xis")):
        return f"{noun[:-2]}es"
    if noun.endswith(("s", "x", "sh", "nch", "tch")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if re.search("[^aeiou]y$", noun) else f"{noun}s"


def format_count(number: int, noun: str) -> str:
    """A count with its noun, in the plural unless it is one: "1 class", "1,290 parameters"."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def told_apart(labels: Mapping[Key, str], *details: Mapping[Key, str]) -> dict[Key, str]:
    """Labels of a list that all differ: those that are alike get a detail each, and where none tells them apart, a number."""
    found = dict(labels)
    for detail in details:
        twice = _repeated(found.values())
        found = {key: f"{label}, {detail[key]}" if label in twice and detail.get(key) else label for key, label in found.items()}
    twice, seen = _repeated(found.values()), Counter[str]()
    for key, label in found.items():
        seen[label] += 1
        if label in twice and seen[label] > 1:
            found[key] = f"{label} ({seen[label]})"
    return found


def _repeated(labels: Iterable[str]) -> set[str]:
    """Labels that are there more than once."""
    return {label for label, times in Counter(labels).items() if times > 1}


def format_bytes(number: float) -> str:
    """Bytes with a binary unit, as Keras prints them: "0.86 MiB"."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < (1024 if unit == "B" else 512) or unit == "GiB":
            break
        number /= 1024
    return f"{number:,.0f} {unit}" if unit == "B" else f"{number:,.2f} {unit}"
