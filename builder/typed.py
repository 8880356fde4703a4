"""Numbers as people type them (parsing): read in the ways that have one meaning, refused in a sentence otherwise, never changed.

| typed | read as |
| --- | --- |
| `0.001`, `0,001`, `1e-3`, `1,5e-3` | a decimal point or a decimal comma |
| `1 000`, `1'000`, `1,000,000`, `1.234,5` | signs between thousands |
| `1,568` | 1568 where a whole number is wanted; refused elsewhere, for it may be 1.568 |
| `1.568`, `3.7` | refused where a whole number is wanted |

`assets/draw/typed.js` reads alike; `tests/js/typed.test.js` holds the two together.
"""

import math
import re
import unicodedata

from builder.errors import BuilderError

LONGEST = 60  # signs of a number
HINT = "Write it as 1000, 0.001 or 1e-3."
MINUS = str.maketrans({"−": "-", "–": "-", "’": "'"})
PIECES = re.compile(r"[;×]|(?<=[\d\s)])x(?=[\d\s(])|,(?=\s|$)")  # between the numbers of a list that leave commas free
GROUPED = ((",", ".", r"\d{1,3}(?:,\d{3})+(?:\.\d*)?"), (".", ",", r"\d{1,3}(?:\.\d{3})+(?:,\d*)?"))
Number = int | float


def read_number(text: str, where: str, *, whole: bool = False, needed: str = "") -> Number | None:
    """The number in a person's text, None in an empty one.

    Args:
        where: the field, as the person knows it.
        whole: whether only whole numbers will do; they come back as int.
        needed: what the field takes, as the end of "needs ...".

    Raises:
        BuilderError: it is no number, or may be two different ones.
    """
    plain = unicodedata.normalize("NFKC", text).translate(MINUS).strip()
    if not plain:
        return None
    needed = needed or ("a whole number" if whole else "a number")
    found = re.fullmatch(r"([+-]?)([\d .,'_]*\d[\d.,]*)(e[+-]?\d{1,4})?", plain, re.IGNORECASE | re.ASCII)
    digits = _digits(found[2], whole) if found and len(plain) <= LONGEST else None
    if found is None or digits is None:
        raise BuilderError(where, needed, f"“{text.strip()[:LONGEST]}”", _hint(plain, whole))
    exact = f"{found[1]}{digits}{found[3] or ''}"
    value = float(exact)
    if not math.isfinite(value):
        raise BuilderError(where, needed, f"“{text.strip()}”", "It is too large.")
    if not whole:
        return value
    if not value.is_integer():
        raise BuilderError(where, needed, f"“{text.strip()}”", _hint(plain, whole))
    return int(exact) if re.fullmatch(r"[+-]?\d+", exact) else int(value)


def _digits(text: str, whole: bool) -> str | None:
    """Digits with at most one decimal point; None where it cannot be told what the signs among them mean."""
    if re.search(r"[ '_]", text):
        if not re.fullmatch(r"\d{1,3}(?:([ '_])\d{3})(?:\1\d{3})*(?:[.,]\d*)?", text):
            return None
        return re.sub(r"[ '_]", "", text).replace(",", ".")
    commas, points = text.count(","), text.count(".")
    if commas > 1 or points > 1 or (commas and points):
        return _grouped(text)
    if commas and re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
        return text.replace(",", "") if whole else None
    if whole and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
        return None
    return text.replace(",", ".")


def _grouped(text: str) -> str | None:
    """Digits whose thousands are parted by commas or points, with the other sign before the decimals."""
    for group, decimal, pattern in GROUPED:
        if re.fullmatch(pattern, text):
            return text.replace(group, "").replace(decimal, ".")
    return None


def _hint(plain: str, whole: bool) -> str:
    """What to write instead: both readings of a number that has two."""
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", plain):
        thousands = re.sub(r"[.,]", "", plain)
        return f"Write {thousands} if that is meant." if whole else f"Write {thousands} or {plain.replace(',', '.')}, whichever is meant."
    return "Write it without decimals." if whole and re.fullmatch(r"[+-]?[\d.,]+", plain) else HINT


def read_numbers(text: str, where: str, *, whole: bool = False) -> list[Number | None] | None:
    """The numbers in a person's list, `28, 28, 1` or `28 x 28`; None in an empty one. "any" stands for a size that is not fixed.

    Raises:
        BuilderError: a piece of it is no number, or its commas may stand for decimals.
    """
    inside = unicodedata.normalize("NFKC", text).strip().strip("()[] ")
    if not inside:
        return None
    needed = f"{'whole ' if whole else ''}numbers with commas between them, such as {'28, 28, 1' if whole else '0.1, 0.2'}"
    refusal = BuilderError(where, needed, f"“{text.strip()[:LONGEST]}”", "" if whole else "Write decimals with a point.")
    words = _words(inside, whole)
    try:
        return [None if word.lower() in ("any", "none") else _piece(word, where, whole, len(words) == 1) for word in words]
    except BuilderError as error:
        raise refusal from error


def _words(text: str, whole: bool) -> list[str]:
    """The pieces of a list: between signs that no number has, else between commas, else between spaces."""
    marked = PIECES.split(text)
    if len(marked) == 1:
        between_commas = text.split(",")
        apart = whole or all("." in word for word in between_commas)  # no comma of these stands for a decimal point
        marked = between_commas if apart and len(between_commas) > 1 else text.split()
    return [word.strip() for word in marked if word.strip()]


def _piece(word: str, where: str, whole: bool, alone: bool) -> Number:
    """One number of a list, without signs between thousands; a comma in one that stands alone may part two numbers."""
    plain = word.translate(MINUS)
    value = None
    if re.fullmatch(r"[+-]?(?!0\d)\d*[.,]?\d*(e[+-]?\d+)?", plain, re.IGNORECASE | re.ASCII) and not (alone and "," in plain):
        value = read_number(plain.replace(",", "."), where, whole=whole)
    if value is None:
        raise BuilderError(where, "a number", f"“{word}”")
    return value


def written(value: Number | None, digits: int | None = None) -> str:
    """A number as a field shows it, so that it reads back as itself; `digits` rounds it for the eye."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = f"{value:.{digits}g}" if digits else repr(float(value))
    return text.removesuffix(".0")
