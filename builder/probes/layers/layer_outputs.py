"""Forward pass and activations of every layer: layers' outputs for one input, as much of each as is drawn, with figures over all of it.

Where all outputs together fit into memory they are computed at once and kept, so that the next question about the same
input costs nothing. Else each is cut down inside the graph, and no more than a forward pass needs is ever in memory.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from math import gcd, prod
from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.probes.model.cuts import Cut, taken
from builder.probes.model.hooks import answering
from builder.probes.model.loaded import MOST_OUTPUTS, Loaded, output_bytes, outputs
from builder.probes.model.ports import laid_out, laid_shape, split
from builder.probes.model.record import Found
from builder.probes.model.samples import Sample

MOST_KEPT = 128 * 2**20  # bytes of outputs that stay in memory between two questions
LARGEST = 2**30  # bytes of one layer's output, where a forward pass is all there is room for
BINS = 40
PIECES = 64  # of an output whose figures are taken one after the other


class LayerSummary(NamedTuple):
    """A layer's output as drawn: `numbers` (maps, rows, columns), the largest size in each whole map, and statistics over all of it."""

    shape: tuple[int, ...]
    numbers: np.ndarray
    extents: np.ndarray
    figures: dict[str, Any]


def fits(run: Loaded, one: Sample) -> bool:
    """Whether every layer's whole output fits into memory at once, 512 MiB."""
    return output_bytes(run, one.x) <= MOST_OUTPUTS


def all_outputs(run: Loaded, one: Sample) -> Found:
    """Every layer's output, by node name; those of the last input are cached."""
    key = (run.epoch, one.x.tobytes(), *(each.tobytes() for each in one.more))
    kept = run.functions.get("seen")
    if kept is None or kept[0] != key:
        kept = key, outputs(run, one.x, *one.more)
        run.functions["seen"] = kept if sum(value.nbytes for value in kept[1].values()) <= MOST_KEPT else None
    return kept[1]


def with_inputs(run: Loaded, one: Sample, name: str) -> Found:
    """A layer's input and output activations, all that its arithmetic needs; every layer's where there is room.

    Raises:
        BuilderError: these few alone are too large.
    """
    import keras
    import tensorflow as tf

    if fits(run, one):
        return all_outputs(run, one)
    names = [name, *(edge.source for edge in run.network.inputs_of(name) if edge.source in run.names)]
    needed = sum(4 * prod(_shape(run, each)) for each in names)
    if needed > MOST_OUTPUTS:
        raise BuilderError(f"The arithmetic of {name}", "at most 512 MiB for what it reads", f"{needed / 2**20:,.0f} MiB")
    if (key := f"around {name}") not in run.functions:
        model = keras.Model(run.model.inputs, [run.model.get_layer(run.names[each]).output for each in names])
        run.functions[key] = tf.function(lambda *inputs: model(list(inputs), training=False), autograph=False)
    values = run.functions[key](one.x, *one.more)
    found = {each: keras.tree.flatten(value) for each, value in zip(names, values if len(names) > 1 else [values], strict=True)}
    return {f"{each}/{port}" if port else each: np.asarray(part)[0] for each, parts in found.items() for port, part in enumerate(parts)}


def forward(run: Loaded, one: Sample, cuts: Mapping[str, Cut]) -> tuple[dict[str, LayerSummary], np.ndarray]:
    """Forward pass: what is drawn of each of these layers, and the network's own output.

    Raises:
        BuilderError: one layer's output alone is too large.
    """
    last = run.network.outputs[0].name
    if not fits(run, one):
        return _in_graph(run, one, cuts)
    values = all_outputs(run, one)
    return (_all_looked(run, values, cuts) if cuts else {}), values[last]


def _all_looked(run: Loaded, values: Found, cuts: Mapping[str, Cut]) -> dict[str, LayerSummary]:
    """What is drawn of these outputs; cached as long as the outputs are."""
    kept = run.functions.get("looked")
    if kept is None or kept[0] is not values or kept[1] != cuts:
        kept = values, dict(cuts), {name: _looked(laid_out(run.network, name, values[name]), cut) for name, cut in cuts.items()}
        run.functions["looked"] = kept if values is (run.functions.get("seen") or (None, None))[1] else None
    return kept[2]


def summarise(value: np.ndarray, cut: Cut) -> LayerSummary:
    """What is drawn of an array that needs no forward pass, such as an input."""
    return _looked(value, cut)


def _looked(value: np.ndarray, cut: Cut) -> LayerSummary:
    whole = taken(value, Cut(cut.maps, 1, 1))
    sizes = np.abs(np.where(np.isfinite(whole), whole, 0)) if whole.dtype.kind == "f" else np.abs(whole)
    extents = sizes.reshape(len(whole), -1).max(axis=1, initial=0)
    numbers = whole[:, :: cut.down, :: cut.across] if value.ndim != 1 else whole
    return LayerSummary(value.shape, numbers.astype("float32"), extents.astype("float32"), figures(value))


def figures(value: np.ndarray, bins: int = 0) -> dict[str, Any]:
    """Statistics over a whole output; `zeros` is the share of exact zeros, `wrong` that of NaN and infinity, `counts` a histogram."""
    right = np.isfinite(value) if value.dtype.kind == "f" else np.True_
    finite = value.reshape(-1).astype("float64" if value.dtype.kind != "f" else value.dtype, copy=False) if right.all() else value[right]
    if not finite.size:
        return {"low": None, "high": None, "mean": None, "spread": None, "zeros": None, "wrong": 1.0} | ({"counts": []} if bins else {})
    found = {
        "low": float(finite.min()),
        "high": float(finite.max()),
        "mean": float(finite.mean(dtype="float64")),
        "spread": float(finite.std(dtype="float64")),
        "zeros": 1 - np.count_nonzero(finite) / finite.size,
        "wrong": 1 - finite.size / value.size,
    }
    return found | ({"counts": np.histogram(finite, bins, (found["low"], _above(found)))[0].tolist()} if bins else {})


def _above(found: Mapping[str, Any]) -> float:
    """The histogram's right end: a layer of equal numbers gets one of some width."""
    return found["high"] if found["high"] > found["low"] else found["low"] + 1.0


def one_layer(run: Loaded, one: Sample, name: str, cut: Cut) -> LayerSummary:
    """One layer's output with the histogram of all its numbers."""
    if not fits(run, one):
        return _in_graph(run, one, {name: cut})[0][name]
    value = laid_out(run.network, name, all_outputs(run, one)[name])
    found = _looked(value, cut)
    return found._replace(figures=figures(value, BINS))


def _in_graph(run: Loaded, one: Sample, cuts: Mapping[str, Cut]) -> tuple[dict[str, LayerSummary], np.ndarray]:
    """Forward pass in a graph that frees each output once the next is made: what is drawn of each layer, and the output."""
    shapes = {name: _shape(run, name) for name in cuts}
    largest = max(shapes, key=lambda name: prod(shapes[name]), default="")
    if largest and 4 * prod(shapes[largest]) > LARGEST:
        came = f"{4 * prod(shapes[largest]) / 2**20:,.0f} MiB"
        raise BuilderError(f"Looking at {largest}", "at most 1,024 MiB for its output", came, "Give the input a smaller shape.")
    *rows, output = _graph(run, cuts)(one.x, *one.more)
    found = {}
    for (name, shape), (numbers, extents, sums, counts) in zip(shapes.items(), rows, strict=True):
        low, high, mean, spread, zeros, wrong = (float(each) for each in sums)
        known = {"low": low, "high": high, "mean": mean, "spread": spread, "zeros": zeros, "wrong": wrong}
        found[name] = LayerSummary(
            laid_shape(run.network, name, shape), np.asarray(numbers), np.asarray(extents), known | {"counts": np.asarray(counts).tolist()}
        )
    return found, np.asarray(output)[0]


def _shape(run: Loaded, name: str) -> tuple[int, ...]:
    """An output's shape, which is known where outputs are this large."""
    shape = symbolic(run, name)
    if None in shape:
        raise BuilderError(f"Looking at {name}", "an input whose size is known", "one that is open", "Give the input a smaller shape.")
    return tuple(length for length in shape if length is not None)


def symbolic(run: Loaded, name: str) -> tuple[int | None, ...]:
    """An output's shape without the batch axis, as Keras infers it."""
    import keras

    node, place = split(run.network, name)
    return tuple(keras.tree.flatten(run.model.get_layer(run.names[node]).output)[place].shape[1:])


def _graph(run: Loaded, cuts: Mapping[str, Cut]) -> Any:
    """A tf.function with forward hooks: inputs to what is drawn of each layer, and the output; a layer waits for the one before."""
    import tensorflow as tf

    def pass_through(*inputs: Any) -> Sequence[Any]:
        rows: dict[str, Sequence[Any]] = {}

        def noted(names: dict[int, str], values: list[Any]) -> list[Any]:
            for place, name in names.items():
                rows[name] = _reduced(laid_out(run.network, name, values[place][0]), cuts[name])
            with tf.control_dependencies([each for name in names.values() for each in rows[name]]):
                return [tf.identity(value) for value in values]

        with ExitStack() as inside:
            for node, names in _by_node(run, cuts).items():
                inside.enter_context(answering(run.model.get_layer(run.names[node]), partial(noted, names)))
            output = run.model(list(inputs) if len(inputs) > 1 else inputs[0], training=False)
        return [*(rows[name] for name in cuts), output[0] if isinstance(output, list | tuple) else output]

    key = f"look {sorted(cuts.items())}"
    if key not in run.functions:
        run.functions[key] = tf.function(pass_through, autograph=False)
    return run.functions[key]


def _by_node(run: Loaded, names: Iterable[str]) -> dict[str, dict[int, str]]:
    """The outputs' names by node and place."""
    found: dict[str, dict[int, str]] = {}
    for name in names:
        node, place = split(run.network, name)
        found.setdefault(node, {})[place] = name
    return found


def _reduced(value: Any, cut: Cut) -> Sequence[Any]:
    """Numbers, extents, statistics and histogram of a tensor, in the graph; NaN and infinity count as 0 in both."""
    import tensorflow as tf

    value = tf.cast(value, tf.float32)
    size = prod(value.shape)
    count = gcd(size, PIECES)
    pieces = tf.reshape(value, (count, -1))  # taken one after the other by their number: no copy of all of them is ever made

    def each(what: Any, kind: Any) -> Any:
        return tf.map_fn(lambda at: what(pieces[at]), tf.range(count), parallel_iterations=1, fn_output_signature=kind)

    parts = each(_part, tf.float32)
    low, high = tf.reduce_min(parts[:, 0]), tf.reduce_max(parts[:, 1])
    mean, square, zeros, wrong = tf.unstack(tf.reduce_sum(parts[:, 2:], axis=0) / size)
    ends = tf.stack([low, tf.maximum(high, low + 1e-12)])
    counts = each(lambda piece: tf.histogram_fixed_width(_safe(piece), ends, BINS), tf.int32)
    spread = tf.sqrt(tf.maximum(square - mean * mean, 0))
    return taken(value, cut), _extents(value)[: cut.maps], tf.stack([low, high, mean, spread, zeros, wrong]), tf.reduce_sum(counts, axis=0)


def _safe(piece: Any) -> Any:
    import tensorflow as tf

    return tf.where(tf.math.is_finite(piece), piece, tf.zeros_like(piece))


def _part(piece: Any) -> Any:
    """Smallest, largest, sum, sum of squares, how many are zero and how many NaN or infinite."""
    import tensorflow as tf

    safe = _safe(piece)
    zeros = tf.reduce_sum(tf.cast(tf.equal(piece, 0), tf.float32))
    wrong = tf.reduce_sum(tf.cast(tf.logical_not(tf.math.is_finite(piece)), tf.float32))
    return tf.stack([tf.reduce_min(safe), tf.reduce_max(safe), tf.reduce_sum(safe), tf.reduce_sum(tf.square(safe)), zeros, wrong])


def _extents(value: Any) -> Any:
    """The largest absolute value in each map."""
    import tensorflow as tf

    if len(value.shape) < 2:
        return tf.abs(tf.reshape(value, [-1]))
    axes = list(range(len(value.shape) - 1))
    return tf.maximum(tf.reduce_max(value, axes), -tf.reduce_min(value, axes))
