"""The arithmetic of one number: its terms, where each stands in the input, and what becomes of their sum."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import Any, Literal

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError

Kind = Literal["sum", "mean", "largest", "smallest", "product", "copy"]


@dataclass(frozen=True)
class Given:
    """A layer with its inputs and weights: inputs without the batch axis, weights in Keras's order, the index of the number."""

    layer: str
    params: Mapping[str, Any]
    inputs: tuple[np.ndarray, ...]
    weights: Sequence[np.ndarray]
    index: tuple[int, ...]

    @property
    def rule(self) -> str:
        """The rule that the layer type's record names."""
        return facts(self.layer).arithmetic

    @property
    def x(self) -> np.ndarray:
        """The first input, float64."""
        return np.asarray(self.inputs[0], "float64")

    def value(self, name: str) -> Any:
        """A parameter, Keras's default where the node has none."""
        return facts(self.layer).value(self.params, name)

    def has(self, name: str) -> bool:
        """Whether the layer type has this parameter."""
        return any(param.name == name for param in facts(self.layer).params)


@dataclass(frozen=True)
class Terms:
    """`total` = the terms put together as `kind` says, plus `bias`; a term is a value times its factor.

    Attributes:
        places: (*window, axes) whole numbers, where in its input each value stands; -1 along all axes: padding, so 0.
        values, factors: (*window); factors are ones where the layer has no weights.
        axes: the names of the window's axes.
        sources: (*window) which input each value is from; None: the first.
        row: the totals of all units beside this one, where the activation looks at them all; `unit` is this one's place.
        activation: Keras's name; `more` holds what a layer of its own knows beside: slopes, limits.
    """

    kind: Kind
    places: np.ndarray
    values: np.ndarray
    factors: np.ndarray
    axes: tuple[str, ...]
    bias: float = 0.0
    sources: np.ndarray | None = None
    row: np.ndarray | None = None
    unit: int = 0
    activation: str = "linear"
    more: Mapping[str, float] = field(default_factory=dict)

    @property
    def products(self) -> np.ndarray:
        """Each value times its factor."""
        return self.values * self.factors

    @property
    def inside(self) -> np.ndarray:
        """(*window) whether a value is the input's; the others are padding."""
        return np.asarray((self.places >= 0).all(axis=-1))

    @property
    def total(self) -> float:
        """The pre-activation: the number before the activation."""
        terms = self.products[self.inside] if self.kind in ("mean", "largest", "smallest") else self.products
        together: dict[str, Callable[[np.ndarray], Any]] = {
            "sum": np.sum,
            "copy": np.sum,
            "mean": np.mean,
            "largest": np.max,
            "smallest": np.min,
            "product": np.prod,
        }
        return float(together[self.kind](terms)) + self.bias

    @property
    def result(self) -> float:
        """The number after the activation."""
        return activated(self.activation, self.total, self.row, self.more)


def activated(name: str, total: float, row: np.ndarray | None = None, more: Mapping[str, float] | None = None) -> float:
    """Activation function of a number; softmax: e^z / the sum of e^z over `row`.

    Raises:
        BuilderError: the activation is not one of the catalogue's.
    """
    from builder.catalogue.activations import ACTIVATIONS, curve

    more = more or {}
    if name in ("softmax", "log_softmax"):
        assert row is not None
        top = float(row.max())
        below = float(np.exp(row - top).sum())
        return exp(total - top) / below if name == "softmax" else total - top - log(below)
    if name == "relu" and more:
        low, high = more.get("threshold", 0.0), more.get("max_value", float("inf"))
        return more.get("negative_slope", 0.0) * (total - low) if total < low else min(total, high)
    if name == "elu" and more:
        return total if total > 0 else more["alpha"] * (exp(total) - 1)
    if name not in ACTIVATIONS:
        raise BuilderError("The arithmetic", f"an activation of {', '.join(ACTIVATIONS)}", repr(name))
    return curve(name, [total])[0]


def activation_of(given: Given) -> str:
    """The layer's own activation, "linear" where it has none."""
    name = given.value("activation") if given.has("activation") else None
    return name if isinstance(name, str) else "linear"


def looks_around(activation: str) -> bool:
    """Whether an activation needs all units of a row, as softmax does."""
    return activation in ("softmax", "log_softmax")


def pair(value: Any, axes: int) -> tuple[int, ...]:
    """A size for each axis; one number stands for all."""
    return tuple(value) if isinstance(value, list | tuple) else (value,) * axes
