"""Numbers, shapes and spans as text: one way to write each, on the screen, in messages and on the command line."""

from collections.abc import Sequence


def number(value: float | None, digits: int = 3) -> str:
    """Significant digits, with a minus that is as wide as a plus: "−0.0123"; "none" where there is no number."""
    return "none" if value is None else f"{value:.{digits}g}".replace("-", "−")


def shape(lengths: Sequence[int | None]) -> str:
    """The sizes of an array's axes: "26 × 26 × 32"; an axis of any length is "any"."""
    return " × ".join("any" if length is None else f"{length:,}" for length in lengths)
