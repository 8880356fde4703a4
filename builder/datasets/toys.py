"""Points on a plane, made from a formula: small problems with a shape that can be seen."""

from functools import cache

import numpy as np

from .record import Arrays, Dataset

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


TOYS = (
    Dataset(
        name="moons",
        title="Two moons",
        summary="1,000 points on two half circles that reach into each other.",
        source="made by scikit-learn",
        kind="points",
        input_shape=(2,),
        count=COUNT,
        low=-1.3,
        high=2.3,
        classes=("upper", "lower"),
        features=("x", "y"),
        network="points_mlp",
        epochs=60,
        load=moons,
    ),
    Dataset(
        name="circles",
        title="Ring in a ring",
        summary="1,000 points on two circles around one centre: no straight line parts them.",
        source="made by scikit-learn",
        kind="points",
        input_shape=(2,),
        count=COUNT,
        low=-1.2,
        high=1.2,
        classes=("outer", "inner"),
        features=("x", "y"),
        network="points_mlp",
        epochs=60,
        load=circles,
    ),
    Dataset(
        name="spirals",
        title="Two spirals",
        summary="1,000 points on two arms that wind around each other: a shallow network fails, a deeper one does it.",
        source="made from a formula",
        kind="points",
        input_shape=(2,),
        count=COUNT,
        low=-1.0,
        high=1.1,
        classes=("arm 1", "arm 2"),
        features=("x", "y"),
        network="points_mlp",
        learning_rate=0.01,
        epochs=200,
        load=spirals,
    ),
)
