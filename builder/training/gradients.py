"""Size of the gradient that comes back through each wire (backpropagation): of the loss by what the layer before it gives.

It is ‖∂loss/∂output‖ of one training sample, as the root mean square over some of them: the same ones at every frame, as the network
answers (no dropout), with losses that layers add themselves. It shows where gradients vanish or explode on their way back.
"""

from functools import cached_property
from typing import Any

import numpy as np

from builder.probes.model.loaded import first
from builder.recipes import call_of_loss

from .pictures.scene import MOST_WORK, Scene, work

MOST_SAMPLES = 32


class Gradients:
    """Gradients of a model in training; nothing of them leaves a trace in it."""

    def __init__(self, shown: Scene) -> None:
        self.shown = shown

    def sizes(self) -> dict[str, float]:
        """The size by node, Input nodes of numbers included; left out is what is no number, and a node that no gradient reaches.

        Such a node may be the last one, from which no wire leads on: Keras takes the loss of a softmax by what went into it.
        """
        found = {node: float(size) for node, size in self._traced().items()}
        return {node: size for node, size in found.items() if np.isfinite(size)}

    @cached_property
    def samples(self) -> int:
        """How many samples, so that a large network's take no longer than a picture: a way back costs two ways ahead."""
        return int(max(1, min(MOST_SAMPLES, len(self.shown.train), MOST_WORK / 10 // max(3 * work(self.shown.model), 1))))

    @cached_property
    def _traced(self) -> Any:
        """The sizes by node, traced once; the weights are those that the model has when it is called."""
        import keras
        import tensorflow as tf

        x, y = self.shown.plan.measured(self.shown.train.take(np.arange(self.samples)))
        call = call_of_loss(self.shown.plan.proposal)
        loss, model = call.kind(**call.arguments), self.shown.model
        whole = keras.Model(model.inputs, [model.outputs[0], *(first(model.get_layer(each).output) for each in self.shown.names.values())])
        ends = dict(zip([node.name for node in self.shown.network.inputs if self.shown.network.outputs_of(node.name)], x, strict=True))

        def back() -> dict[str, Any]:
            given = {node: tf.constant(each) for node, each in ends.items()}
            with keras.StatelessScope(collect_losses=True) as scope, tf.GradientTape() as tape:
                numbers = {node: each for node, each in given.items() if each.dtype.is_floating}
                tape.watch(numbers)
                answer, *values = keras.tree.flatten(whole(list(given.values()), training=False))
                total = tf.add_n([loss(tf.constant(y), answer), *scope.losses])
            flows = numbers | {node: each for node, each in zip(self.shown.names, values, strict=True) if each.dtype.is_floating}
            found = tape.gradient(total, flows)
            return {node: tf.sqrt(len(y) * tf.reduce_sum(tf.square(each))) for node, each in found.items() if each is not None}

        return tf.function(back, autograph=False)
