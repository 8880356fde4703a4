"""Update-to-weight ratio callback: how far the last step of each epoch moves every layer, as ‖Δw‖ / ‖w‖ (Euclidean norms).

About 1e-3 is a usual value; a much larger one suggests too high a learning rate, a much smaller one too low a rate (Karpathy 2015,
CS231n notes, https://cs231n.github.io/neural-networks-3/#ratio). The ratio here is over all trainable weights of a layer together.
"""

from typing import Any

import keras
import numpy as np

MOST_WEIGHTS = 20_000_000  # numbers that are copied for it; a larger network goes without


class UpdateRatio(keras.callbacks.Callback):
    """Keras callback that fills `moved`, ratio by node name, at the end of each epoch.

    It copies the weights as the last batch begins and compares when the epoch ends: the validation in between changes none.

    Args:
        names: node name to the name of its layer in the model.
        batches: steps in an epoch.
    """

    def __init__(self, moved: dict[str, float], names: dict[str, str], batches: int) -> None:
        super().__init__()
        self.moved, self.names, self.batches = moved, names, batches
        self.before: dict[str, list[np.ndarray]] = {}

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if batch == self.batches - 1 and self.model.count_params() <= MOST_WEIGHTS:
            self.before = {node: [each.numpy().copy() for each in weights] for node, weights in self.learning().items()}

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        now = self.learning()
        for node, before in self.before.items():
            moved = [after.numpy() - each for after, each in zip(now[node], before, strict=True)]
            self.moved[node] = length(moved) / max(length(before), 1e-12)
        self.before = {}

    def learning(self) -> dict[str, list[Any]]:
        """The trainable weights of each node that has some."""
        found = {node: self.model.get_layer(layer).trainable_weights for node, layer in self.names.items()}
        return {node: weights for node, weights in found.items() if weights}


def length(arrays: list[np.ndarray]) -> float:
    """Euclidean (L2) norm of all numbers of some arrays together."""
    return float(np.sqrt(sum(np.square(each, dtype="float64").sum() for each in arrays)))
