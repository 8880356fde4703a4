"""Numbers, shapes, counts and sizes as text: one way to format each, on the screen, in messages and on the command line."""

from collections.abc import Iterable


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


def format_count(number: int, noun: str) -> str:
    """A count with its noun, in the plural where there are several: "1,290 parameters"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def format_bytes(number: float) -> str:
    """Bytes with a binary unit, as Keras prints them: "0.86 MiB"."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < (1024 if unit == "B" else 512) or unit == "GiB":
            break
        number /= 1024
    return f"{number:,.0f} {unit}" if unit == "B" else f"{number:,.2f} {unit}"
