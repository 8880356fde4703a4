"""Points on a plane, made from a formula: small problems with a shape that can be seen."""

from functools import cache
from typing import Any

import numpy as np

from .dataset import Arrays, Dataset

COUNT = 1000
SEED = 7


@cache
def moons() -> Arrays:
    """Two half circles that reach into each other."""
    from sklearn.datasets import make_moons

    return _points(*make_moons(COUNT, noise=0.15, random_state=SEED))


@cache
def circles() -> Arrays:
    """A ring inside a ring."""
    from sklearn.datasets import make_circles

    return _points(*make_circles(COUNT, noise=0.08, factor=0.5, random_state=SEED))


@cache
def spirals() -> Arrays:
    """Two arms, half a turn apart: radius t, angle 3.5 π t, t from 0.05 to 1."""
    random = np.random.default_rng(SEED)
    y = np.arange(COUNT) % 2
    t = 0.05 + 0.95 * random.random(COUNT)
    angle = 3.5 * np.pi * t + np.pi * y
    x = np.stack([t * np.cos(angle), t * np.sin(angle)], axis=1)
    return _points(x + random.normal(scale=0.02, size=x.shape), y)


def _points(x: np.ndarray, y: np.ndarray) -> Arrays:
    return Arrays(x.astype("float32"), y.astype("int64"))


def _toy(name: str, title: str, summary: str, **given: Any) -> Dataset:
    """The record of one of them."""
    usual = {"source": "made by scikit-learn", "network": "points_mlp", "epochs": 60}
    shape = {"kind": "points", "input_shape": (2,), "count": COUNT, "features": ("x", "y")}
    return Dataset(name=name, title=title, summary=summary, **{**shape, **usual, **given})


TOYS = (
    _toy(
        "moons",
        "Two moons",
        "1,000 points on two half circles that reach into each other.",
        classes=("upper", "lower"),
        low=-1.3,
        high=2.3,
        load=moons,
    ),
    _toy(
        "circles",
        "Ring in a ring",
        "1,000 points on two circles around one centre: no straight line parts them.",
        classes=("outer", "inner"),
        low=-1.2,
        high=1.2,
        load=circles,
    ),
    _toy(
        "spirals",
        "Two spirals",
        "1,000 points on two arms that wind around each other: a shallow network fails, a deeper one does it.",
        source="made from a formula",
        classes=("arm 1", "arm 2"),
        low=-1.0,
        high=1.1,
        network="spirals_mlp",
        learning_rate=0.01,
        epochs=100,
        load=spirals,
    ),
)
