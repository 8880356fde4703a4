"""The one graph that every kind of picture is taken with: tracing it again for each kind would take longer than all of them."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np


def forward(model: Any, rectified: dict[str, Any], attentive: dict[str, Any], x: Sequence[np.ndarray]) -> Any:
    """Inputs (samples, ...) to the output, each rectified node's largest answers, and each attentive node's scores for the first sample.

    The weights are those that the model has when it is called. Inside, Keras keeps no state: no seed, metric or loss of the
    training is touched.
    """
    import keras
    import tensorflow as tf

    from builder.probes.model.hooks import scoring

    tensors = [keras.tree.flatten(layer.output)[0] for layer in rectified.values()]
    whole = keras.Model(model.inputs, [model.outputs[0], *tensors])

    def look(*inputs: Any) -> list[Any]:
        scores: dict[str, Any] = {}
        with keras.StatelessScope(), ExitStack() as inside:
            for node, layer in attentive.items():
                inside.enter_context(scoring(layer, node, scores))
            output, *rest = keras.tree.flatten(whole(list(inputs) if len(inputs) > 1 else inputs[0], training=False))
        highest = [tf.reduce_max(tf.reshape(each, (-1, each.shape[-1])), axis=0) for each in rest]
        return [output, *highest, *(scores[node][0] for node in attentive)]

    signature = [tf.TensorSpec((None, *each.shape[1:]), each.dtype) for each in x]  # any number of samples: traced once
    return tf.function(look, input_signature=signature, autograph=False)
