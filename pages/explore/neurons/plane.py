"""What drawings over a plane of two features are told: its classes, axes and colours."""

from typing import Any

from builder.datasets import Dataset
from builder.figures import palette


def plane_words(dataset: Dataset) -> dict[str, Any]:
    """Names and colours of a plane of this dataset."""
    return {
        "classes": list(dataset.classes),
        "features": list(dataset.features) or ["x", "y"],
        "inks": {"light": palette.CLASSES, "dark": palette.CLASSES_DARK},
    }
