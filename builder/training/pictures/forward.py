"""The one graph that every kind of picture is taken with: tracing it again for each kind would take longer than all of them."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .scene import Scene


def forward(shown: "Scene") -> Any:
    """Inputs (samples, ...) to the output, each rectified node's largest answers, and each attentive node's scores for the first sample.

    The weights are those that the model has when it is called. Inside, Keras keeps no state: no seed, metric or loss of the
    training is touched.
    """
    import keras
    import tensorflow as tf

    from builder.probes.model.hooks import scoring

    layers = {node: shown.model.get_layer(shown.names[node]) for node in (*shown.rectified, *shown.attentive)}
    tensors = [keras.tree.flatten(layers[node].output)[0] for node in shown.rectified]
    whole = keras.Model(shown.model.inputs, [shown.model.outputs[0], *tensors])

    def look(*inputs: Any) -> list[Any]:
        scores: dict[str, Any] = {}
        with keras.StatelessScope(), ExitStack() as inside:
            for node in shown.attentive:
                inside.enter_context(scoring(layers[node], node, scores))
            output, *rest = keras.tree.flatten(whole(list(inputs) if len(inputs) > 1 else inputs[0], training=False))
        highest = [tf.reduce_max(tf.reshape(each, (-1, each.shape[-1])), axis=0) for each in rest]
        return [output, *highest, *(scores[node][0] for node in shown.attentive)]

    signature = [tf.TensorSpec((None, *each.shape[1:]), each.dtype) for each in shown.x]  # any number of samples: traced once
    return tf.function(look, input_signature=signature, autograph=False)
