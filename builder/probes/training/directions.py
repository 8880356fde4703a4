"""Filter normalisation and principal directions of a loss landscape, and where a run's epochs lie along them (arXiv 1712.09913)."""

from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.loaded import Loaded
from builder.runs.run_folder import epochs, weights

MOST_EPOCHS = 30  # of the path
Way = list[np.ndarray]  # one array for each of the weights that move


def moving(run: Loaded) -> list[Any]:
    """The variables that move: kernels and tables; biases and the numbers of normalisation stay, as in the paper."""
    return [weight for weight in run.model.trainable_weights if len(weight.shape) > 1]


def random_way(centre: Way, seed: int) -> Way:
    """Filter normalisation: a random direction, each filter (last axis) as long as the weights' own."""
    random = np.random.default_rng(seed)
    return [_like(random.standard_normal(each.shape, "float32"), each) for each in centre]


def _like(way: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    axes = tuple(range(kernel.ndim - 1))
    lengths = [np.sqrt(np.square(each, dtype="float64").sum(axis=axes, keepdims=True)) for each in (kernel, way)]
    way *= (lengths[0] / np.maximum(lengths[1], 1e-12)).astype("float32")
    return way


def steps_from(run: Loaded, run_folder: Path | str, centre: Way) -> tuple[list[int], list[Way]]:
    """The optimisation path: the saved epochs, evenly thinned, and each one's weights less the centre's."""
    kept = epochs(run_folder)
    chosen = [kept[index] for index in np.unique(np.linspace(0, len(kept) - 1, min(len(kept), MOST_EPOCHS)).round().astype(int))]
    kept_as = {weight.path: f"{layer.name}/{index}" for layer in run.model.layers for index, weight in enumerate(layer.weights)}
    names = [kept_as[weight.path] for weight in moving(run)]
    found: list[Way] = []
    for epoch in chosen:
        arrays = weights(run_folder, epoch)
        found.append([arrays[name] - start for name, start in zip(names, centre, strict=True)])
    return chosen, found


def path_ways(steps: list[Way]) -> tuple[Way, Way]:
    """PCA of the optimisation path: its two principal directions, each as long as it reaches along it.

    Raises:
        BuilderError: the path has fewer than two directions.
    """
    products = np.array([[dot(one, other) for other in steps] for one in steps])
    values, vectors = np.linalg.eigh(products)
    if len(values) < 3 or values[-2] <= 1e-9 * values[-1] or values[-1] <= 0:
        raise BuilderError(
            "The path's own directions", "at least three epochs that differ", f"{len(steps)} kept", "Take random directions."
        )
    ways = []
    for place in (-1, -2):
        way = [np.einsum("s,s...->...", vectors[:, place], np.stack(each)) for each in zip(*steps, strict=True)]
        reach = max(abs(dot(way, step)) for step in steps) / values[place]  # the way's own length squared is the value
        ways.append([(each * reach).astype("float32") for each in way])
    return ways[0], ways[1]


def dot(one: Way, other: Way) -> float:
    """The inner product over all weights."""
    return float(sum(np.vdot(a.astype("float64"), b.astype("float64")) for a, b in zip(one, other, strict=True)))


def projected(steps: list[Way], first: Way, second: Way) -> tuple[np.ndarray, np.ndarray]:
    """Projection on both directions: each step's (a, b) by least squares, (steps, 2), and the share of its length that the plane holds."""
    gram = np.array([[dot(first, first), dot(first, second)], [dot(first, second), dot(second, second)]])
    sides = np.array([[dot(step, first), dot(step, second)] for step in steps])
    path = sides @ np.linalg.pinv(gram)
    lengths = np.array([dot(step, step) for step in steps])
    inside = np.einsum("si,ij,sj->s", path, gram, path)
    return path, np.sqrt(np.clip(inside / np.maximum(lengths, 1e-30), 0, 1)) * (lengths > 0)
