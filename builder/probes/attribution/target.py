"""Attribution target: one logit of the network, the score before softmax, as it depends on each number of one input.

A score is a logit: the probability itself is flat where the network is sure. Where the input is tokens, which have no
slope, the embedding's output takes its place.
"""

from dataclasses import dataclass

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.batches import at_once
from builder.probes.model.loaded import Loaded
from builder.probes.model.samples import Sample
from builder.probes.model.scoring import embedded, function


@dataclass(frozen=True)
class Target:
    """Attribution target: one score for one input.

    Attributes:
        x: (1, ...) as the network takes it.
        point: where attributions live, (...) as the input, or (steps, features) as the embedding of tokens.
        scores: the network's output before softmax or sigmoid.
        index: of the score, in the flat output; `sign` is -1 where one unit stands for the second of two classes and the first is asked.
        target: the class or unit, a place along the last axis.
        more: (1, ...) what further inputs take, a decoder's; they are not explained.
    """

    x: np.ndarray
    point: np.ndarray
    scores: np.ndarray
    index: int
    sign: float
    target: int
    more: tuple[np.ndarray, ...] = ()

    @property
    def score(self) -> float:
        """The score that is attributed."""
        return self.sign * float(self.scores.reshape(-1)[self.index])


def target_of(run: Loaded, one: Sample, target: int | None = None, step: int | None = None) -> Target:
    """The attribution target: a class's or unit's score for a sample; None: of the one that the network rates highest.

    Args:
        target: the class, or the unit of the last layer.
        step: of a network with an output at each step; None: the last.

    Raises:
        BuilderError: there is no such target or step, or more than one input.
    """
    points = embedded(run, one.x)
    scores = np.asarray(function(run, "scores")(one.x, points, *one.more))[0]
    index, sign, target = chosen(scores, len(one.dataset.classes), target, step)
    return Target(one.x, points[0], scores, index, sign, target, one.more)


def chosen(scores: np.ndarray, classes: int, target: int | None, step: int | None = None) -> tuple[int, float, int]:
    """(place in the flat output, sign, target) of a score; `scores` is (units,), (steps, units) or of any other shape."""
    if scores.size == 1 and classes == 2:
        target = int(scores.item() > 0) if target is None else target
        _within("The class", target, 2)
        return 0, 1.0 if target else -1.0, target
    if scores.ndim == 2:
        steps, units = scores.shape
        step = steps - 1 if step is None else step
        _within("The step", step, steps)
    else:
        step, units = 0, scores.size
    row = scores.reshape(-1)[step * units : (step + 1) * units]
    target = int(np.argmax(row)) if target is None else target
    _within("The target", target, units)
    return step * units + target, 1.0, target


def _within(what: str, value: int, count: int) -> None:
    if not 0 <= value < count:
        raise BuilderError(what, f"a number from 0 to {count - 1:,}", f"{value:,}")


def slopes(run: Loaded, asked: Target, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradients: the asked score at each point (points, ...) and its gradient there: (points,) and (points, ...)."""
    found = []
    for some in pieces(points, at_once(run, asked.x)):
        x, *more = _beside(asked, len(some))
        found.append(function(run, "slopes")(x, some, asked.index, asked.sign, *more))
    scores, gradients = (np.concatenate([np.asarray(each) for each in side]) for side in zip(*found, strict=True))
    return scores, gradients


def scores_at(run: Loaded, asked: Target, points: np.ndarray) -> np.ndarray:
    """Forward pass: the asked score at each point, (points,)."""
    found = []
    for some in pieces(points, at_once(run, asked.x)):
        x, *more = _beside(asked, len(some))
        found.append(np.asarray(function(run, "scores")(x, some, *more)))
    rows = np.concatenate([each.reshape(len(each), -1) for each in found])
    return asked.sign * rows[:, asked.index]


def pieces(points: np.ndarray, size: int) -> list[np.ndarray]:
    """Batches of at most `size` of the points (points, ...)."""
    return [points[start : start + size] for start in range(0, len(points), size)]


def _beside(asked: Target, count: int) -> list[np.ndarray]:
    """Every input of the network, repeated as often as there are points."""
    return [np.repeat(each, count, axis=0) for each in (asked.x, *asked.more)]


def over_places(attribution: np.ndarray, tokens: bool, how: str = "sum") -> np.ndarray:
    """For tokens one number a step, (steps, features) -> (steps,): the sum, which keeps the total, or the length."""
    if not tokens:
        return attribution
    return attribution.sum(-1) if how == "sum" else np.linalg.norm(attribution, axis=-1)
