"""Undo and redo: a network's past and future beside its present."""

from typing import NamedTuple, Self

from builder.network.records import Network

MOST_STEPS = 200


class Step(NamedTuple):
    """A network and the label of the edit that left it, or that leads to it again."""

    label: str
    network: Network


class History(NamedTuple):
    """A network's present between its past, newest last, and its undone future, next last."""

    present: Network
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    def do(self, label: str, network: Network) -> Self:
        """A step forward; what was undone before it is forgotten."""
        return type(self)(network, (*self.past, Step(label, self.present))[-MOST_STEPS:])

    def undo(self) -> Self:
        """A step back; at the beginning nothing happens."""
        if not self.past:
            return self
        label, before = self.past[-1]
        return type(self)(before, self.past[:-1], (*self.future, Step(label, self.present)))

    def redo(self) -> Self:
        """An undone step forward again; at the end nothing happens."""
        if not self.future:
            return self
        label, after = self.future[-1]
        return type(self)(after, (*self.past, Step(label, self.present)), self.future[:-1])

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier network."""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone one."""
        return bool(self.future)
