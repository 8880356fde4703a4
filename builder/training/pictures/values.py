"""Regression: predictions against targets."""

from .record import Found, Kind
from .scene import Scene

MOST = 96


def fits(shown: Scene) -> bool:
    """A row of numbers for each sample."""
    return shown.supervised and shown.dataset.task == "regression" and shown.output_axes == 1


def choose(shown: Scene) -> Found:
    """`x0` and the truth `y` (samples, targets)."""
    inputs = shown.chosen(MOST)
    return {**inputs, "y": shown.y[: len(inputs["x0"])]}


def take(shown: Scene, fixed: Found) -> Found:
    """`predictions` (samples, targets)."""
    return {"predictions": shown.output(fixed)}


KIND = Kind(name="values", title="Prediction and truth", fits=fits, choose=choose, take=take, inner=("x0",))
