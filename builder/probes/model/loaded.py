"""Model cache (LRU): runs whose models are in memory: one traced function gives every layer's output, and an epoch is only other weights in it."""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import BuilderError
from builder.network.records import Network
from builder.runs.checkpoint import layers_of, set_layer_weights
from builder.runs.record import Settings
from builder.runs.run_folder import epochs, network, note_look, settings, weights

KEPT = 3  # models in memory
MOST_WEIGHTS = 2 * 2**30  # bytes of all of them together
MOST_OUTPUTS = 512 * 2**20  # bytes of all layers' outputs for one input


@dataclass
class Loaded:
    """A run's model in memory, with its cache of traced functions.

    Attributes:
        model: the `keras.Model`, with the weights of `epoch`.
        names: node name to the name of its layer in the model, Input nodes left out.
        everything: the model with every layer's tensors as its outputs, in the order of `names`.
        function: inputs (samples, ...) to each of `everything`'s outputs, traced once.
        functions: what probes have traced, by name; each reads the weights that the model has when it is called.
    """

    network: Network
    settings: Settings
    model: Any
    names: dict[str, str]
    everything: Any
    function: Any
    epoch: int
    functions: dict[str, Any] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Bytes of the model's weights, as float32."""
        return sum(4 * prod(weight.shape) for weight in self.model.weights)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The names of all outputs: a node's, and `NODE/1` for its second."""
        import keras

        counts = {node: len(keras.tree.flatten(self.model.get_layer(layer).output)) for node, layer in self.names.items()}
        return tuple(f"{node}/{place}" if place else node for node, count in counts.items() for place in range(count))

    @cached_property
    def lengths(self) -> tuple[tuple[int | None, ...], ...]:
        """The shape of each output without the batch axis, None where an axis is open."""
        import keras

        return tuple(tuple(tensor.shape[1:]) for tensor in keras.tree.flatten(self.everything.outputs))

    def output(self, node: str) -> Any:
        """A node's output as Keras's symbolic tensor; of several outputs the first."""
        return first(self.model.get_layer(self.names[node]).output)


def first(value: Any) -> Any:
    """A layer's output, the first where there are several."""
    return value[0] if isinstance(value, list | tuple) else value


_kept: OrderedDict[str, Loaded] = OrderedDict()


def loaded(run_folder: Path | str, epoch: int | None = None) -> Loaded:
    """The run's model from the LRU cache, with its weights after an epoch, the last saved one by default.

    Raises:
        BuilderError: no weights are saved yet, or none of this epoch.
    """
    place = Path(run_folder)
    saved = epochs(place)
    if not saved:
        raise BuilderError("The run", "weights to look at", "none yet", "They appear as soon as it starts.")
    note_look(place)
    epoch = saved[-1] if epoch is None else epoch
    found = _kept.pop(str(place), None) or _load(place, epoch)
    _kept[str(place)] = found
    while len(_kept) > 1 and (len(_kept) > KEPT or sum(each.bytes for each in _kept.values()) > MOST_WEIGHTS):
        _kept.popitem(last=False)
    if found.epoch != epoch:
        set_layer_weights(found.model, weights(place, epoch))
        found.epoch = epoch
    return found


def copy_of(run_folder: Path | str, epoch: int) -> Loaded:
    """A copy of the run's model outside the cache, so that its weights may be changed."""
    return _load(Path(run_folder), epoch)


def forget() -> None:
    """Clear the cache of models."""
    _kept.clear()


def _load(place: Path, epoch: int) -> Loaded:
    import keras

    from builder.runs.load import model_at

    model, graph = model_at(place, epoch), network(place)
    names = layers_of(model, graph)
    everything = keras.Model(model.inputs, [model.get_layer(layer).output for layer in names.values()])
    return Loaded(graph, settings(place), model, names, everything, _traced(everything), epoch)


def _traced(model: Any) -> Any:
    """The model as one tf.function: several times faster than calling it layer by layer."""
    import tensorflow as tf

    return tf.function(lambda *inputs: model(list(inputs), training=False), reduce_retracing=True)


def outputs(run: Loaded, x: np.ndarray, *more: np.ndarray) -> dict[str, np.ndarray]:
    """Forward pass: every layer's output for one input x (1, ...) and `more` inputs, by name, without the batch axis; a second is `NAME/1`.

    Raises:
        BuilderError: the outputs together would take more than 512 MiB.
    """
    import keras

    needed = output_bytes(run, x)
    if needed > MOST_OUTPUTS:
        hint = "Look at one layer, at fewer of its maps or at every n-th number of them, or give the input a smaller shape."
        raise BuilderError("Looking at every layer", "at most 512 MiB for their outputs", f"{needed / 2**20:,.0f} MiB", hint)
    tensors = keras.tree.flatten(run.function(x, *more))
    return {name: np.asarray(tensor)[0] for name, tensor in zip(run.outputs, tensors, strict=True)}


def output_bytes(run: Loaded, x: np.ndarray) -> int:
    """Bytes of all layers' outputs for inputs of x's shape; an axis that is open counts as the input's longest."""
    longest = max(x.shape[1:], default=1)
    return sum(4 * prod(length or longest for length in shape) for shape in run.lengths)
