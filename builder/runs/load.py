"""Load a run's Keras model from a checkpoint: its own `network.json` and its own arrays, nothing that Keras saved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import BuilderError
from builder.runs.checkpoint import as_tensor

from .run_folder import epochs, network, weights


def model_at(run_folder: Path | str, epoch: int | None = None) -> Any:
    """The run's `keras.Model` with its weights after an epoch, the last saved one by default; not compiled.

    Keras gives variables that are made in a stateless scope their first values when the scope ends. By then these are the
    stored ones: nothing is drawn at random, and large arrays stay where they lie in the file.
    """
    import keras

    from builder.keras_bridge import to_keras

    if epoch is None:
        epoch = (epochs(run_folder) or [0])[-1]
    arrays = weights(run_folder, epoch)
    with keras.StatelessScope():
        model = to_keras(network(run_folder))
        for layer in model.layers:
            for index, weight in enumerate(layer.weights):
                weight._initializer = _giving(arrays[f"{layer.name}/{index}"], tuple(weight.shape))
    return model


def _giving(values: np.ndarray, shape: tuple[int, ...]) -> Callable[..., np.ndarray]:
    """Constant initialiser: the stored values, whatever Keras asks it for."""
    if values.shape != shape:
        raise BuilderError("The run's weights", f"an array of shape {shape}", str(values.shape), "Train anew.")
    return lambda *_, **__: as_tensor(values)
