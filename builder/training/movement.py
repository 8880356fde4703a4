"""Movement of weights between two frames of a live view: how far each layer has come, ‖Δw‖ / ‖w‖, and how fast a step at least."""

import numpy as np

from .pictures.scene import Scene
from .update_ratio import MOST_WEIGHTS, length

MOST = MOST_WEIGHTS / 10  # numbers that are copied for every frame


class Movement:
    """What is remembered of the weights of a model in training.

    Attributes:
        pace: by node, the mean update ratio of a step, at least: the way between two frames is no longer than the steps' together.
            Of the last two ways the slower one, so that one that begins at 0 is not taken for one that explodes.
    """

    def __init__(self, shown: Scene) -> None:
        self.shown = shown
        self.before: dict[str, list[np.ndarray]] = {}  # the weights of each node, as they were at `step`
        self.step = 0
        self.ways: dict[str, float] = {}
        self.paces: dict[str, float] = {}
        self.pace: dict[str, float] = {}

    def moved(self, step: int) -> dict[str, float]:
        """How far each node's weights have moved since the frame before, in parts of their size; none at the first frame."""
        if self.shown.model.count_params() > MOST:
            return {}
        if self.before and step == self.step:  # nothing was learned in between: another sample was asked for
            return self.ways
        layers = {node: self.shown.model.get_layer(layer).trainable_weights for node, layer in self.shown.names.items()}
        now = {node: [each.numpy().copy() for each in weights] for node, weights in layers.items() if weights}
        before, self.before = self.before, now
        gaps = {node: [after - each for after, each in zip(now[node], weights, strict=True)] for node, weights in before.items()}
        ratios = {node: length(gap) / max(length(before[node]), 1e-12) for node, gap in gaps.items()}
        self.ways = {node: ratio for node, ratio in ratios.items() if np.isfinite(ratio)}
        last, self.paces = self.paces, {node: ratio / max(step - self.step, 1) for node, ratio in self.ways.items()}
        self.pace = {node: min(pace, last.get(node, 0.0)) for node, pace in self.paces.items()}
        self.step = step
        return self.ways
