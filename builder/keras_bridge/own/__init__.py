"""Layers of our own, where Keras has none: each file stands alone, so that the generated program can print it."""

import keras

from .positional_embedding import PositionalEmbedding
from .sampling import Sampling

OWN: dict[str, type[keras.Layer]] = {"PositionalEmbedding": PositionalEmbedding, "Sampling": Sampling}
