"""The two photographs that ship with scikit-learn, for what looks at pictures without a run."""

from typing import Any

import numpy as np

from builder.errors import BuilderError
from builder.probes.record import Found


def photograph(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """One of the photographs, `name` "temple" or "flower": array `picture` (height, width, 3), whole numbers from 0 to 255."""
    from builder.datasets.synthetic_images import photographs

    name, known = arguments.get("name"), photographs()
    if name not in known:
        raise BuilderError("The photograph", f"one of {', '.join(known)}", repr(name))
    return {"name": name}, {"picture": np.round(known[name] * 255).astype("uint8")}
