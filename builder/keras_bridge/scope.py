"""Stateless scope, in which layers are built and called without allocating any weights."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
from keras.src.backend.common.global_state import set_global_attribute


@contextmanager
def nothing_allocated() -> Iterator[None]:
    """Layers made and called inside know their shapes and counts, and own no memory.

    Keras keeps a list of the variables it will initialise later. It would grow for ever, and the next ordinary
    scope of this thread would create them all, so it is emptied before the scope is left.
    """
    with keras.StatelessScope(initialize_variables=False):
        try:
            yield
        finally:
            set_global_attribute("uninitialized_variables", [])


@contextmanager
def nothing_saved() -> Iterator[None]:
    """Layers made inside are left out of TensorFlow's book of what a checkpoint holds, which takes a sixth of an analysis.

    TensorFlow reads this flag of an object at every assignment; Keras's own count of weights does not depend on it.
    """
    keras.Layer._self_setattr_tracking = False
    try:
        yield
    finally:
        keras.Layer._self_setattr_tracking = True
