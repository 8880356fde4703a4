"""The arithmetic of one number of a layer's output, exact: the terms whose sum, mean or largest it is, its bias and its activation.

Written for every layer type whose record names one of RULES. Recurrent layers and attention have views of their own; Dot, group
normalisation and the layers that resize are left out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.errors import BuilderError
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found
from builder.probes.model.samples import Sample, asked_sample
from builder.words import format_shape

from . import rows, windows
from .layer_outputs import with_inputs
from .terms import Given, Terms

ALONE = "alone"  # the rule of a layer that passes its input on and names none
RULES: dict[str, Callable[[Given], Terms]] = {
    "convolution": windows.convolution,
    "depthwise_convolution": windows.convolution,
    "separable_convolution": windows.convolution,
    "transposed_convolution": windows.convolution,
    "largest_of_window": windows.pooling,
    "mean_of_window": windows.pooling,
    "largest_of_all": windows.global_pooling,
    "mean_of_all": windows.global_pooling,
    "dense": rows.dense,
    "activation": rows.activation,
    "softmax": rows.softmax,
    "relu": rows.relu,
    "prelu": rows.prelu,
    "elu": rows.elu,
    "embedding": rows.embedding,
    "rescaling": rows.rescaling,
    "batch_normalisation": rows.batch_normalisation,
    "row_normalisation": rows.row_normalisation,
    "rms_normalisation": rows.rms_normalisation,
    "unit_normalisation": rows.unit_normalisation,
    **dict.fromkeys(rows.MERGES, rows.merge),
    "concatenation": rows.concatenate,
    **dict.fromkeys(rows.MOVES, rows.moved),
    ALONE: rows.alone,
}


def rule_of(layer: str) -> str:
    """The name of the rule of a layer type, "" where its arithmetic is not written out."""
    record = facts(layer)
    name = record.arithmetic or (ALONE if record.passes else "")
    return name if name in RULES else ""


def terms(
    layer: str, params: Mapping[str, Any], inputs: Sequence[np.ndarray], weights: Sequence[np.ndarray], index: Sequence[int]
) -> Terms:
    """The terms of one number.

    Args:
        layer: Keras's name of the type; `params` as a node has them.
        inputs: each without the batch axis.
        weights: as `layer.get_weights()` gives them.
        index: of the number in the output, without the batch axis.

    Raises:
        BuilderError: the arithmetic of this type or of this form of it is not written out.
    """
    rule = rule_of(layer)
    if not rule or _other_form(rule, params):
        raise BuilderError(
            f"The arithmetic of {layer}", "a layer whose terms are written out", "one with steps of its own", "Look at its maps."
        )
    return RULES[rule](Given(layer, params, tuple(inputs), weights, tuple(int(each) for each in index)))


def _other_form(rule: str, params: Mapping[str, Any]) -> bool:
    """Forms that are not mere sums: bilinear upsampling, low-rank adapters, a nested activation, an axis list of softmax."""
    smooth = params.get("interpolation", "nearest") != "nearest"
    turned = params.get("data_format") == "channels_first" and rule in rows.MOVES
    return smooth or turned or not isinstance(params.get("activation") or "", str) or isinstance(params.get("axis"), list | tuple)


def lens(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """The arithmetic of one number that a run computes.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given, `layer`, `index` of the number.

    Returns:
        `kind`, `axes`, `bias`, `total`, `activation`, `result`, `own` (the layer's number) and the check, their difference;
        arrays `places`, `values`, `factors`, `products`, `inside`, `sources` and `row`, as `Terms` has them.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    one, name = asked_sample(run, arguments, arrays), str(arguments["layer"])
    if name not in run.names:
        raise BuilderError("The layer", f"one of {', '.join(run.names)}", repr(name))
    values = with_inputs(run, one, name)
    index = index_in(arguments["index"], values[name])
    node = run.network.node(name)
    weights = run.model.get_layer(run.names[name]).get_weights()
    found = terms(node.layer, node.params, inputs_of(run, name, values, one), weights, index)
    own = float(values[name][index])
    answer: dict[str, Any] = {
        "layer": name,
        "index": list(index),
        "kind": found.kind,
        "axes": list(found.axes),
        "bias": found.bias,
        "total": found.total,
        "activation": found.activation,
        "unit": found.unit,
        "result": found.result,
        "own": own,
        "epoch": run.epoch,
        "check": {"name": "Result less the layer's own output", "value": found.result - own},
    }
    return answer, _arrays(found)


def _arrays(found: Terms) -> Found:
    arrays = {"places": found.places, "values": found.values, "factors": found.factors, "products": found.products}
    arrays["inside"] = found.inside
    for name, value in (("row", found.row), ("sources", found.sources)):
        if value is not None:
            arrays[name] = value
    return arrays


def index_in(asked: Sequence[int], value: np.ndarray) -> tuple[int, ...]:
    """The index of a number in an output, held against its shape.

    Raises:
        BuilderError: the output has no such place.
    """
    index = tuple(int(each) for each in asked)
    if len(index) != value.ndim or not all(0 <= at < size for at, size in zip(index, value.shape, strict=True)):
        raise BuilderError("The index", f"a place in {format_shape(value.shape)}", str(list(index)))
    return index


def inputs_of(run: Loaded, name: str, values: Found, one: Sample) -> list[np.ndarray]:
    """The inputs of a layer, in the order of its wires: other layers' outputs for a sample, or the sample itself."""
    starts = [node.name for node in run.network.inputs if run.network.outputs_of(node.name)]
    given = dict(zip(starts, (one.x[0], *(each[0] for each in one.more)), strict=True))
    found = []
    for edge in run.network.inputs_of(name):
        source = run.network.node(edge.source)
        ports = facts(source.layer).outputs(source.params)
        port = ports.index(edge.source_port) if edge.source_port in ports else 0
        found.append(given[edge.source] if edge.source in given else values[f"{edge.source}/{port}" if port else edge.source])
    return found


OPERATIONS = (lens,)
