"""The record of a kind of picture."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .scene import Scene

Found = dict[str, np.ndarray]


@dataclass(frozen=True)
class Kind:
    """One way to show what a network makes of its samples.

    Attributes:
        title: what stands above it.
        fits: whether a run can be shown this way, from its dataset, its recipe and the shape of its output.
        choose: what is the same at every epoch, kept once: the samples and their targets.
        take: what the network makes of it now.
        inner: arrays of `choose` that only the network needs, and no browser.
        again: what `take` must have found where another model of the same weights is asked; by default `take` itself.
    """

    name: str
    title: str
    fits: Callable[[Scene], bool]
    choose: Callable[[Scene], Found]
    take: Callable[[Scene, Found], Found]
    inner: tuple[str, ...] = ()
    again: Callable[[Scene, Found, Found], Found] | None = None

    def repeated(self, shown: Scene, fixed: Found, found: Found) -> Found:
        """The numbers of `found` that the network of `shown` gives, to hold against it."""
        return self.again(shown, fixed, found) if self.again else self.take(shown, fixed)
