"""The one place where a run becomes a Keras model again: its own `network.json` and its own arrays, nothing that Keras saved."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from builder.catalogue import LAYERS
from builder.network.records import Network, Node
from builder.runs.checkpoint import set_layer_weights
from builder.runs.folder import epochs, network, weights


def model_at(run_folder: Path | str, epoch: int | None = None, *, undrawn: bool = False) -> Any:
    """The run's `keras.Model` with its weights after an epoch, the last kept one by default; not compiled.

    Args:
        undrawn: don't draw first weights that are replaced at once, which takes most of the time for a large network; the
            model's own settings then say zeros, so it is for looking, not for saving.
    """
    from builder.keras_bridge import to_keras

    if epoch is None:
        epoch = (epochs(run_folder) or [0])[-1]
    graph = network(run_folder)
    with ThreadPoolExecutor(1) as reader:  # a large file is read while the model is built
        arrays = reader.submit(weights, run_folder, epoch)
        model = to_keras(from_zeros(graph) if undrawn else graph)
    set_layer_weights(model, arrays.result())
    return model


def from_zeros(graph: Network) -> Network:
    """The network with every weight starting at zero."""
    return graph.model_copy(update={"nodes": tuple(_from_zeros(node) for node in graph.nodes)})


def _from_zeros(node: Node) -> Node:
    names = [param.name for param in LAYERS[node.layer].params] if node.layer in LAYERS else []
    return node.model_copy(update={"params": {**node.params, **{name: "zeros" for name in names if name.endswith("_initializer")}}})
