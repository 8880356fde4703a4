"""Live predictions: a handful of samples that training never learns from, each with the class that the network gives it."""

import numpy as np

from builder.probes.input.previews import small

from .record import Found, Kind
from .scene import Scene

MOST = 24
MOST_SENTENCES = 12


def fits(shown: Scene) -> bool:
    """One class for each sample, and not points of a plane, which have a picture of their own."""
    return rates_classes(shown) and shown.dataset.input_shape != (2,)


def rates_classes(shown: Scene) -> bool:
    """Whether the output is one row that rates the dataset's classes."""
    units, classes = shown.model.outputs[0].shape[-1], len(shown.dataset.classes)
    one_row = shown.supervised and shown.output_axes == 1 and not shown.dataset.per_step
    return one_row and shown.dataset.task == "classification" and (units == classes or (units == 1 and classes == 2))


def choose(shown: Scene) -> Found:
    """`x0`, class numbers `y`, and `raw`: what a person sees of the sample, pictures small and in 256 steps."""
    known = shown.dataset
    inputs = shown.chosen(MOST_SENTENCES if known.kind == "tokens" else MOST)
    raw = shown.raw.x[: len(inputs["x0"])]
    return {**inputs, "raw": small(raw, known.low, known.high) if known.kind == "image" else raw, "y": shown.raw.y[: len(raw)]}


def take(shown: Scene, fixed: Found) -> Found:
    """`probabilities` (samples, classes)."""
    return {"probabilities": chances(shown, shown.output(fixed))}


def chances(shown: Scene, output: np.ndarray) -> np.ndarray:
    """Softmax or sigmoid of logits, probabilities as they are: (..., classes) of an output (..., units); one unit is the second of two classes."""
    from builder.catalogue import LAYERS
    from builder.recipes import last_activation

    raw = last_activation(shown.network, LAYERS).function == "linear"
    if output.shape[-1] == 1:
        second = 1 / (1 + np.exp(-output)) if raw else output
        return np.concatenate([1 - second, second], axis=-1)
    if not raw:
        return output
    powers = np.exp(output - output.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


KIND = Kind(name="classes", title="Live predictions", fits=fits, choose=choose, take=take, inner=("x0",))
