"""Import of saved models (.keras, .h5, JSON), read as data: nothing is deserialised, no Keras loaded, no class made, no function called.

This runs in a process of its own with limits (`child.py`), which `builder.engine.opening` starts.
"""

from builder.keras_bridge.from_keras.archive import config_of
from builder.keras_bridge.from_keras.graph import Opened, network_of

__all__ = ["Opened", "config_of", "network_of"]
