"""The order of the data, from (seed, epoch) alone, so that a resumed run sees what an undisturbed one would have seen."""

from typing import Any

import numpy as np


def stream(x: tuple[np.ndarray, ...], y: np.ndarray, batch_size: int, seed: int, start: int, epochs: int, noise: float = 0.0) -> Any:
    """A tf.data.Dataset of batches for the epochs from `start` on, each epoch in an order of its own.

    Args:
        x: one array (samples, ...) for each input of the model; y: targets (samples, ...).
        start, epochs: whole epochs done before, and in all.
        noise: standard deviation of normal noise that is added to the first input.
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
        if noise:
            own = key + tf.stack([tf.constant(0, tf.int64), tf.cast(order[0], tf.int64) * 2**32])  # the epoch's and the batch's
            given[0] += noise * tf.random.stateless_normal(tf.shape(given[0]), seed=own)
        return (tuple(given) if len(given) > 1 else given[0]), tf.gather(targets, order)

    return tf.data.Dataset.range(start, epochs).flat_map(shuffled).map(gather, deterministic=True).prefetch(2)


def fixed(x: tuple[np.ndarray, ...], y: np.ndarray, batch_size: int) -> Any:
    """A tf.data.Dataset of all samples once, in their own order."""
    import tensorflow as tf

    with tf.device("CPU:0"):
        return tf.data.Dataset.from_tensor_slices((x if len(x) > 1 else x[0], y)).batch(batch_size).prefetch(2)
