"""Layers of our own, where Keras has none: each file stands alone, so that the generated program can print it."""

from importlib import import_module

import keras

from builder.catalogue import facts


def class_of(layer: str) -> type[keras.Layer] | None:
    """The class of a layer type of our own, in the module that its record names; None for Keras's."""
    module = facts(layer).own
    return getattr(import_module(f"{__name__}.{module}"), layer) if module else None
