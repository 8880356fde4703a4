"""The samples a run was trained, validated and tested on, as its network takes them."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from builder import datasets
from builder.datasets import PARTS, Arrays, Dataset
from builder.datasets.fitting import matches
from builder.errors import BuilderError
from builder.runs.record import Settings

from .greedy import greedy
from .loaded import Loaded
from .record import Found


class Sample(NamedTuple):
    """One sample of a run's dataset, as its network takes it.

    `raw` as the dataset has it, `x` (1, ...) as the network takes it, `y` its target, () or (targets,) or (steps,), `among` so
    many; `more` holds what further inputs take: a decoder's, the target one step late.
    """

    dataset: Dataset
    raw: np.ndarray
    x: np.ndarray
    y: np.ndarray | None
    steps: tuple[str, ...]
    among: int
    more: tuple[np.ndarray, ...] = ()


@lru_cache(maxsize=2)
def _parts(name: str, seed: int, validation_share: float) -> datasets.Parts:
    return datasets.parts(name, seed, validation_share)


def part(settings: Settings, name: str) -> Arrays:
    """One part of the run's dataset, "train", "validation" or "test"."""
    if name not in PARTS:
        raise BuilderError("The part", f"one of {', '.join(PARTS)}", repr(name))
    return getattr(_parts(settings.dataset, settings.seed, settings.validation_share), name)


def sample(run: Loaded, name: str, index: int) -> Sample:
    """A sample of a part by its index."""
    arrays = part(run.settings, name)
    if not 0 <= index < len(arrays):
        raise BuilderError("The sample", f"a number from 0 to {len(arrays) - 1:,}", f"{index:,}")
    return given(run, arrays.x[index], arrays.y[index], len(arrays))


def given(run: Loaded, raw: np.ndarray, y: np.ndarray | None = None, count: int = 1) -> Sample:
    """A sample of a person's own, in the dataset's shape or already in the network's."""
    dataset, wanted = datasets.record(run.settings.dataset), tuple(run.model.inputs[0].shape[1:])
    raw = raw.astype(dataset.dtype, copy=False)
    if raw.shape != dataset.input_shape and matches(raw.shape, wanted):
        fitted = datasets.Fit((), ())
    elif raw.shape == dataset.input_shape:
        fitted = datasets.fit(dataset, wanted)
    else:
        raise BuilderError("The sample", f"the shape {dataset.input_shape}", str(raw.shape))
    x = fitted.apply(raw[None])
    target = None if y is None else np.asarray(y)
    return Sample(dataset, raw, x, target, fitted.steps, count, _more(run, dataset, x, target))


def asked_sample(run: Loaded, arguments: dict[str, Any], arrays: Found) -> Sample:
    """The sample an operation asks for: the array `input` of a person's own, or `sample` of `part`."""
    if "input" in arrays:
        return given(run, arrays["input"])
    return sample(run, arguments.get("part") or "test", int(arguments.get("sample") or 0))


def _more(run: Loaded, dataset: Dataset, x: np.ndarray, y: np.ndarray | None) -> tuple[np.ndarray, ...]:
    """What further inputs take, as the run's recipe has it; a decoder without a target takes what it writes on its own."""
    if len(run.model.inputs) == 1:
        return ()
    from builder.recipes import RECIPES

    recipe = RECIPES[run.settings.recipe]
    if len(run.model.inputs) != len(recipe.takes):
        raise BuilderError("The network", f"{' and '.join(recipe.takes)} as its inputs", str(len(run.model.inputs)))
    if y is None and recipe.writes:
        return (greedy(run, x, len(dataset.classes)).fed,)
    return recipe.inputs(x, None if y is None else y[None], dataset)[1:]
