"""Gradient of an output with respect to each input step (how far back a network looks): which step of the input an answer hangs on, by the length of its gradient."""

from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.probes.model.execute import inputs_of, labels, mask_of, run_and_sample, run_graph, tokens_of, traced, with_mask
from builder.probes.model.hooks import squashing, unsquashed
from builder.probes.model.loaded import Loaded
from builder.probes.model.record import Found
from builder.words import format_shape

MOST_ANSWERS = 64  # steps of the output whose gradients are computed without being asked for


def lookback(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Saliency over time: the gradient norm || d score / d input_t || for each step t, for tokens at their embedding.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given; `target`, the class or unit whose score,
            before softmax, is asked about (None: the highest at each step); `step` of the output (None: all, or the last of many).

    Returns:
        `steps` (of the output), `targets` (the unit asked about at each), `tokens` (labels or None), `checks`; arrays
        `strength` (output step, input step) and `scores` (output step,).
    """
    run, one = run_and_sample(arguments, arrays)
    x = inputs_of(one)
    places = _places(run)
    shape = run.output(places[0]).shape[1:] if places else x[0].shape[1:]
    if len(shape) != 2:
        raise BuilderError("Looking back", "an input of steps", f"one of shape {format_shape(shape)}")
    graph = traced(run, "memory", lambda delta, rows, target, *tensors: _slopes(run, places, delta, rows, target, *tensors))
    none = np.zeros((1, x[0].shape[1], shape[-1]), "float32")
    count = int(np.prod(run.model.outputs[0].shape[1:-1] or (1,))) if None not in run.model.outputs[0].shape[1:] else x[0].shape[1]
    steps = _steps(arguments.get("step"), count)
    target = -1 if arguments.get("target") is None else int(arguments["target"])
    units = run.model.outputs[0].shape[-1]
    if target >= units:
        raise BuilderError("The target", f"a unit from 0 to {units - 1}", str(target))
    scores, targets, slopes = (np.asarray(each) for each in graph(none, np.array(steps), target, *x))
    gap = _finite_difference(graph, none, steps, targets, slopes, x)
    tokens = next(iter(tokens_of(run, one).values()), None)
    answer = {
        "steps": steps,
        "targets": targets.tolist(),
        "tokens": None if tokens is None else labels(one, tokens),
        "checks": [{"name": "Slope as a small step finds it, in parts of it", "value": gap}],
        "epoch": run.epoch,
    }
    return answer, {"strength": np.linalg.norm(slopes[:, 0], axis=-1), "scores": scores}


def _places(run: Loaded) -> list[str]:
    """The Embedding layers of the first Input; none where the input itself is numbers."""
    first = run.network.inputs[0].name
    return [edge.target for edge in run.network.outputs_of(first) if facts(run.network.node(edge.target).layer).embeds]


def _steps(asked: int | None, count: int) -> list[int]:
    if asked is not None:
        if not 0 <= int(asked) < count:
            raise BuilderError("The step", f"a number from 0 to {count - 1}", str(asked))
        return [int(asked)]
    return list(range(count)) if count <= MOST_ANSWERS else [count - 1]


def _slopes(run: Loaded, places: list[str], delta: Any, rows: Any, target: Any, *tensors: Any) -> tuple[Any, Any, Any]:
    """Scores (rows,), their units, and their gradients (rows, 1, steps, features) by `delta`, which is added to the input or embedding."""
    import tensorflow as tf

    def add(layer: Any, first: Any, named: dict[str, Any]) -> Any:
        value = layer(first, **named)
        return with_mask(value + delta, mask_of(value))

    last = run.network.outputs[-1].name
    with tf.GradientTape() as tape:
        tape.watch(delta)
        given = tensors if places else (tensors[0] + delta, *tensors[1:])
        with unsquashed(squashing(run)):
            made = run_graph(run, given, dict.fromkeys(places, add))[last][0]
        flat = tf.gather(tf.reshape(made, (-1, made.shape[-1])), rows)
        units = tf.where(target < 0, tf.argmax(flat, axis=-1, output_type=tf.int32), target)
        chosen = tf.gather(flat, units, batch_dims=1)
    slopes = tape.jacobian(chosen, delta, experimental_use_pfor=False, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return chosen, units, slopes


def _finite_difference(graph: Any, none: np.ndarray, steps: list[int], targets: np.ndarray, slopes: np.ndarray, x: Any) -> float:
    """Gradient check: how far the slope of the last score along its own direction is from (F(x + e) - F(x - e)) / 2e, in parts of it."""
    slope = slopes[-1]
    length = float(np.linalg.norm(slope))
    if not length:
        return 0.0
    move, row, target = 0.01 * slope / length, np.array(steps[-1:]), int(targets[-1])
    ahead, behind = (float(graph((none + way * move).astype("float32"), row, target, *x)[0][0]) for way in (1, -1))
    return abs((ahead - behind) / 0.02 - length) / length


OPERATIONS = (lookback,)
