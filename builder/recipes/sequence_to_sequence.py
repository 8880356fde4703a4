"""Sequence to sequence with teacher forcing: while it learns, the decoder sees the target one step late."""

from dataclasses import replace

from .record import Array, Learned, Proposal, Written
from .supervised import SUPERVISED, written_target


def input_and_late_target(x: Array, y: Array | None, dataset: Learned) -> tuple[Array, ...]:
    """The encoder's input, and for the decoder the target one step late."""
    return (x,) if y is None else (x, one_step_late(y, len(dataset.classes)))


def one_step_late(y: Array, start: int) -> Array:
    """Teacher forcing (right shift): the target as the decoder sees it, (samples, steps), a start token first and the last token left out."""
    import numpy as np

    return np.concatenate([np.full((len(y), 1), start, y.dtype), y[:, :-1]], axis=1)


def written_late(dataset: Learned, proposal: Proposal) -> Written:
    """The input and the target one step late, as Python."""
    late = f"one_step_late(y, {len(dataset.classes)})"
    return written_target(dataset, proposal)._replace(inputs=("x", late), needs=(one_step_late,))


SEQUENCE_TO_SEQUENCE = replace(
    SUPERVISED,
    name="sequence_to_sequence",
    title="Sequence to sequence",
    summary="An encoder reads the input, a decoder writes the target step by step, seeing the true steps before (teacher forcing).",
    tasks=("classification",),
    inputs=input_and_late_target,
    written=written_late,
    takes=("the input", "the target one step late"),
    writes=True,
)
RECIPES = (SEQUENCE_TO_SEQUENCE,)
