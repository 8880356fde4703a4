"""A run's model in memory before the first question about it."""

from typing import Any

from .loaded import loaded
from .record import Found


def load(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Load the model of `run`, with the weights of `epoch` or the last ones; the epoch that it has."""
    return {"epoch": loaded(arguments["run"], arguments.get("epoch")).epoch}, {}
