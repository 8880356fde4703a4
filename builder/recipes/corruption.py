"""Input corruption: noise for the first input, and random numbers from a seed."""

from typing import Any

from .record import Array, Corruption, Draw


def with_noise(x: Array, draw: Draw, amount: float, limits: tuple[float, float]) -> Array:
    """Normal noise added whose standard deviation is a part of the dataset's range."""
    low, high = limits
    return x + draw.normal(x, amount * (high - low))


NOISE = Corruption(change=with_noise, amount=0.0, title="Noise in the input, in parts of its range", seen="With noise")


class Seeded:
    """NumPy's generator of a seed: the same numbers each time."""

    def __init__(self, seed: int) -> None:
        import numpy as np

        self._random = np.random.default_rng(seed)

    def normal(self, like: Array, scale: float) -> Array:
        """Normal numbers of this standard deviation, in the shape and type of `like`."""
        return self._random.normal(scale=scale, size=like.shape).astype(like.dtype)

    def uniform(self, like: Array) -> Array:
        """From 0 to 1, 1 left out, in the shape and type of `like`."""
        return self._random.random(like.shape, "float32").astype(like.dtype)


class Stateless:
    """Stateless random numbers of TensorFlow, from a key (seed, epoch) and the batch's first row: the same ones whenever it comes."""

    def __init__(self, key: Any, first: Any) -> None:
        self._key, self._first = key, first

    @property
    def _seed(self) -> Any:
        import tensorflow as tf

        return self._key + tf.stack([tf.constant(0, tf.int64), tf.cast(self._first, tf.int64) * 2**32])  # the epoch's and the batch's

    def normal(self, like: Any, scale: float) -> Any:
        """Normal numbers of this standard deviation, in the shape and type of `like`."""
        import tensorflow as tf

        return scale * tf.random.stateless_normal(tf.shape(like), seed=self._seed, dtype=like.dtype)

    def uniform(self, like: Any) -> Any:
        """Uniform random numbers in [0, 1), in the shape and type of `like`."""
        import tensorflow as tf

        return tf.random.stateless_uniform(tf.shape(like), seed=self._seed, dtype=like.dtype)
