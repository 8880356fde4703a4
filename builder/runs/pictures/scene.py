"""What a picture may look at: the network as it is now, and the samples it can be shown with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from builder import datasets
from builder.datasets import Arrays, Dataset
from builder.network.records import Network
from builder.runs.checkpoint import layers_of
from builder.runs.examples import Plan, plan
from builder.runs.record import Settings

MOST_SAMPLES = 256  # that pictures choose from
MOST_WORK = 1e10  # multiplications in one forward pass of a picture: a quarter of a second on two cores


@dataclass
class Scene:
    """A model between two epochs; nothing that a picture computes leaves a trace in it.

    Attributes:
        train, raw: samples of the training and of the validation part, as the dataset has them.
        moved: how far the last step before now moved each layer, in parts of its weights' size; empty where that is not known.
        x, y: the same validation samples as the network gets them, one array (samples, ...) for each of its inputs, and its targets.
    """

    model: Any
    network: Network
    settings: Settings
    plan: Plan
    train: Arrays
    raw: Arrays
    x: tuple[np.ndarray, ...]
    y: np.ndarray
    functions: dict[str, Any] = field(default_factory=dict)
    moved: dict[str, float] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, str]:
        """Node name to the name of its layer in the model, Input nodes left out."""
        return layers_of(self.model, self.network)

    @cached_property
    def rectified(self) -> list[str]:
        """The nodes whose units answer 0 to whatever is below 0."""
        from builder.probes.dead import rectified

        return [node for node in rectified(self.network) if node in self.names]

    @property
    def dataset(self) -> Dataset:
        """The run's dataset."""
        return self.plan.dataset

    @property
    def supervised(self) -> bool:
        """Whether the network learns a target, and not its own input."""
        return self.plan.recipe.target == "target"

    @property
    def output_axes(self) -> int:
        """Axes of the output beside the batch: 1 for a row of units, 2 for one at each step."""
        return len(self.model.outputs[0].shape) - 1

    def room(self, most: int) -> int:
        """How many samples a forward pass may take, at most `most` and at least one."""
        return int(max(1, min(most, len(self.raw), MOST_WORK // max(work(self.model), 1))))

    def chosen(self, most: int) -> dict[str, np.ndarray]:
        """The first samples of the validation part as the network gets them: `x0`, and `x1` for a second input."""
        count = self.room(most)
        return {f"x{place}": each[:count] for place, each in enumerate(self.x)}

    def output(self, fixed: dict[str, np.ndarray]) -> np.ndarray:
        """What the network gives for the samples `x0`, `x1` (samples, ...)."""
        inputs = [fixed[f"x{place}"] for place in range(len(self.x))]
        return np.asarray(self._forward()(*inputs)[0]).astype("float32")

    def highest(self, fixed: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The largest answer of each unit (units,) of every rectified node, over all samples and places."""
        found = self._forward()(*(fixed[f"x{place}"] for place in range(len(self.x))))[1:]
        return {node: np.asarray(each) for node, each in zip(self.rectified, found, strict=True)}

    def _forward(self) -> Any:
        """The output and each rectified node's largest answers, traced together: one trace serves every picture."""
        if "forward" not in self.functions:
            import keras
            import tensorflow as tf

            tensors = [self.model.get_layer(self.names[node]).output for node in self.rectified]
            whole = keras.Model(self.model.inputs, [self.model.outputs[0], *(keras.tree.flatten(each)[0] for each in tensors)])

            def call(inputs: Any, training: bool) -> list[Any]:
                output, *rest = keras.tree.flatten(whole(inputs, training=training))
                return [output, *(tf.reduce_max(tf.reshape(each, (-1, each.shape[-1])), axis=0) for each in rest)]

            return self.traced("forward", call)
        return self.functions["forward"]

    def traced(self, name: str, call: Any) -> Any:
        """A function of the network's inputs as a graph, made once; the weights are those it has when it is called.

        Inside, Keras keeps no state: no seed, metric or loss of the training is touched.
        """
        if name not in self.functions:
            import keras
            import tensorflow as tf

            def forward(*inputs: Any) -> Any:
                with keras.StatelessScope():
                    return call(list(inputs) if len(inputs) > 1 else inputs[0], training=False)

            signature = [tf.TensorSpec((None, *each.shape[1:]), each.dtype) for each in self.x]  # any number of samples: traced once
            self.functions[name] = tf.function(forward, input_signature=signature, autograph=False)
        return self.functions[name]


def scene_of(model: Any, network: Network, settings: Settings) -> Scene:
    """The scene of a model and its run's samples, the ones that its losses are measured on."""
    planned = plan(network, settings, *([tuple(end.shape[1:]) for end in side] for side in (model.inputs, model.outputs)))
    parts = datasets.parts(settings.dataset, settings.seed, settings.validation_share)
    return of_parts(model, network, settings, planned, parts.train, parts.validation)


def of_parts(model: Any, network: Network, settings: Settings, planned: Plan, train: Arrays, validation: Arrays) -> Scene:
    """A scene of parts that are loaded already."""
    few = validation.take(np.arange(min(MOST_SAMPLES, len(validation))))
    some = train.take(np.arange(min(MOST_SAMPLES, len(train))))
    return Scene(model, network, settings, planned, some, few, *planned.measured(few))


def work(model: Any) -> float:
    """About how many multiplications one sample takes: each layer's parameters, once for every place that it is applied at."""
    import keras

    return float(sum(layer.count_params() * _places(keras.tree.flatten([layer.input, layer.output])) for layer in model.layers))


def _places(tensors: Sequence[Any]) -> int:
    """The largest number of places of some tensors (batch, ..., channels); an open axis counts as one."""
    return max(prod(length or 1 for length in tensor.shape[1:-1]) for tensor in tensors)
