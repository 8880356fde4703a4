"""A run's own picture: what its network makes of a few samples that were fixed before training, after every epoch.

`KINDS` are the ways to show it, in the order in which they are offered; a run has every one that fits it.
"""

from . import attention, boundary, classes, layers, rebuilt, steps, text, values
from .record import Found, Kind
from .scene import Scene, scene_of

KINDS: tuple[Kind, ...] = (boundary.KIND, classes.KIND, rebuilt.KIND, values.KIND, text.KIND, steps.KIND, attention.KIND, layers.KIND)


def fitting(shown: Scene) -> tuple[Kind, ...]:
    """The kinds that fit a run."""
    return tuple(kind for kind in KINDS if kind.fits(shown))


__all__ = ["KINDS", "Found", "Kind", "Scene", "fitting", "scene_of"]
