"""Whole numbers from an address or a query, within limits: what a person typed there is never trusted."""

from typing import Any, TypeVar

LARGEST = 10**9  # fits 32 bits, and is above every index, epoch and sample there is
Default = TypeVar("Default")


def whole_number(value: Any, default: Default, low: int = 0, high: int = LARGEST) -> int | Default:
    """An integer parsed from text, clamped to its limits; `default` where it is none ("²", "x", "", or more digits than Python reads)."""
    try:
        return min(max(int(value), low), high)
    except (TypeError, ValueError, OverflowError):
        return default
