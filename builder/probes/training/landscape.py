"""Loss landscape around a run's weights, along two directions, and the path that training took through it (arXiv 1712.09913)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.arguments import number
from builder.probes.model.batches import Batch, batch, one_or_many, patient, pieces_of, planned
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe

from .directions import Way, moving, path_ways, projected, random_way, steps_from

COUNT = 128  # samples whose loss it is
SIDE = 15  # points along each direction; odd, so that the centre is one of them
LIMITS: dict[str, tuple[float, float]] = {"side": (3, 51), "span": (0.0, 100.0), "seed": (0, 2**31), "count": (1, 10_000)}


class Landscape(NamedTuple):
    """Loss landscape: `loss` (b, a) at the weights + a · first + b · second direction, or (points,) of a piece; `path` (epochs, 2) is (a, b) of each of `epochs`.

    `share` of each epoch's distance from the centre that lies in the plane: (epochs,), from 0 to 1.
    """

    loss: np.ndarray
    a: np.ndarray
    b: np.ndarray
    path: np.ndarray
    epochs: list[int]
    share: np.ndarray
    present: float


@contextmanager
def restored(variables: list[Any], centre: Way) -> Iterator[None]:
    """Afterwards the weights are what they were."""
    try:
        yield
    finally:
        for variable, value in zip(variables, centre, strict=True):
            variable.assign(value)


def loss_of(run: Loaded, seen: Batch) -> Callable[[], float]:
    """The loss, regularisation included, over a batch with the model's present weights, in inference mode (no dropout)."""
    import tensorflow as tf

    from builder import recipes

    def one(x: Any, y: Any) -> Any:
        given = one_or_many(x)
        return run.model.compute_loss(x=given, y=y, y_pred=run.model(given, training=False), training=False)

    if "loss" not in run.functions:
        recipes.compile(run.model, run.settings, planned(run).proposal)
        run.functions["loss"] = tf.function(one, autograph=False, reduce_retracing=True)
    function = run.functions["loss"]
    xs = pieces_of(run, seen.x)
    starts = np.cumsum([0, *(len(piece[0]) for piece in xs)])
    pieces = [
        (tuple(map(tf.constant, piece)), tf.constant(seen.y[start : start + len(piece[0])]))
        for piece, start in zip(xs, starts, strict=False)
    ]
    return lambda: sum(float(function(x, y)) * len(y) for x, y in pieces) / len(seen)


def survey(
    run_folder: Path | str,
    epoch: int | None = None,
    *,
    side: int = SIDE,
    span: float = 1.0,
    directions: str = "random",
    seed: int = 0,
    count: int = COUNT,
    points: tuple[int, int] | None = None,
) -> Landscape:
    """Loss landscape over a square of two directions around the present weights.

    Args:
        side: points along each direction, made odd.
        span: how far to go both ways, in the directions' lengths; at least as far as the path where they are its own.
        directions: "random", filter-normalised, or "path", the path's two principal directions.
        count: samples of the validation part.
        points: from and to which one, a first, so that a large square comes in pieces; None: all. Pieces after the first leave the path out.
    """
    run = loaded(run_folder, epoch)
    variables, seen = moving(run), batch(run, "validation", count)
    if not variables:
        raise BuilderError("The loss landscape", "a network with kernels that learn", "one without", "Unfreeze a layer.")
    centre = [variable.numpy() for variable in variables]
    later = points is not None and points[0] > 0
    chosen, steps = ([], []) if later and directions != "path" else steps_from(run, run_folder, centre)
    first, second = path_ways(steps) if directions == "path" else _random_ways(run, centre, seed)
    path, share = projected(steps, first, second) if steps else (np.zeros((0, 2)), np.zeros(0))
    line = np.linspace(-1, 1, side | 1) * (max(span, 1.2) if directions == "path" else span)
    loss = loss_of(run, seen)
    present = loss()
    places = [(a, b) for b in line for a in line][slice(*points) if points else slice(None)]
    with restored(variables, centre):
        found = np.array([_moved(variables, centre, first, second, a, b, loss) for a, b in places])
    return Landscape(found if points else found.reshape(len(line), -1), line, line, path, chosen, share, present)


def _random_ways(run: Loaded, centre: Way, seed: int) -> tuple[Way, Way]:
    """Two filter-normalised random directions; the last ones are cached for the next piece."""
    key = run.epoch, seed
    if run.functions.get("ways", (None,))[0] != key:
        run.functions["ways"] = key, random_way(centre, seed), random_way(centre, seed + 1)
    return run.functions["ways"][1:]


def _moved(variables: list[Any], centre: Way, first: Way, second: Way, a: float, b: float, loss: Callable[[], float]) -> float:
    for variable, start, one, other in zip(variables, centre, first, second, strict=True):
        variable.assign(start + np.float32(a) * one + np.float32(b) * other)
    return loss()


def landscape(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Loss landscape around an epoch's weights.

    Args:
        arguments: `run`, `epoch`, `side`, `span`, `directions` ("random" or "path"), `seed`, `count`, `points` [from, to].

    Returns:
        `samples` of the validation part, the first ones, whose loss it is, `present` (the loss), `epochs` of the path and, of the whole, the check; arrays `loss` (b, a) or (points,), `a`, `b`, `path` (epochs, 2) and `share` (epochs,).
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    chosen = {name: number(arguments, name, None, *limits) for name, limits in LIMITS.items() if arguments.get(name) is not None}
    chosen.setdefault("count", min(COUNT, patient(run, 8)))
    points = _points(arguments)
    found = survey(arguments["run"], run.epoch, directions=arguments.get("directions") or "random", points=points, **chosen)
    samples = len(batch(run, "validation", chosen["count"]))
    answer: dict[str, Any] = {"samples": samples, "present": found.present, "epochs": found.epochs, "epoch": run.epoch}
    if points is None:
        centre = float(found.loss[len(found.b) // 2, len(found.a) // 2])
        answer["check"] = {"name": "Loss at the centre less the present loss", "value": centre - found.present}
    return answer, _arrays(found)


def _points(arguments: dict[str, Any]) -> tuple[int, int] | None:
    """The asked points, None for all."""
    if arguments.get("points") is None:
        return None
    first, last = (number({"points": each}, "points", 0, 0, int(LIMITS["side"][1]) ** 2) for each in arguments["points"])
    return first, max(last, first + 1)


def _arrays(found: Landscape) -> Found:
    return {"loss": found.loss, "a": found.a, "b": found.b, "path": found.path, "share": found.share}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Loss landscape along two random, filter-normalised directions."""
    found = survey(run_folder, epoch)
    return {**_arrays(found), "epochs": np.array(found.epochs), "present": np.array(found.present)}


LANDSCAPE = Probe(
    name="landscape",
    title="Loss landscape",
    summary="The loss around the weights, and the way that training took.",
    compute=compute,
)


OPERATIONS = (landscape,)
PROBES = (LANDSCAPE,)
