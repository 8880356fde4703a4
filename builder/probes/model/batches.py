"""A fixed batch of a run's samples, and what layers make of it, in pieces that fit into memory."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from builder.datasets import Arrays
from builder.probes.attribution.target import at_once
from builder.runs.examples import Plan, plan

from .loaded import Loaded
from .samples import part

COUNT = 256  # samples of a probe batch


class Batch(NamedTuple):
    """`x` one array (samples, ...) for each input of the network, `y` the targets of its loss, `raw` as the dataset has them."""

    x: tuple[np.ndarray, ...]
    y: np.ndarray
    raw: Arrays

    def __len__(self) -> int:
        return len(self.raw.x)


def planned(run: Loaded) -> Plan:
    """How the run's recipe turns its dataset into examples."""
    inputs, outputs = ([tuple(end.shape[1:]) for end in side] for side in (run.model.inputs, run.model.outputs))
    return plan(run.network, run.settings, inputs, outputs)


def batch(run: Loaded, name: str = "validation", count: int | None = COUNT) -> Batch:
    """The first samples of a part, in the run's own order, so the same ones at every epoch; None: all."""
    whole = part(run.settings, name)
    raw = whole.take(np.arange(min(count or len(whole), len(whole))))
    x, y = planned(run).measured(raw)
    return Batch(x, y, raw)


def patient(run: Loaded, each: int = 32) -> int:
    """Samples of a probe batch that a person waits for: fewer than usual where one takes so much that few fit into memory."""
    return min(COUNT, each * at_once(run, batch(run, count=1).x[0], most=COUNT))


def pieces_of(run: Loaded, x: Sequence[np.ndarray]) -> list[tuple[np.ndarray, ...]]:
    """The inputs in pieces of as many samples as fit into memory in one go."""
    size = at_once(run, x[0][:1], most=COUNT)
    return [tuple(each[start : start + size] for each in x) for start in range(0, len(x[0]), size)]


def over(run: Loaded, key: str, nodes: Sequence[str], reduce: Callable[[Any], Any], x: Sequence[np.ndarray]) -> list[list[Any]]:
    """For each piece of the inputs, each node's output put through `reduce`, as an array or a tuple of them; traced once a run and key."""
    import keras
    import tensorflow as tf

    key = f"{key} {' '.join(nodes)}"
    if key not in run.functions:
        tensors = [run.output(node) for node in nodes]
        model = keras.Model(run.model.inputs, tensors)
        run.functions[key] = tf.function(
            lambda *inputs: [reduce(value) for value in as_list(model(list(inputs), training=False))],
            autograph=False,
            reduce_retracing=True,
        )
    return [[_numbers(each) for each in run.functions[key](*piece)] for piece in pieces_of(run, x)]


def _numbers(value: Any) -> Any:
    return tuple(np.asarray(each) for each in value) if isinstance(value, tuple) else np.asarray(value)


def as_list(value: Any) -> list[Any]:
    """One tensor or many, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def one_or_many(inputs: Sequence[Any]) -> Any:
    """What a model is called with: its only input, or the list of them."""
    return list(inputs) if len(inputs) > 1 else inputs[0]
