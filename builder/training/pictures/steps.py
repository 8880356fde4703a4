"""Sequence labelling: the class that the network predicts at each step of a few sequences, right or wrong."""

import numpy as np

from .classes import chances
from .record import Found, Kind
from .scene import Scene

MOST = 8
MOST_STEPS = 512  # of all sequences together, but never less than one of them


def fits(shown: Scene) -> bool:
    """A row of class scores at each step."""
    units, classes = shown.model.outputs[0].shape[-1], len(shown.dataset.classes)
    return shown.supervised and shown.dataset.per_step and shown.output_axes == 2 and units == classes


def choose(shown: Scene) -> Found:
    """`x0`, a decoder's `x1`, the tokens `raw` (samples, steps) and the right classes `y` (samples, steps)."""
    inputs = shown.chosen(max(1, min(MOST, MOST_STEPS // shown.raw.y.shape[1])))
    count = len(inputs["x0"])
    return {**inputs, "raw": shown.raw.x[:count], "y": shown.raw.y[:count]}


def take(shown: Scene, fixed: Found) -> Found:
    """`answers` (samples, steps), and `chances` that the network gives to the right class."""
    rated = chances(shown, shown.output(fixed))
    right = np.take_along_axis(rated, fixed["y"][..., None].astype("int64"), axis=-1)[..., 0]
    return {"answers": rated.argmax(axis=-1), "chances": right}


KIND = Kind(name="steps", title="Right and wrong", fits=fits, choose=choose, take=take, inner=("x0", "x1"))
