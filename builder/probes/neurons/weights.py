"""Weights of a layer as pictures: each neuron's in the shape of its input, or the matrix as it is."""

from collections.abc import Sequence
from math import ceil, isqrt, prod, sqrt
from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.network.records import Node
from builder.probes.model.arguments import number
from builder.probes.model.batches import planned
from builder.probes.model.loaded import Loaded, first, loaded
from builder.probes.model.record import Found
from builder.probes.model.samples import asked_sample
from builder.runs.run_folder import weights

from .plane import is_dense, recomputed

MOST_UNITS = 64  # neurons at once
MOST_ROWS = 512  # inputs of a matrix at once
MOST_DRAWN = 300_000  # numbers in all pictures together, of which one at least is drawn
MOST_WHOLE = 1_000_000  # numbers of an array that is sent whole


def with_weights(run: Loaded) -> list[dict[str, Any]]:
    """Layers with weights, each with its arrays' names and shapes."""
    found = []
    for node, layer in run.names.items():
        own = run.model.get_layer(layer)
        arrays = [{"name": name, "shape": list(each.shape)} for name, each in zip(array_names(own), own.weights, strict=True)]
        if arrays:
            found.append({"name": node, "layer": run.network.node(node).layer, "arrays": arrays})
    return found


def array_names(layer: Any) -> list[str]:
    """What a layer's weight arrays are called, each apart: "kernel"; of layers inside it "query kernel", "forward_lstm bias"."""
    paths = [each.path.removeprefix(f"{layer.name}/").split("/") for each in layer.weights]
    depth = min(map(len, paths), default=1) - 1
    differ = [at for at in range(depth) if len({path[at] for path in paths}) > 1]
    names = [path[-1] for path in paths]
    for most in range(1, len(differ) + 1):
        if len(set(names)) == len(names):
            break
        names = [" ".join([*(path[at] for at in differ[:most]), path[-1]]) for path in paths]
    return names


def axis_names(node: Node, array: str, axes: int) -> list[str]:
    """What each axis of a weight array counts: row, column, channel and filter of a kernel, input and unit of a matrix."""
    known = facts(node.layer)
    if known.family == "convolution" and axes > 2:
        ends = ["filter", "channel"] if known.arithmetic == "transposed_convolution" else ["channel", "filter"]
        ends = ["channel", "copy"] if array.endswith("depthwise_kernel") or known.arithmetic == "depthwise_convolution" else ends
        return [*(["row", "column"] if axes == 4 else ["step"] if axes == 3 else [f"axis {at}" for at in range(axes - 2)]), *ends]
    if known.attends == "split":
        heads = ["head", "number"]
        return {1: ["unit"], 2: heads, 3: [*heads, "unit"] if array.startswith("attention_output") else ["input", *heads]}.get(axes, [])
    if axes == 2 and (known.embeds or known.positional):
        return ["token" if known.embeds else "step", "number"]
    return {0: [], 1: ["unit"], 2: ["input", "unit"]}.get(axes, [f"axis {at}" for at in range(axes)])


def kernel_picture(node: Node, shape: Sequence[int]) -> tuple[int, int, int] | None:
    """A convolution's window as a picture (height, width, channels) of each filter; None for other arrays."""
    if facts(node.layer).family != "convolution" or len(shape) < 3:
        return None
    *window, channels, _ = shape
    return prod(window[:-1]), window[-1], channels


def input_image_shape(run: Loaded, name: str, numbers: int) -> tuple[int, int, int] | None:
    """The input image's shape (height, width, channels) before a layer's inputs were flattened; None where they were a row."""
    while True:
        edges = run.network.inputs_of(name)
        if len(edges) != 1:
            return None
        before = run.network.node(edges[0].source)
        shape = own_shape(run, before.name)
        if len(shape) == 3 and prod(shape) == numbers:
            return shape
        if before.is_input:
            return picture_of(run, numbers)
        if not passes(before):
            return None
        name = before.name


def passes(node: Node) -> bool:
    """Whether a layer gives what it gets, as dropout does once training is over."""
    return facts(node.layer).passes


def own_shape(run: Loaded, name: str) -> tuple[int, ...]:
    """The shape of a node's output without the batch axis, open axes as 0."""
    tensor = run.output(name) if name in run.names else run.model.inputs[0]
    return tuple(length or 0 for length in tensor.shape[1:])


def picture_of(run: Loaded, numbers: int) -> tuple[int, int, int] | None:
    """The image shape (height, width, channels) that flattens to so many numbers, None where none does."""
    dataset = planned(run).dataset
    if dataset.kind != "image":
        return None
    height, width, channels = dataset.input_shape
    if height * width * channels == numbers:
        return height, width, channels
    side = isqrt(numbers // channels)
    return (side, side, channels) if side * side * channels == numbers else None


def tiled(values: np.ndarray) -> np.ndarray:
    """Tiles: (units, height, width, channels) as one picture a unit, its channels beside each other, a blank line between, -inf."""
    units, height, width, channels = values.shape
    columns = ceil(sqrt(channels))
    rows = ceil(channels / columns)
    found = np.full((units, rows * (height + 1) - 1, columns * (width + 1) - 1), -np.inf, "float32")
    for channel in range(channels):
        top, left = channel // columns * (height + 1), channel % columns * (width + 1)
        found[:, top : top + height, left : left + width] = values[..., channel]
    return found


def chosen(run: Loaded, arguments: dict[str, Any]) -> tuple[str, int]:
    """The asked layer and the index of its weight array: by default the first layer with weights, and its first array of most axes.

    Raises:
        BuilderError: the layer has no weights, or not so many arrays.
    """
    known = {each["name"]: each for each in with_weights(run)}
    if not known:
        raise BuilderError("This view", "a network with weights", "one without", "Add a Dense layer.")
    name = arguments.get("layer")
    if name is not None and name not in known:
        raise BuilderError("The layer", f"one with weights: {', '.join(known)}", repr(name))
    name = name or next(iter(known))
    axes = [len(each["shape"]) for each in known[name]["arrays"]]
    return name, int(number(arguments, "array", axes.index(max(axes)), 0, len(axes) - 1))


def layer_weights(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Weights of a layer, one array, as they are drawn.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` (for the check), `layer`, `array` (its place), `first` (neuron), `row`
            (first input of a matrix), `place` (the index of one weight; the nearest there is).

    Returns:
        `layers`, `layer`, `array`, `shape`, `kind` ("fields" or "matrix"), `picture` (height, width, channels), `first`, `shown` units at most, `row`, `axes` (what each
        axis counts), `names` of the inputs, `place` with its `value`, `largest` (size of any), `epoch` and the checks; array `values` (units, height, width) or
        (inputs, units), and `whole`, as Keras has it, of up to a million numbers.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    name, place = chosen(run, arguments)
    layer = run.model.get_layer(run.names[name])
    whole = np.asarray(layer.weights[place], "float32")
    columns = whole.shape[-1] if whole.ndim else 1
    node = run.network.node(name)
    picture = input_image_shape(run, name, len(whole)) if whole.ndim == 2 and is_dense(node) else kernel_picture(node, whole.shape)
    first = number(arguments, "first", 0, 0, columns - 1)
    matrix = whole.reshape(-1, columns)
    row = number(arguments, "row", 0, 0, len(matrix) - 1) if picture is None else 0
    most = min(max(MOST_DRAWN // len(matrix), 1), MOST_UNITS) if picture else MOST_UNITS
    some = matrix[:, first : first + most]
    values = tiled(some.T.reshape(-1, *picture)) if picture else some[row : row + MOST_ROWS]
    at = within(arguments.get("place") or (), whole.shape)
    answer = {
        "layers": with_weights(run),
        "layer": name,
        "array": place,
        "shape": list(whole.shape),
        "kind": "fields" if picture else "matrix",
        "picture": list(picture or ()),
        "first": first,
        "shown": most,
        "row": row,
        "axes": axis_names(node, array_names(layer)[place], whole.ndim),
        "names": input_names(run, name, len(matrix)),
        "place": list(at),
        "value": finite(whole[at]),
        "largest": finite(np.abs(whole[np.isfinite(whole)]).max(initial=0)),
        "epoch": run.epoch,
        "checks": checks(run, arguments, arrays, name, place, whole),
    }
    return answer, {"values": np.ascontiguousarray(values)} | ({"whole": whole} if whole.size <= MOST_WHOLE else {})


def within(place: Sequence[int], shape: tuple[int, ...]) -> tuple[int, ...]:
    """An index clipped to an array's shape; the first where it has other axes."""
    if len(place) != len(shape):
        return (0,) * len(shape)
    return tuple(min(max(int(at), 0), length - 1) for at, length in zip(place, shape, strict=True))


def finite(value: Any) -> float | None:
    """A number for JSON, None for NaN and infinity."""
    return float(value) if np.isfinite(value) else None


def input_names(run: Loaded, name: str, count: int) -> list[str]:
    """The feature names of a table whose columns a first layer takes."""
    edges, dataset = run.network.inputs_of(name), planned(run).dataset
    first = len(edges) == 1 and run.network.node(edges[0].source).is_input
    return list(dataset.features) if first and len(dataset.features) == count else []


def checks(run: Loaded, arguments: dict[str, Any], arrays: Found, name: str, place: int, whole: np.ndarray) -> list[dict[str, Any]]:
    """Checks: the checkpoint's weights are the model's; and a Dense layer's weights give its output for the sample."""
    kept = weights(arguments["run"], run.epoch)[f"{run.names[name]}/{place}"]
    found = [{"name": "The same numbers as in the epoch's file", "value": int((kept != whole).sum())}]
    edges = run.network.inputs_of(name)
    if is_dense(run.network.node(name)) and len(edges) == 1 and len(run.model.inputs) == 1:
        one = asked_sample(run, arguments, arrays)
        outputs = {each: np.asarray(first(value)) for each, value in zip(run.names, run.function(one.x), strict=True)}
        before = one.x if run.network.node(edges[0].source).is_input else outputs.get(edges[0].source)
        mine = None if before is None or name not in outputs else recomputed(run, name, before)
        if mine is not None:
            gap = float(np.abs(mine - outputs[name]).max(initial=0))
            found.append({"name": "By numpy this input gets Keras's answer", "value": gap})
    return found


OPERATIONS = (layer_weights,)
