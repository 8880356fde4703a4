"""The one place where a run becomes a Keras model again: its own `network.json` and its own arrays, nothing that Keras saved."""

from pathlib import Path
from typing import Any

from builder.runs.checkpoint import set_layer_weights
from builder.runs.folder import epochs, network, weights


def model_at(run_folder: Path | str, epoch: int | None = None) -> Any:
    """The run's `keras.Model` with its weights after an epoch, the last kept one by default; not compiled."""
    from builder.keras_bridge import to_keras

    if epoch is None:
        epoch = (epochs(run_folder) or [0])[-1]
    arrays = weights(run_folder, epoch)
    model = to_keras(network(run_folder))
    set_layer_weights(model, arrays)
    return model
