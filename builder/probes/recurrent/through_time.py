"""Backpropagation through time: gradients of a recurrent layer's state by its earlier states, vanishing or exploding."""

from typing import Any, NamedTuple

import numpy as np

from builder.catalogue import LAYERS, facts
from builder.errors import BuilderError
from builder.probes.model.execute import inputs_of, mask_of, run_and_sample, run_graph, traced, with_mask
from builder.probes.model.hooks import squashing, unsquashed
from builder.probes.model.loaded import Loaded
from builder.probes.model.record import Found

from .gates import chosen, directions, layer_io, output_of, read

MOST_BYTES = 256 * 2**20  # of all steps' Jacobians


class Steps(NamedTuple):
    """Jacobians of a recurrent layer's steps in the order that it takes them.

    Attributes:
        jacobians: (time, state, state), d s_t / d s_(t-1); the identity at masked steps.
        before: the states before each step, (time, state). x: (time, features). mask: (time,) bool, whether a step counts.
    """

    jacobians: np.ndarray
    before: np.ndarray
    x: np.ndarray
    mask: np.ndarray


def steps_of(layer: Any, x: np.ndarray, mask: np.ndarray | None) -> Steps:
    """Jacobian of every step at once, by TensorFlow's own gradient of the layer's cell; an LSTM's state is [hidden, cell]."""
    import tensorflow as tf

    found = read(layer, x, mask)
    way = -1 if layer.go_backwards else 1
    states = np.concatenate([found[name][::way] for name in ("hidden", "cell") if name in found], axis=1)
    size = states.shape[1]
    if (needed := 4 * len(x) * size * size) > MOST_BYTES:
        came = f"{needed / 2**20:,.0f} MiB"
        raise BuilderError("Gradients through time", "at most 256 MiB for the steps' Jacobians", came, "Take fewer units or steps.")
    before = np.concatenate([np.zeros((1, size), "float32"), states[:-1]])
    counts = np.ones(len(x), bool) if mask is None else mask[::way]
    start = tf.constant(before)
    with tf.GradientTape() as tape:
        tape.watch(start)
        after = _after(layer.cell, tf.constant(x[::way]), start, size // layer.units)
    jacobians = np.asarray(tape.batch_jacobian(after, start))
    return Steps(np.where(counts[:, None, None], jacobians, np.eye(size, dtype="float32")), before, x[::way], counts)


def _after(cell: Any, x: Any, before: Any, parts: int) -> Any:
    """The joined states after a step from the joined states before it; every time step is one of a batch."""
    import keras
    import tensorflow as tf

    _, states = cell(x, tf.split(before, parts, axis=-1))
    return tf.concat(keras.tree.flatten(states), axis=-1)


def norms(jacobians: np.ndarray) -> np.ndarray:
    """Vanishing or exploding gradient: the largest factor by which a small change of an earlier state changes the last one.

    || d s_T / d s_(T-k) || for k = 0, 1, ..., the spectral norm of the product of the last k Jacobians, (time + 1,).
    """
    product = np.eye(jacobians.shape[-1])
    found = [1.0]
    for jacobian in jacobians[::-1]:
        product = product @ jacobian.astype("float64")
        found.append(float(np.linalg.norm(product, 2)) if np.isfinite(product).all() else float("inf"))
    return np.array(found)


def backwards(steps: Steps, slopes: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Backpropagation through time: d score / d s_t, (time, state).

    Args:
        slopes: d score / d output_t, (time, units).
        last: d score / d s_T by the ways that leave the layer as its state, (state,).
    """
    found, carried = np.zeros(steps.before.shape), last.astype("float64")
    for at in range(len(found) - 1, -1, -1):
        carried[: slopes.shape[1]] += slopes[at]
        found[at] = carried
        carried = carried @ steps.jacobians[at].astype("float64")
    return found


def through_time(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Backpropagation through time in a recurrent layer: its gradients, step by step back from its end.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given; `layer` (None: the first recurrent one),
            `direction` of a Bidirectional ("forward" or "backward"), `target` (None: the highest score of the last step).

    Returns:
        `layer`, `kind`, `direction`, `largest` (the recurrent weights' largest singular value), `checks`; arrays, by the input's time,
        `gradient` || d score / d state_t ||, `input_gradient` || d score / d x_t ||, (time,), and by distance from the end `norms`
        || d s_T / d s_(T-k) ||, (time + 1,), for a SimpleRNN with tanh also its `bound` largest^k.
    """
    run, one = run_and_sample(arguments, arrays)
    name = chosen(run, arguments.get("layer"))
    layer, what = run.model.get_layer(run.names[name]), layer_io(run, one, name)
    ways = directions(layer)
    way = arguments.get("direction") or next(iter(ways))
    if way not in ways:
        raise BuilderError("The direction", f"one of {', '.join(ways)}", repr(way))
    target = -1 if arguments.get("target") is None else int(arguments["target"])
    graph = traced(run, f"output slope {name}", lambda unit, *tensors: _output_slope(run, name, unit, *tensors))
    expected, slope, *states = (np.asarray(each)[0] for each in graph(target, *inputs_of(one)))
    lasts = np.array_split(np.concatenate(states), len(ways)) if states else [None] * len(ways)
    shares = zip(_shared(layer, what, slope).items(), lasts, strict=True)
    found = {each: _traced_back(ways[each], what, own, last) for (each, own), last in shares}
    total = sum(np.asarray(each["x"]) for each in found.values())
    inner, own = ways[way], found[way]
    recurrent = np.asarray(inner.get_weights()[1])
    largest = float(np.linalg.norm(recurrent, 2))
    made = {"gradient": np.linalg.norm(own["state"], axis=1), "input_gradient": np.linalg.norm(own["x"], axis=1), "norms": own["norms"]}
    if facts(type(inner).__name__).arithmetic == "simple" and inner.activation.__name__ == "tanh":
        made["bound"] = largest ** np.arange(len(own["norms"]))
    check = {"name": "d score / d input as TensorFlow's own", "value": float(np.abs(total - expected).max())}
    answer = {"layer": name, "kind": type(inner).__name__, "direction": way, "largest": largest, "checks": [check], "epoch": run.epoch}
    return answer, made


def _output_slope(run: Loaded, name: str, target: Any, *tensors: Any) -> tuple[Any, ...]:
    """d score / d input of a layer, d score / d output of it, and where it gives them, by its states."""
    import keras
    import tensorflow as tf

    last, noted = run.network.outputs[-1].name, {}
    with tf.GradientTape(persistent=True) as tape:

        def hand(layer: Any, given: Any, named: dict[str, Any]) -> Any:
            noted["x"] = with_mask(tf.identity(given), mask_of(given))
            tape.watch(noted["x"])
            result = layer(noted["x"], **named)
            noted["outputs"] = [with_mask(tf.identity(each), mask_of(each)) for each in keras.tree.flatten(result)]
            return noted["outputs"]

        with unsquashed(squashing(run)):
            made = run_graph(run, tensors, {name: hand})[last][0]
        scores = tf.reshape(made, (-1, made.shape[-1]))[-1]
        score = tf.where(target < 0, tf.reduce_max(scores), scores[tf.maximum(target, 0)])
    zero = tf.UnconnectedGradients.ZERO
    return tuple(tape.gradient(score, each, unconnected_gradients=zero) for each in (noted["x"], *noted["outputs"]))


def _shared(layer: Any, what: Any, slope: np.ndarray) -> Found:
    """The gradient d score / d output of each direction of a layer, in the order of that direction's own output."""
    ways = directions(layer)
    if len(ways) == 1:
        return {"": slope}
    flip = slice(None, None, -1) if layer.return_sequences else slice(None)
    there, back = (output_of(each, read(each, what.x, what.mask)["hidden"], what.mask) for each in ways.values())
    units = there.shape[-1]
    if layer.merge_mode == "concat":
        parts = slope[..., :units], slope[..., units:]
    elif layer.merge_mode == "mul":
        parts = slope * back[flip], slope * there
    else:
        parts = (slope / 2, slope / 2) if layer.merge_mode == "ave" else (slope, slope)
    return {"forward": parts[0], "backward": parts[1][flip]}


def _traced_back(layer: Any, what: Any, slope: np.ndarray, last: np.ndarray | None) -> Found:
    """Backpropagation through time of one direction: d score / d state and d score / d x by the input's time, and norms by distance."""
    import tensorflow as tf

    steps = steps_of(layer, what.x, what.mask)
    if slope.ndim == 1:
        slope = np.concatenate([np.zeros((len(what.x) - 1, len(slope))), slope[None]])
    elif what.mask is not None and layer.zero_output_for_mask:
        slope = slope * steps.mask[:, None]
    states = backwards(steps, slope, np.zeros(steps.before.shape[1]) if last is None else last)
    x = tf.constant(steps.x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        after = _after(layer.cell, x, tf.constant(steps.before), steps.before.shape[1] // layer.units)
    by_x = np.asarray(tape.gradient(after, x, output_gradients=tf.constant(states.astype("float32")))) * steps.mask[:, None]
    way = -1 if layer.go_backwards else 1
    return {"state": states[::way], "x": by_x[::way], "norms": norms(steps.jacobians)}


def vanishing(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Vanishing gradient in fresh SimpleRNN, LSTM and GRU layers, without a run.

    Args:
        arguments: `units`, `steps`, `gain` (what the orthogonal recurrent weights are multiplied with), `seed`.

    Returns:
        `largest` singular value of the recurrent weights and `checks`; arrays, one a layer type with gates: || d s_T / d s_(T-k) || for k = 0, 1, ...,
        and `bound`, largest^k, which the SimpleRNN cannot pass.
    """
    import keras

    units, steps = int(arguments.get("units") or 16), int(arguments.get("steps") or 40)
    gain, seed = float(arguments.get("gain") or 1.0), int(arguments.get("seed") or 1)
    if not 1 <= units <= 64 or not 1 <= steps <= 200 or not 0 < gain <= 10:
        raise BuilderError("The experiment", "1 to 64 units, 1 to 200 steps and a gain up to 10", f"{units}, {steps} and {gain}")
    x = np.random.default_rng(seed).normal(size=(steps, 4)).astype("float32")
    made: Found = {"bound": gain ** np.arange(steps + 1.0)}
    off = 0.0
    kinds = {name: layer.arithmetic for name, layer in LAYERS.items() if layer.gates}
    for kind in kinds:
        start = keras.initializers.Orthogonal(gain, seed=seed)
        layer = getattr(keras.layers, kind)(units, recurrent_initializer=start, kernel_initializer=keras.initializers.GlorotUniform(seed))
        layer.build((1, steps, 4))
        made[kind] = norms(steps_of(layer, x, None).jacobians)
        off = max(off, float(np.abs(output_of(layer, read(layer, x, None)["hidden"], None) - np.asarray(layer(x[None]))[0]).max()))
    bound = [made[kind] / made["bound"] for kind, arithmetic in kinds.items() if arithmetic == "simple"]
    over = float(max(np.max(bound) - 1, 0.0))
    checks = [{"name": "Fresh layers' own outputs", "value": off}, {"name": "SimpleRNN within its bound", "value": over}]
    return {"largest": gain, "checks": checks}, made


OPERATIONS = (through_time, vanishing)
