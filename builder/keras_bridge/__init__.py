"""A Network as Keras sees it: shapes and counts without allocating anything, the model itself, and models from files.

Nobody in the app's own process imports this room; it runs in kernels, workers and the command line. Keras is loaded with
the first name that needs it: whoever only reads a file (`from_keras`) needs none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from builder.keras_bridge.analysis import Unfinished, analyse
    from builder.keras_bridge.model import to_keras

_HOME = {"Unfinished": "analysis", "analyse": "analysis", "to_keras": "model"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"builder.keras_bridge.{_HOME[name]}"), name)


__all__ = ["Unfinished", "analyse", "to_keras"]
