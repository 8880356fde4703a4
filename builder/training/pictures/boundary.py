"""Decision boundary: the class probabilities that the network outputs on a grid over the plane of the points."""

import numpy as np

from .classes import chances, rates_classes
from .record import Found, Kind
from .scene import Scene

SIDE = 48  # places along each axis
MOST_UNSEEN, MOST_SEEN = 80, 160  # points
MARGIN = 0.12  # of the points' range, left free at each side


def fits(shown: Scene) -> bool:
    """Two numbers in, a class out."""
    return rates_classes(shown) and shown.dataset.input_shape == (2,)


def choose(shown: Scene) -> Found:
    """`points` (samples, 2) with class numbers `y`, the first `unseen` of them from the validation part; `bounds` [axis, low and high]."""
    unseen, seen = (part.take(np.arange(min(len(part), most))) for part, most in ((shown.raw, MOST_UNSEEN), (shown.train, MOST_SEEN)))
    points = np.concatenate([unseen.x, seen.x])
    return {"points": points, "y": np.concatenate([unseen.y, seen.y]), "unseen": np.array(len(unseen)), "bounds": around(points)}


def around(points: np.ndarray) -> np.ndarray:
    """The part of the plane that points (samples, 2) lie in, with a margin: [axis, low and high]."""
    low, high = points.min(axis=0), points.max(axis=0)
    free = MARGIN * np.where(high > low, high - low, 1)
    return np.stack([low - free, high + free], axis=1).astype("float32")


def take(shown: Scene, fixed: Found) -> Found:
    """`map` (row, column, classes), rows from the top; for two classes the second one's probability alone. `answers` (points,)."""
    grid = places(fixed["bounds"])
    rated = chances(shown, shown.output({"x0": shown.plan.steps.apply(np.concatenate([grid, fixed["points"]]))}))
    plane = rated[: len(grid)].reshape(SIDE, SIDE, -1)
    return {"map": plane[:, :, 1:] if plane.shape[-1] == 2 else plane, "answers": rated[len(grid) :].argmax(axis=1)}


def places(bounds: np.ndarray, side: int = SIDE) -> np.ndarray:
    """Grid points: the middle of each cell, (cells, [x, y]), row by row from the top."""
    middle = (np.arange(side) + 0.5) / side
    across, up = (low + middle * (high - low) for low, high in bounds)
    return np.stack(np.meshgrid(across, up[::-1]), axis=-1).reshape(-1, 2).astype("float32")


KIND = Kind(name="boundary", title="Decision boundary", fits=fits, choose=choose, take=take)
