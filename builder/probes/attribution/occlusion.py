"""Occlusion: how far the score falls when a part of the input is covered (arXiv 1311.2901). No gradient is asked."""

from itertools import product
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder.probes.model.arguments import number
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe
from builder.probes.model.samples import asked_sample, sample
from builder.probes.model.scoring import entry

from .target import Target, scores_at, target_of

PARTS = 8  # a patch's side is this part of the input's
MOST_PLACES = 1024


class Occluded(NamedTuple):
    """Occlusion: `attribution`, the score's mean fall over patches that cover each place; `falls` by patch; `corners` (patches, axes)."""

    attribution: np.ndarray
    falls: np.ndarray
    corners: np.ndarray
    size: tuple[int, ...]


def occlude(run: Loaded, asked: Target, size: int | None = None, stride: int | None = None, fill: float | None = None) -> Occluded:
    """Occlusion: F(x) - F(x with a patch covered), for patches all over the input.

    Args:
        size: of the patch along each axis; None: an eighth of the shortest. Numbers of a row, and tokens, are covered one by one.
        stride: how far the patch moves; None: half its size.
        fill: what covers; None: the median of each channel, which is the background of most pictures, and 0 for rows and tokens.
    """
    alone = asked.point.ndim == 1 or entry(run) is not None
    places = asked.point.shape if asked.point.ndim == 1 else asked.point.shape[:-1]
    sizes = tuple(1 if alone else min(size or max(min(places) // PARTS, 1), axis) for axis in places)
    corners = _corners(places, sizes, 1 if alone else stride or max(sizes[0] // 2, 1))
    cover = _cover(asked.point, alone) if fill is None else np.float32(fill)
    masks = np.stack([_mask(places, corner, sizes) for corner in corners])
    wide = masks if asked.point.ndim == 1 else masks[..., None]
    falls = asked.score - np.concatenate(
        [
            scores_at(run, asked, np.where(some, cover, asked.point).astype("float32"))
            for some in np.array_split(wide, max(len(wide) // 64, 1))
        ]
    )
    attribution = np.tensordot(falls, masks, axes=1) / np.maximum(masks.sum(axis=0), 1)
    return Occluded(attribution, falls, np.array(corners), sizes)


def _cover(point: np.ndarray, alone: bool) -> np.ndarray:
    return np.zeros((), "float32") if alone else np.median(point, axis=tuple(range(point.ndim - 1)))


def _corners(places: tuple[int, ...], sizes: tuple[int, ...], stride: int) -> list[tuple[int, ...]]:
    """Corners of the occluding patches, the last one flush with the border; a longer stride where there would be too many."""
    while prod(-(-(axis - size) // stride) + 1 for axis, size in zip(places, sizes, strict=True)) > MOST_PLACES:
        stride += 1
    lines = [sorted({*range(0, axis - size, stride), axis - size}) for axis, size in zip(places, sizes, strict=True)]
    return list(product(*lines))


def _mask(places: tuple[int, ...], corner: tuple[int, ...], sizes: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(places, bool)
    mask[tuple(slice(low, low + size) for low, size in zip(corner, sizes, strict=True))] = True
    return mask


def again(run: Loaded, asked: Target) -> float:
    """The score of the untouched input in a batch less its score alone: what the falls are uncertain by."""
    return float(np.abs(scores_at(run, asked, np.repeat(asked.point[None], 8, axis=0)) - asked.score).max())


def occlusion(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Occlusion: the score's fall for each covered part.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given, `target` (None: the predicted),
            `step`, `size`, `stride`, `fill`.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    one = asked_sample(run, arguments, arrays)
    asked = target_of(run, one, arguments.get("target"), arguments.get("step"))
    found = occlude(
        run,
        asked,
        number(arguments, "size", None, 1, 4096),
        number(arguments, "stride", None, 1, 4096),
        number(arguments, "fill", None, -1e6, 1e6),
    )
    answer: dict[str, Any] = {"target": asked.target, "score": asked.score, "size": list(found.size), "epoch": run.epoch}
    answer["check"] = {"name": "Score of the untouched input among others less its score alone", "value": again(run, asked)}
    return answer, {"input": one.x[0], "attribution": found.attribution, "falls": found.falls, "corners": found.corners}


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Occlusion: `attribution` of the predicted class's score for a sample of the test part."""
    run = loaded(run_folder, epoch)
    one = sample(run, "test", place)
    asked = target_of(run, one)
    return {"input": one.x[0], "attribution": occlude(run, asked).attribution, "check": np.array(again(run, asked))}


OCCLUSION = Probe(
    name="occlusion",
    title="Occlusion",
    summary="How far the score falls when a part of the input is covered.",
    compute=compute,
)


OPERATIONS = (occlusion,)
PROBES = (OCCLUSION,)
