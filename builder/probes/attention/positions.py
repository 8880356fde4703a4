"""Positional encodings, which tell attention the order: sinusoidal ones by their formula, and those that a network has learned."""

from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.probes.layers.filters import main_weights
from builder.probes.model.record import Found
from builder.runs.run_folder import epochs, network


def sinusoidal(steps: int, features: int, base: float = 10_000.0) -> np.ndarray:
    """Sinusoidal positional encoding: sin(t / base^(2i / features)) at feature 2i, cos at 2i + 1 (Vaswani et al. 2017, arXiv 1706.03762).

    Returns:
        (steps, features). With an even number of features the squared length of each row is features / 2, and the dot
        product of two rows depends on their distance alone.
    """
    feature = np.arange(features)
    angle = np.arange(steps)[:, None] / base ** ((feature - feature % 2) / features)
    return np.where(feature % 2 == 0, np.sin(angle), np.cos(angle))


def similarity(encodings: np.ndarray) -> np.ndarray:
    """Cosine similarity between the encodings of any two steps, (steps, steps); zeros where an encoding is zero."""
    lengths = np.linalg.norm(encodings, axis=1)
    products = lengths[:, None] * lengths
    return np.divide(encodings @ encodings.T, products, out=np.zeros_like(products), where=products > 0)


def by_distance(encodings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread of the dot products of steps that lie 0, 1, 2... apart, each (steps,); a spread of 0: only the distance counts."""
    products = encodings @ encodings.T
    diagonals = [np.diagonal(products, apart) for apart in range(len(encodings))]
    return np.array([each.mean() for each in diagonals]), np.array([each.std() for each in diagonals])


def positions(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Positional encodings of a run's layer at an epoch, or with `steps` and `features` the sinusoidal ones alone.

    Arguments: `run`, `epoch`, `layer` (None: its first), or `steps`, `features`.

    Returns:
        `kind` and `check` (how far the dot products are from a function of the distance); arrays `encodings`
        (steps, features), `similarity` (steps, steps), `by_distance` and `spread` (steps,).
    """
    found = _of_run(arguments) if "run" in arguments else None
    kind, layer, values = found or ("sinusoidal", "", sinusoidal(int(arguments["steps"]), int(arguments["features"])))
    mean, spread = by_distance(values)
    check = {"name": "Spread of the dot products at one distance", "value": float(spread.max())}
    arrays = {"encodings": values, "similarity": similarity(values), "by_distance": mean, "spread": spread}
    return {"kind": kind, "layer": layer, "check": check}, arrays


def _of_run(arguments: dict[str, Any]) -> tuple[str, str, np.ndarray]:
    """Kind, layer and encodings: learned from the epoch's file, sinusoidal from the shape that the layer has."""
    graph = network(arguments["run"])
    named = [node for node in graph.nodes if facts(node.layer).positional and arguments.get("layer") in (None, node.name)]
    if not named:
        raise BuilderError("Looking at positions", "a layer that adds positions", arguments.get("layer") or "a network without one")
    node = named[0]
    if node.params.get("kind", "learned") == "learned":
        saved = epochs(arguments["run"])
        return "learned", node.name, main_weights(arguments["run"], arguments.get("epoch", saved[-1] if saved else None))[node.name]
    from builder.probes.model.loaded import loaded

    run = loaded(arguments["run"], arguments.get("epoch"))
    steps, features = run.output(node.name).shape[1:]
    return "sinusoidal", node.name, sinusoidal(steps, features)


OPERATIONS = (positions,)
