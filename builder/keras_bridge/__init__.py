"""A Network as Keras sees it: shapes and counts without allocating anything, and the model itself.

Nobody in the app's own process imports this room; it runs in kernels, workers and the command line.
"""

from builder.keras_bridge.analyse import Unfinished, analyse
from builder.keras_bridge.model import layer_names, to_keras

__all__ = ["Unfinished", "analyse", "layer_names", "to_keras"]
