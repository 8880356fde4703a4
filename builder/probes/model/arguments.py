"""Validation of operations' arguments: numbers held against their limits."""

from collections.abc import Mapping
from typing import Any

from builder.errors import BuilderError


def number(arguments: Mapping[str, Any], name: str, default: float | None, low: float, high: float) -> Any:
    """A validated argument, as the kind of number that its limits are; the default where it is not given.

    Raises:
        BuilderError: it is not a number, or outside the limits.
    """
    given = arguments.get(name)
    if given is None:
        return default
    try:
        value = type(low)(given)
    except (TypeError, ValueError, OverflowError):
        value = None
    if value is None or not low <= value <= high:
        raise BuilderError(f"The probe's {name}", f"a number from {low:,} to {high:,}", repr(given))
    return value
