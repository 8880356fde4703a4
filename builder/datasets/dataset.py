"""The records of the datasets: Dataset, Arrays and Parts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

Kind = Literal["image", "table", "points", "tokens", "sequence"]
Task = Literal["classification", "regression"]
Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")


@dataclass(frozen=True)
class Arrays:
    """Samples with their targets.

    `x` is (samples, *input_shape), float32 or for tokens int64; `y` is (samples,) int64 class numbers, (samples, steps)
    of them where each step has its own, or (samples, targets) float32.
    """

    x: np.ndarray
    y: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: np.ndarray) -> Self:
        """These rows, in this order."""
        return type(self)(self.x[rows], self.y[rows])


@dataclass(frozen=True)
class Parts:
    """What a network learns from, what is measured after each epoch, and what is used once at the end."""

    train: Arrays
    validation: Arrays
    test: Arrays


@dataclass(frozen=True)
class Ink:
    """How pictures of handwriting were made: light ink on dark, cut out and fitted.

    Attributes:
        box: (height, width) that the ink fills, in pixels of `grid`, or of the picture where there is none.
        grid: the coarse pixels, each the mean of 4 × 4 fine ones, that were enlarged to the picture.
        cover: the share of the picture that is ink.
        by_mass: whether the ink's centre of mass is in the middle, else its box.
    """

    box: tuple[int, int]
    grid: tuple[int, int] | None = None
    cover: float | None = None
    by_mass: bool = False


@dataclass(frozen=True)
class Dataset:
    """Inputs and targets.

    Attributes:
        kind: how it is drawn: images (height, width, channels), rows of a table, points on a plane, tokens (steps,) or
            a sequence (steps, features).
        input_shape: of one sample, without the batch axis.
        low, high: the range of the inputs as `load` gives them.
        classes: their titles, by class number; empty for regression.
        targets: numbers to predict for each sample; 1 for classification.
        target_names: of regression, what each of them is, with its unit.
        count: samples in all parts together.
        features: the columns of a table or the axes of points.
        per_step: whether each step of a sequence has a target of its own.
        foretells: whether that target is the token after it.
        vocabulary: what each token's number stands for.
        theory: one sentence: what a network must do to solve it, and what is known of that.
        learning_rate, batch_size: part of what reaches a good result with one plain command.
        download: whether the first `load` fetches it, through Keras.
        network: the zoo's starting network, "" for none.
        recipe, epochs: with which one plain command reaches a good result.
        ink: how its pictures were made from ink, so that a drawing can be made like them; None for others.
        load: all samples; slow at first use, so never called where a page draws.
    """

    name: str
    title: str
    summary: str
    source: str
    kind: Kind
    input_shape: tuple[int, ...]
    count: int
    load: Callable[[], Arrays]
    task: Task = "classification"
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    targets: int = 1
    target_names: tuple[str, ...] = ()
    dtype: str = "float32"
    low: float = 0.0
    high: float = 1.0
    download: bool = False
    network: str = ""
    recipe: str = "supervised"
    epochs: int = 10
    learning_rate: float = 0.001
    batch_size: int = 32
    per_step: bool = False
    foretells: bool = False
    vocabulary: tuple[str, ...] = ()
    theory: str = ""
    ink: Ink | None = None

    def answer_name(self, place: int) -> str:
        """What a number of the network's answer stands for: a class, or a target."""
        names = self.classes or self.target_names
        return names[place] if place < len(names) else f"output {place}"

    @property
    def called(self) -> str:
        """What a sentence calls it: its name, or the title of a table whose name is only a number."""
        return self.title if ":" in self.name else self.name
