"""Param and Port, and the limits of one value: stated once, read by form, check, message and tests."""

import math
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from builder.errors import BuilderError
from builder.words import format_exact

Kind = Literal["int", "float", "bool", "choice", "ints", "floats", "text", "layer"]
_WORDS = {"int": "a whole number", "float": "a number", "ints": "whole numbers", "floats": "numbers"}


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()


class Param(BaseModel):
    """One parameter of a layer.

    Attributes:
        name: Keras's name.
        kind: `int`, `float`, `bool`, `choice` (one of `choices`), `ints` / `floats` (a list, `size` long or any length;
            a single number is allowed where `scalar`), `text`, or `layer` (a nested layer record, one of `choices`).
        help: one sentence.
        default: Keras's own default, or REQUIRED.
        start: the value a newly added layer gets, where it is not the default.
        low, high: limits of each number, both included.
        above, below: limits of each number, both excluded.
        choices: the values of a `choice`, or the layer types of a `layer`.
        classes: Keras classes that a `choice` takes beside its names, as `{"class_name": "L2", "config": {"l2": 0.001}}`.
        size: how many numbers an `ints` or `floats` has.
        scalar: whether one number may stand for all of them.
        pairs: whether each number may be a pair, (before, after).
        unknown: whether a number may be None, a size that isn't fixed.
        optional: whether None is allowed for the whole.
        falls_back: the parameter whose value holds where this one is None.
        axes: names of the numbers of an `ints`, such as ("height", "width").
        more: whether the form shows it only under "More".
        shows: how a card says it, such as "{} filters"; "" not at all.
        in_call: whether Keras takes it when the layer is called, not when it is made.
        always: whether a card says it also where it is the default.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str
    kind: Kind
    help: str
    default: Any = REQUIRED
    start: Any = None
    low: int | float | None = None
    high: int | float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[Any, ...] = ()
    classes: tuple[str, ...] = ()
    size: int | None = None
    scalar: bool = False
    pairs: bool = False
    unknown: bool = False
    optional: bool = False
    falls_back: str = ""
    axes: tuple[str, ...] = ()
    more: bool = False
    shows: str = ""
    always: bool = False
    in_call: bool = False

    def changed(self, **fields: Any) -> "Param":
        """The same parameter with some fields set anew."""
        return self.model_copy(update=fields)

    @property
    def needed(self) -> str:
        """What a value has to be, as the end of "needs ..."."""
        if self.kind == "choice":
            return self._listed
        if self.kind == "bool":
            return "on or off"
        if self.kind == "text":
            return "text"
        if self.kind == "layer":
            return f"a layer, one of {', '.join(self.choices)}"
        words = f"{self.size} {_WORDS[self.kind]}" if self.size else _WORDS[self.kind]
        alone = f"one {_WORDS[self.kind.rstrip('s')][2:]} or " if self.scalar else ""
        return f"{alone}{words}{self._limits}{' or none' if self.optional else ''}"

    @property
    def _listed(self) -> str:
        words = [str(each) for each in self.choices if each is not None and not isinstance(each, Mapping)]
        return f"one of {', '.join([*words, *self.classes])}{' or none' if self.optional else ''}"

    @property
    def _limits(self) -> str:
        if self.low is not None and self.high is not None:
            return f" from {format_exact(self.low)} to {format_exact(self.high)}"
        ends = ((self.low, "of at least"), (self.above, "above"), (self.high, "of at most"), (self.below, "below"))
        said = " and ".join(f"{word} {format_exact(limit)}" for limit, word in ends if limit is not None)
        return f" {said}" if said else ""

    def check(self, value: Any) -> None:
        """Refuse a value outside the limits.

        Raises:
            BuilderError: sitting on this parameter.
        """
        if value is None:
            if not self.optional and None not in self.choices:
                raise BuilderError(self.name, self.needed, "nothing")
        elif not self._allows(value):
            raise BuilderError(self.name, self.needed, as_text(value))

    def _allows(self, value: Any) -> bool:
        if self.kind == "choice":
            return self._is_object(value) or any(type(value) is type(each) and value == each for each in self.choices)
        if self.kind == "bool":
            return isinstance(value, bool)
        if self.kind == "text":
            return isinstance(value, str) and len(value) <= 10_000
        if self.kind == "layer":
            return isinstance(value, Mapping) and value.get("layer") in self.choices
        if self.kind in ("int", "float"):
            return self._is_number(value)
        if not isinstance(value, list | tuple):
            return self.scalar and self._is_number(value)
        return len(value) <= 100 and (self.size is None or len(value) == self.size) and all(map(self._is_entry, value))

    def _is_entry(self, value: Any) -> bool:
        if isinstance(value, list | tuple):
            return self.pairs and len(value) == 2 and all(map(self._is_number, value))
        return (value is None and self.unknown) or self._is_number(value)

    def _is_number(self, value: Any) -> bool:
        kinds = int if self.kind in ("int", "ints") else int | float
        if isinstance(value, bool) or not isinstance(value, kinds) or (isinstance(value, float) and not math.isfinite(value)):
            return False
        inside = (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return inside and (self.above is None or value > self.above) and (self.below is None or value < self.below)

    def _is_object(self, value: Any) -> bool:
        """A Keras object of `classes` whose configuration is plain numbers and words."""
        if not isinstance(value, Mapping) or value.get("class_name") not in self.classes or not set(value) <= {"class_name", "config"}:
            return False
        config = value.get("config", {})
        return isinstance(config, Mapping) and all(isinstance(each, str | bool | int | float | None) for each in config.values())


class Port(BaseModel):
    """One input of a layer; `many` takes any number of tensors, `optional` may stay open."""

    model_config = ConfigDict(frozen=True)

    name: str = "inputs"
    many: bool = False
    optional: bool = False


def as_text(value: Any) -> str:
    """A value in a sentence, a list as people write one, "0, 28, 1"; cut where it is long."""
    text = ", ".join(map(_entry_text, value)) if isinstance(value, list | tuple) and len(value) > 1 else _entry_text(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _entry_text(value: Any) -> str:
    """One value, or one of a list: a string as it is, a size that is not fixed as people type it."""
    return "any" if value is None else str(value) if isinstance(value, str) else repr(value)
