"""The probe batch: a fixed batch of a run's samples, and layers' outputs over it, in pieces that fit into memory."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from builder.datasets import Arrays
from builder.runs.examples import Plan, plan

from .loaded import Loaded, output_bytes
from .samples import part

COUNT = 256  # samples of a probe batch
MOST_BYTES = 256 * 2**20  # of the activations of what is computed in one go


class Batch(NamedTuple):
    """A batch: `x` one array (samples, ...) for each input of the network, `y` the targets of its loss, `raw` as the dataset has them."""

    x: tuple[np.ndarray, ...]
    y: np.ndarray
    raw: Arrays

    def __len__(self) -> int:
        return len(self.raw.x)


def planned(run: Loaded) -> Plan:
    """The plan of a run's examples: how its recipe turns its dataset into inputs and targets."""
    inputs, outputs = ([tuple(end.shape[1:]) for end in side] for side in (run.model.inputs, run.model.outputs))
    return plan(run.network, run.settings, inputs, outputs)


def batch(run: Loaded, name: str = "validation", count: int | None = COUNT) -> Batch:
    """The probe batch: the first samples of a part in the run's own order, so the same ones at every epoch; None: all."""
    whole = part(run.settings, name)
    raw = whole.take(np.arange(min(count or len(whole), len(whole))))
    x, y = planned(run).measured(raw)
    return Batch(x, y, raw)


def patient(run: Loaded, each: int = 32) -> int:
    """The batch size of a probe that a person waits for: smaller where a sample takes so much that few fit into memory."""
    return min(COUNT, each * at_once(run, batch(run, count=1).x[0], most=COUNT))


def pieces_of(run: Loaded, x: Sequence[np.ndarray]) -> list[tuple[np.ndarray, ...]]:
    """Mini-batches of the inputs, of as many samples as fit into memory in one go."""
    size = at_once(run, x[0][:1], most=COUNT)
    return [tuple(each[start : start + size] for each in x) for start in range(0, len(x[0]), size)]


def over(run: Loaded, key: str, nodes: Sequence[str], reduce: Callable[[Any], Any], x: Sequence[np.ndarray]) -> list[list[Any]]:
    """Forward pass by mini-batch, each node's output put through `reduce`, as an array or a tuple of them; traced once a run and key."""
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


def at_once(run: Loaded, x: np.ndarray, most: int = 64) -> int:
    """The batch size that fits into memory for inputs of x's shape, gradients included."""
    return int(np.clip(MOST_BYTES // max(3 * output_bytes(run, x), 1), 1, most))
