"""Logits and their gradients as functions of the point where they are taken: the input, or the embedding of its tokens."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError

from .hooks import hooked, squashing, unsquashed
from .loaded import Loaded


def entry(run: Loaded) -> Any:
    """The Embedding layer at whose output gradients are taken for tokens, None where the input itself is numbers."""
    layers = [run.model.get_layer(layer) for layer in run.names.values()]
    tables = [layer for node, layer in zip(run.names, layers, strict=True) if facts(run.network.node(node).layer).embeds]
    if tables:
        return tables[0]
    if "float" in str(run.model.inputs[0].dtype):
        return None
    raise BuilderError("This probe", "an input of numbers, or tokens with an Embedding", f"an input of {run.model.inputs[0].dtype}")


def embedded(run: Loaded, x: np.ndarray) -> np.ndarray:
    """The points (samples, ...) at which gradients are taken: the input, or its embedding."""
    import keras

    table = entry(run)
    if table is None:
        return np.asarray(x, "float32")
    if "embedded" not in run.functions:
        run.functions["embedded"] = keras.Model(run.model.inputs[0], table.output)
    return np.asarray(run.functions["embedded"](x), "float32")


def function(run: Loaded, name: str) -> Any:
    """Cached functions: `scores` (x, points, *more) -> scores, or `slopes` (x, points, index, sign, *more) -> (score, gradient); traced once a run."""
    if name not in run.functions:
        run.functions[name] = {"scores": _scores, "slopes": _slopes}[name](run)
    return run.functions[name]


def forward(run: Loaded, x: Any, points: Any, more: Sequence[Any] = ()) -> Any:
    """Forward pass to logits at points; to be traced. Layers downstream get the masks that the tokens x give."""
    table = entry(run)
    with ExitStack() as inside:
        inside.enter_context(unsquashed(squashing(run)))
        if table is not None:
            inside.enter_context(hooked(table, lambda value: points))
        given = points if table is None else x
        found = run.model([given, *more] if more else given, training=False)
    return found[0] if isinstance(found, list | tuple) else found


def _scores(run: Loaded) -> Any:
    import tensorflow as tf

    return tf.function(lambda x, points, *more: forward(run, x, points, more), autograph=False, reduce_retracing=True)


def _slopes(run: Loaded) -> Any:
    import tensorflow as tf

    def slope(x: Any, points: Any, index: Any, sign: Any, *more: Any) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(points)
            score = one_score(forward(run, x, points, more), index, sign)
        return score, tape.gradient(score, points, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    return traced(slope)


def one_score(scores: Any, index: Any, sign: Any) -> Any:
    """One logit of each sample, times the sign: (samples,)."""
    import tensorflow as tf

    rows = tf.cast(tf.reshape(scores, (tf.shape(scores)[0], -1)), tf.float32)
    return sign * tf.gather(rows, index, axis=1)


def traced(function: Any) -> Any:
    """A tf.function of arrays and numbers: a number is an argument of it, so that another one needs no new trace."""
    import tensorflow as tf

    graph = tf.function(function, autograph=False, reduce_retracing=True)

    def call(*args: Any) -> Any:
        return graph(*(tf.convert_to_tensor(each, tf.float32) if isinstance(each, float) else tf.convert_to_tensor(each) for each in args))

    return call
