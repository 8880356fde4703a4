"""Normalisation of handwriting (crop, scale, centre, stroke width): a drawing is made like the dataset's own pictures."""

from typing import NamedTuple

import numpy as np

from .dataset import Dataset
from .fitting import shape_text
from .resizing import resize

SEEN = 0.2  # ink from which a pixel belongs to the drawing
FINE = 4  # pixels of the fine grid for one of the coarse one, as the digits' makers counted them
BLUR = 1.5  # pixels of the fine grid: how soft a stroke is made before it is cut at its new thickness


class Made(NamedTuple):
    """An input of a person's own in the dataset's shape, and the steps that led there as sentences."""

    values: np.ndarray
    steps: tuple[str, ...]


def drawn(dataset: Dataset, ink: np.ndarray) -> Made | None:
    """A drawing (height, width), ink from 0 to 1, as one of the dataset's own; None where there is no ink."""
    found = cropped(ink)
    how = dataset.ink
    if found is None or how is None:
        return None
    steps = [f"Cut {shape_text(ink.shape)} to the ink, {shape_text(found.shape)}, as the dataset's own pictures are"]
    height, width = how.grid or dataset.input_shape[:2]
    fine = FINE if how.grid else 1
    box = (how.box[0] * fine, how.box[1] * fine)
    placed = boxed(found, box)
    steps.append(f"Scale it to fit {shape_text(box)}, its shape kept")
    if how.cover:
        steps.append(f"Draw its strokes as thick as theirs: ink on {how.cover:.0%}")
        placed = covered(placed, how.cover)
    whole = (height * fine, width * fine)
    placed = centred(placed, whole, how.by_mass)
    if whole != box:
        steps.append(f"Centre it in {shape_text(whole)} by its {'mass' if how.by_mass else 'box'}")
    if how.grid:
        steps.append(f"Average to {shape_text(how.grid)}, then enlarge to {shape_text(dataset.input_shape[:2])}")
        coarse = placed.reshape(height, fine, width, fine).mean(axis=(1, 3))
        placed = resize(coarse[None, ..., None], *dataset.input_shape[:2])[0, ..., 0]
    values = dataset.low + placed[..., None] * (dataset.high - dataset.low)
    return Made(values.astype("float32"), tuple(steps))


def cropped(ink: np.ndarray) -> np.ndarray | None:
    """The smallest rectangle that holds all of the ink, None where there is none."""
    rows, columns = (np.flatnonzero((ink > SEEN).any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else None


def boxed(ink: np.ndarray, box: tuple[int, int]) -> np.ndarray:
    """Scaled with its shape kept, so that one side fills the box, and centred in it."""
    scale = min(box[0] / ink.shape[0], box[1] / ink.shape[1])
    height, width = (max(round(side * scale), 1) for side in ink.shape)
    return centred(resize(ink[None, ..., None], height, width)[0, ..., 0], box)


def centred(ink: np.ndarray, whole: tuple[int, int], by_mass: bool = False) -> np.ndarray:
    """In the middle of an empty picture: the middle of its box, or of its mass, as far as it stays inside."""
    places = []
    for axis, (side, room) in enumerate(zip(ink.shape, whole, strict=True)):
        lines = ink.sum(axis=1 - axis)
        middle = float((lines * (np.arange(side) + 0.5)).sum() / max(lines.sum(), 1e-9)) if by_mass else side / 2
        places.append(min(max(round(room / 2 - middle), 0), room - side))
    picture = np.zeros(whole, dtype="float32")
    picture[places[0] : places[0] + ink.shape[0], places[1] : places[1] + ink.shape[1]] = ink
    return picture


def covered(ink: np.ndarray, share: float) -> np.ndarray:
    """Strokes thicker or thinner, so that this share of the picture is ink: blurred, then cut at the level that gives it."""
    soft = _blurred(_blurred(ink).T).T
    level = max(float(np.quantile(soft, 1 - share)), 0.02 * float(soft.max()))
    thick = cropped((soft >= level).astype("float32"))
    return ink if thick is None else centred(thick, (ink.shape[0], ink.shape[1]))


def _blurred(ink: np.ndarray) -> np.ndarray:
    """Gaussian blur along the first axis, with a standard deviation of BLUR."""
    places = np.arange(len(ink))
    bell = np.exp(-((places[:, None] - places) ** 2) / (2 * BLUR**2))
    return (bell / bell.sum(axis=1, keepdims=True)) @ ink
