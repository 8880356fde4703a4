"""A probe asked by a test."""

import json
from pathlib import Path
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


def look(function: Any, place: Path, given: Arrays | None = None, **arguments: Any) -> tuple[dict[str, Any], Arrays]:
    """What a probe answers of a run's folder; its values are JSON."""
    answer, arrays = function({"run": str(place), **arguments}, given or {})
    json.dumps(answer, allow_nan=False)
    return answer, arrays
