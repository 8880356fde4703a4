"""Digits as a hand draws them: each form a list of strokes, each stroke points (x, y) from 0 to 1, y downwards."""

from collections.abc import Sequence

import numpy as np

Point = tuple[float, float]
Stroke = list[Point]


def arc(x: float, y: float, wide: float, high: float, begin: float, end: float) -> Stroke:
    """A part of an ellipse around (x, y), in degrees with the clock."""
    turn = np.radians(np.linspace(begin, end, 24))
    return [(float(x + wide * np.cos(t)), float(y + high * np.sin(t))) for t in turn]


def curve(*points: Point) -> Stroke:
    """A smooth line through points (Catmull and Rom)."""
    all_points = np.array([points[0], *points, points[-1]])
    made: Stroke = []
    for before, here, there, after in zip(all_points, all_points[1:], all_points[2:], all_points[3:], strict=False):
        for t in np.linspace(0, 1, 10, endpoint=False):
            step = (
                (there - before) * t + (2 * before - 5 * here + 4 * there - after) * t**2 + (3 * here - before - 3 * there + after) * t**3
            )
            made.append(tuple(here + step / 2))
    return [*made, points[-1]]


def loop(points: Sequence[Point]) -> list[Stroke]:
    """One stroke alone."""
    return [curve(*points)]


DIGITS: dict[int, list[list[Stroke]]] = {
    0: [
        loop([(0.5, 0.05), (0.3, 0.2), (0.24, 0.5), (0.32, 0.82), (0.5, 0.95), (0.68, 0.82), (0.75, 0.5), (0.68, 0.2), (0.5, 0.05)]),
        [arc(0.5, 0.5, 0.26, 0.44, -90, 270)],
    ],
    1: [[[(0.5, 0.05), (0.5, 0.95)]], [[(0.35, 0.25), (0.55, 0.05), (0.55, 0.95)]]],
    2: [
        [arc(0.5, 0.28, 0.27, 0.23, 180, 380) + [(0.22, 0.92), (0.8, 0.92)]],
        [curve((0.28, 0.2), (0.45, 0.05), (0.66, 0.15), (0.62, 0.4), (0.42, 0.7), (0.25, 0.92)) + [(0.75, 0.9)]],
    ],
    3: [
        [arc(0.45, 0.28, 0.25, 0.22, 200, 430) + arc(0.45, 0.7, 0.3, 0.24, -80, 160)],
        loop([(0.28, 0.1), (0.5, 0.04), (0.66, 0.15), (0.6, 0.36), (0.45, 0.46), (0.62, 0.55), (0.7, 0.75), (0.55, 0.93), (0.28, 0.9)]),
    ],
    4: [
        [[(0.55, 0.05), (0.25, 0.6), (0.8, 0.6)], [(0.62, 0.35), (0.58, 0.95)]],
        [[(0.6, 0.95), (0.6, 0.05), (0.2, 0.65), (0.85, 0.65)]],
    ],
    5: [
        [[(0.75, 0.08), (0.3, 0.08), (0.27, 0.45), *arc(0.45, 0.67, 0.28, 0.25, -130, 150)]],
        [
            curve((0.33, 0.08), (0.3, 0.42), (0.5, 0.38), (0.68, 0.52), (0.68, 0.78), (0.5, 0.94), (0.28, 0.88)),
            [(0.33, 0.08), (0.72, 0.07)],
        ],
    ],
    6: [
        loop(
            [(0.62, 0.04), (0.42, 0.25), (0.3, 0.55), (0.3, 0.8), (0.45, 0.95), (0.65, 0.9), (0.68, 0.72), (0.55, 0.6), (0.38, 0.68)]
            + [(0.32, 0.8)]
        ),
        loop([(0.55, 0.04), (0.38, 0.35), (0.33, 0.7), (0.42, 0.93), (0.6, 0.92), (0.66, 0.76), (0.52, 0.66), (0.36, 0.74)]),
    ],
    7: [[[(0.2, 0.08), (0.8, 0.08), (0.42, 0.95)]], [[(0.2, 0.08), (0.8, 0.08), (0.42, 0.95)], [(0.3, 0.5), (0.7, 0.5)]]],
    8: [
        loop(
            [(0.66, 0.16), (0.5, 0.05), (0.34, 0.16), (0.38, 0.34), (0.55, 0.5), (0.66, 0.7), (0.6, 0.9), (0.45, 0.95), (0.34, 0.85)]
            + [(0.4, 0.65), (0.58, 0.42), (0.66, 0.25), (0.62, 0.1)]
        ),
        loop(
            [(0.64, 0.12), (0.48, 0.05), (0.34, 0.2), (0.44, 0.42), (0.62, 0.6), (0.66, 0.8), (0.5, 0.95), (0.35, 0.82), (0.42, 0.6)]
            + [(0.6, 0.38), (0.66, 0.18)]
        ),
    ],
    9: [
        [arc(0.5, 0.3, 0.22, 0.23, 0, 360) + [(0.72, 0.3), (0.66, 0.95)]],
        [arc(0.5, 0.3, 0.22, 0.23, 0, 360) + [(0.72, 0.3), (0.72, 0.8), *arc(0.5, 0.78, 0.22, 0.17, 0, 140)]],
    ],
}
