"""From one sequence to another: the decoder sees the target one step late while it learns."""

import numpy as np

from .record import Recipe

RECIPE = Recipe(
    name="sequence_to_sequence",
    title="Sequence to sequence",
    summary="An encoder reads the input, a decoder writes the target step by step, seeing the true steps before (teacher forcing).",
    tasks=("classification",),
    forced=True,
)


def one_step_late(y: np.ndarray, start: int) -> np.ndarray:
    """The target as the decoder sees it: (samples, steps), a start token first and the last token left out."""
    return np.concatenate([np.full((len(y), 1), start, y.dtype), y[:, :-1]], axis=1)
