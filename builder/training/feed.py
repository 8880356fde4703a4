"""Input pipeline (tf.data): shuffle from (seed, epoch) alone, batches, prefetch; a resumed run sees what an undisturbed one would see."""

from collections.abc import Callable
from typing import Any

import numpy as np

from builder.recipes import Stateless

Corrupt = Callable[[Any, Any], Any]


def as_it_is(x: Any, draw: Any) -> Any:
    """Identity: no corruption, `x` unchanged."""
    return x


def stream(
    x: tuple[np.ndarray, ...], y: np.ndarray, batch_size: int, seed: int, start: int, epochs: int, corrupt: Corrupt = as_it_is
) -> Any:
    """Shuffled batches with prefetch, as a tf.data.Dataset: the epochs from `start` on, each in an order of its own.

    Args:
        x: one array (samples, ...) for each input of the model; y: targets (samples, ...).
        start, epochs: whole epochs done before, and in all.
        corrupt: (batch of the first input, random numbers of its own) to the batch as the model gets it.
    """
    import tensorflow as tf

    with tf.device("CPU:0"):  # tf.data runs there; on a GPU each epoch would copy all of it back
        inputs, targets, rows = tuple(map(tf.constant, x)), tf.constant(y), tf.range(len(y))

    def shuffled(epoch: Any) -> Any:
        key = tf.stack([tf.constant(seed, tf.int64), epoch])
        order = tf.random.experimental.stateless_shuffle(rows, seed=key)
        return tf.data.Dataset.from_tensor_slices(order).batch(batch_size).map(lambda batch: (key, batch))

    def gather(key: Any, order: Any) -> Any:
        given = [tf.gather(each, order) for each in inputs]
        given[0] = corrupt(given[0], Stateless(key, order[0]))
        return (tuple(given) if len(given) > 1 else given[0]), tf.gather(targets, order)

    return tf.data.Dataset.range(start, epochs).flat_map(shuffled).map(gather, deterministic=True).prefetch(2)


def fixed(x: tuple[np.ndarray, ...], y: np.ndarray, batch_size: int) -> Any:
    """Unshuffled batches with prefetch, as a tf.data.Dataset: all samples once, in their own order."""
    import tensorflow as tf

    with tf.device("CPU:0"):
        return tf.data.Dataset.from_tensor_slices((x if len(x) > 1 else x[0], y)).batch(batch_size).prefetch(2)
