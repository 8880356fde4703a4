"""Saving a run's picture between epochs, within a budget of time and bytes (thinning); training never fails or differs by it."""

import contextlib
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from builder import files
from builder.runs.checkpoint import thinned, write_arrays

from . import fitting
from .folder import flat, picture_path, pictured, probe_path, read_probe
from .record import Found, Kind
from .scene import Scene

SHARE = 0.02  # of the time spent training, that pictures may take
FREE = 1.0  # seconds that they may take before that counts: a short run has one after every epoch
MOST_BYTES = 32 * 2**20  # of one run's pictures


class Pictures:
    """The pictures of one run.

    Attributes:
        seconds: what each picture so far has taken, by epoch.
        broken: an error that would come again has ended the pictures.
    """

    def __init__(self, shown: Scene, place: Path) -> None:
        self.shown, self.place = shown, place
        self.kinds: tuple[Kind, ...] = ()
        self.fixed: dict[str, Found] = {}
        self.seconds: dict[int, float] = {}
        self.broken = False

    def begin(self, epoch: int, untrained: bool = True) -> None:
        """Choose the samples, or find those that were chosen when the run began; the untrained network gets its picture, where nobody waits."""
        self._safely(self._choose)
        if untrained and not epoch:
            self.untrained()

    def untrained(self) -> None:
        """The picture of the network with its first weights, which no step has moved."""
        moved = dict(self.shown.moved)
        self.shown.moved.clear()
        self._safely(lambda: self._take(0))
        self.shown.moved.update(moved)

    def _choose(self) -> None:
        known = read_probe(self.place)
        kinds = fitting(self.shown)
        if not known:
            known = {kind.name: kind.choose(self.shown) for kind in kinds}
            write_arrays(probe_path(self.place), flat(known))
        self.fixed = known
        self.kinds = tuple(kind for kind in kinds if kind.name in known)

    def take(self, epoch: int, trained: float, last: bool) -> None:
        """The picture after an epoch, where `trained` seconds of training allow it; the last epoch always has one."""
        if last or sum(self.seconds.values()) <= FREE + SHARE * trained:
            self._safely(lambda: self._take(epoch))

    def _take(self, epoch: int) -> None:
        if not self.kinds:
            self._choose()
        began = time.perf_counter()
        found = {kind.name: kind.take(self.shown, self.fixed[kind.name]) for kind in self.kinds}
        write_arrays(picture_path(self.place, epoch), flat(found))
        thinned({each: picture_path(self.place, each) for each in pictured(self.place)}, None, MOST_BYTES)
        self.seconds[epoch] = time.perf_counter() - began

    def _safely(self, step: Callable[[], None]) -> None:
        """What goes wrong is written to the run's log, and the run goes on: where the disk refused with its pictures, else without them."""
        if self.broken:
            return
        try:
            step()
        except Exception as error:
            self.broken = not files.refusal(error)
            with contextlib.suppress(OSError):  # the log may lie on the same disk
                print("The run's picture could not be taken; the training goes on.", file=sys.stderr)
                traceback.print_exc()
