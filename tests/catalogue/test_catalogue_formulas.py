"""The arithmetic that is shown against what Keras computes, over every choice and limit; nothing is allocated."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Any

import keras
import pytest
from keras.src.backend.common import global_state

from builder.catalogue import LAYERS, Layer, check_params
from builder.catalogue.arithmetic import MACS, PARAMETERS, sums
from builder.errors import BuilderError
from builder.keras_bridge import analyse
from builder.keras_bridge.own import class_of
from builder.keras_bridge.sizes import macs
from builder.zoo import ZOO

IMAGE, ODD, SEQUENCE, ROW = (12, 9, 4), (4, 9, 12), (10, 6), (8,)
SPACE = ["height", "width"]


def grid(**options: list[Any]) -> Iterator[dict[str, Any]]:
    """Every combination of the options; `...` leaves the parameter out."""
    for values in product(*options.values()):
        yield {name: value for name, value in zip(options, values, strict=True) if value is not ...}


FORMAT = [..., "channels_first"]
PADDING = [..., "same"]
WINDOW_2D = {"kernel_size": [1, 3, [2, 5]], "strides": [..., 2, [1, 3]], "padding": PADDING, "data_format": FORMAT}
WINDOW_1D = {"kernel_size": [1, 3, 4], "strides": [..., 2, 3], "padding": PADDING, "data_format": FORMAT}
DILATED = {"dilation_rate": [..., 2, [2, 1]], "use_bias": [..., False]}
DILATED_1D = {"dilation_rate": [..., 2], "use_bias": [..., False]}
CONV_1D = {**WINDOW_1D, "padding": [..., "same", "causal"]}
DEPTHS = {"depth_multiplier": [..., 3]}
POOL_2D = {"pool_size": [2, [3, 1]], "strides": [..., 1, [2, 3]], "padding": PADDING, "data_format": FORMAT}
POOL_1D = {"pool_size": [1, 2, 3], "strides": [..., 1, 4], "padding": PADDING, "data_format": FORMAT}
TRANSPOSED = {"strides": [..., 2, 3], "padding": PADDING, "use_bias": [..., False], "data_format": FORMAT}
RECURRENT = {"units": [1, 5], "use_bias": [..., False], "return_sequences": [..., True], "go_backwards": [..., True]}
LSTM = {"layer": "LSTM", "params": {"units": 5}}
GRU = {"layer": "GRU", "params": {"units": 3, "reset_after": False, "return_sequences": True}}
BACK = {"layer": "LSTM", "params": {"units": 5, "go_backwards": True}}
INNER = [
    {"layer": "Dense", "params": {"units": 3}},
    {"layer": "Conv2D", "params": {"filters": 2, "kernel_size": 3}},
    {"layer": "Flatten", "params": {}},
    {"layer": "BatchNormalization", "params": {}},
]

SWEEPS: dict[str, list[tuple[list[tuple[int, ...]], Iterator[dict[str, Any]]]]] = {
    "Dense": [([shape], grid(units=[1, 7], use_bias=[..., True, False])) for shape in (ROW, SEQUENCE, IMAGE)],
    "PReLU": [([IMAGE], grid(shared_axes=[..., [1], [1, 2], [3]])), ([ROW], grid(shared_axes=[...]))],
    "Embedding": [([ROW], grid(input_dim=[1, 50], output_dim=[1, 8], mask_zero=[..., True]))],
    "Conv2D": [([IMAGE], grid(filters=[2, 8], groups=[..., 2, 4], **WINDOW_2D, **DILATED))],
    "Conv1D": [([SEQUENCE], grid(filters=[2, 6], groups=[..., 2, 3], **CONV_1D, **DILATED_1D))],
    "SeparableConv2D": [([IMAGE], grid(filters=[3], **DEPTHS, **WINDOW_2D, **DILATED))],
    "SeparableConv1D": [([SEQUENCE], grid(filters=[3], **DEPTHS, **WINDOW_1D, **DILATED_1D))],
    "DepthwiseConv2D": [([IMAGE], grid(**DEPTHS, **WINDOW_2D, **DILATED))],
    "DepthwiseConv1D": [([SEQUENCE], grid(**DEPTHS, **WINDOW_1D, **DILATED_1D))],
    "Conv2DTranspose": [
        ([IMAGE], grid(filters=[3], kernel_size=[1, 3, [2, 5]], output_padding=[..., 0, 1], dilation_rate=[..., 2], **TRANSPOSED))
    ],
    "Conv1DTranspose": [
        ([SEQUENCE], grid(filters=[3], kernel_size=[1, 2, 3, 5], output_padding=[..., 0, 1, 2], dilation_rate=[..., 2], **TRANSPOSED))
    ],
    "MaxPooling2D": [([IMAGE], grid(**{**POOL_2D, "pool_size": [..., 2, [3, 1]]}))],
    "AveragePooling2D": [([IMAGE], grid(**POOL_2D))],
    "MaxPooling1D": [([SEQUENCE], grid(**POOL_1D))],
    "AveragePooling1D": [([SEQUENCE], grid(**POOL_1D))],
    "SimpleRNN": [([SEQUENCE], grid(**RECURRENT))],
    "LSTM": [([SEQUENCE], grid(unit_forget_bias=[..., False], unroll=[...], **RECURRENT))],
    "GRU": [([SEQUENCE], grid(reset_after=[..., False], **RECURRENT))],
    "Bidirectional": [
        ([SEQUENCE], grid(layer=[LSTM, GRU], merge_mode=[..., "sum", "mul", "ave"])),
        ([SEQUENCE], grid(layer=[LSTM], merge_mode=[..., "sum"], backward_layer=[BACK])),
    ],
    "TimeDistributed": [
        ([(5, *IMAGE)], grid(layer=INNER)),
        ([(5, *SEQUENCE)], grid(layer=[LSTM, GRU, {"layer": "Bidirectional", "params": {"layer": LSTM}}])),
    ],
    "MultiHeadAttention": [
        (
            shapes,
            grid(
                num_heads=[1, 3],
                key_dim=[4],
                value_dim=[..., 5],
                output_shape=[..., 7, [2, 3]],
                use_bias=[..., False],
                use_gate=[..., True],
                attention_axes=[..., [1]],
            ),
        )
        for shapes in ([SEQUENCE, SEQUENCE], [SEQUENCE, (7, 5)], [SEQUENCE, (7, 5), (7, 3)], [IMAGE, IMAGE])
    ],
    "GroupQueryAttention": [
        (
            shapes,
            grid(head_dim=[4], num_query_heads=[4], num_key_value_heads=[1, 2, 4], use_bias=[..., False], use_gate=[..., True]),
        )
        for shapes in ([SEQUENCE, (7, 6)], [IMAGE, IMAGE])
    ],
    "Attention": [([SEQUENCE, (7, 6)], grid(use_scale=[..., True], score_mode=[..., "concat"]))],
    "AdditiveAttention": [([SEQUENCE, (7, 6)], grid(use_scale=[..., False]))],
    "PositionalEmbedding": [([SEQUENCE], grid(kind=[..., "sinusoidal"]))],
    "BatchNormalization": [([IMAGE], grid(axis=[..., 1, 2, -2], center=[..., False], scale=[..., False]))],
    "LayerNormalization": [([IMAGE], grid(axis=[..., 1, [-1], [1, 2], [-1, 1]], center=[..., False], scale=[..., False]))],
    "GroupNormalization": [([IMAGE], grid(groups=[1, 2, -1], axis=[..., 3], center=[..., False], scale=[..., False]))],
    "RMSNormalization": [([IMAGE], grid(axis=[..., 1, [2, -1]]))],
    "Normalization": [([IMAGE], grid(axis=[..., None, [1, 3], 2])), ([IMAGE], grid(mean=[0.5], variance=[1.0]))],
    "Concatenate": [([(3, 4), (3, 5), (3, 1)], grid(axis=[..., 2, -1])), ([(3, 4), (2, 4)], grid(axis=[1, -2]))],
    "Flatten": [([shape], grid(data_format=FORMAT)) for shape in (ROW, SEQUENCE, IMAGE)],
    "UpSampling2D": [([IMAGE], grid(size=[..., 3, [1, 4]], interpolation=[..., "bilinear"], data_format=FORMAT))],
    "UpSampling1D": [([SEQUENCE], grid(size=[..., 1, 3]))],
    "ZeroPadding2D": [([IMAGE], grid(padding=[..., 0, 2, [1, 3], [[0, 1], [2, 3]]], data_format=FORMAT))],
    "ZeroPadding1D": [([SEQUENCE], grid(padding=[..., 0, 3, [1, 2]], data_format=FORMAT))],
    "Cropping2D": [([IMAGE], grid(cropping=[..., 1, [2, 1], [[0, 1], [2, 0]]], data_format=FORMAT))],
    "Cropping1D": [([SEQUENCE], grid(cropping=[..., 2, [0, 3]]))],
}


def value(given: Any) -> Any:
    if isinstance(given, Mapping) and "layer" in given:
        return build(given["layer"], given["params"])
    return tuple(map(value, given)) if isinstance(given, list) else given


def build(layer: str, params: Mapping[str, Any]) -> keras.Layer:
    check_params(LAYERS[layer], params)
    kind = class_of(layer) or getattr(keras.layers, layer)
    return kind(**{name: value(each) for name, each in LAYERS[layer].split(params)[0].items()})


def keras_says(layer: Layer, params: Mapping[str, Any], shapes: list[tuple[int, ...]]) -> tuple[tuple[int, ...], int, int]:
    """Output shape without the batch, parameters, and multiply-accumulates."""
    with keras.StatelessScope(initialize_variables=False):
        try:
            made = build(layer.name, params)
            tensors = [keras.KerasTensor((None, *shape)) for shape in shapes]
            ports = {port.name: [tensor.shape] for port, tensor in zip(layer.inputs, tensors, strict=False)}
            if layer.inputs[0].many:
                output = made(tensors)
            else:
                output = (
                    made(**dict(zip([port.name for port in layer.inputs], tensors, strict=False))) if len(tensors) > 1 else made(tensors[0])
                )
            return tuple(output.shape[1:]), made.count_params(), macs(made, ports, output.shape)
        finally:
            global_state.set_global_attribute("uninitialized_variables", [])


def accepted(layer: Layer, cases: Iterator[dict[str, Any]], shapes: list[tuple[int, ...]]) -> Iterator[tuple[dict[str, Any], Any]]:
    """The cases that Keras takes, with what it says."""
    for params in cases:
        try:
            yield params, keras_says(layer, params, shapes)
        except BuilderError:
            raise
        except Exception:  # a combination that Keras refuses has no figures to explain
            continue


EXAMPLES = {"CategoryEncoding": ROW, "Embedding": ROW, "GroupNormalization": (6, 6, 16)}  # others take an image, a sequence or a row


@cache
def fitting(name: str) -> tuple[tuple[int, ...], ...]:
    """Inputs that a layer takes as it is added: the first kind that Keras accepts."""
    layer = LAYERS[name]
    count = 2 if layer.inputs[0].many else sum(not port.optional for port in layer.inputs)
    kinds = (SEQUENCE, IMAGE, ROW) if layer.family in ("recurrent", "attention") else (IMAGE, SEQUENCE, ROW)
    for shape in (EXAMPLES.get(name), *kinds):
        if shape and (found := list(accepted(layer, iter([layer.start()]), [shape] * count))) and 0 not in found[0][1][0]:
            return (shape,) * count
    pytest.fail(f"{name} takes neither an image nor a sequence nor a row: give it an input in EXAMPLES")


def example(layer: Layer) -> list[tuple[int, ...]]:
    """The same as a list."""
    return list(fitting(layer.name))


def single_changes(layer: Layer) -> Iterator[dict[str, Any]]:
    """A new layer with one parameter at another of its values: each choice, each limit, on and off."""
    yield layer.start()
    for param in layer.params:
        others = list(param.choices) if param.kind == "choice" else [True, False] if param.kind == "bool" else []
        others += [limit for limit in (param.low, param.high) if limit is not None and param.kind in ("int", "float")]
        for other in others:
            yield {**layer.start(), param.name: other}


def sweep(layer: Layer) -> list[tuple[list[tuple[int, ...]], Iterator[dict[str, Any]]]]:
    """What a layer's formulas are held against: its entry in SWEEPS, else every two of its parameters at each choice and limit."""
    return SWEEPS.get(layer.name) or [(example(layer), pairs_of_changes(layer))]


def pairs_of_changes(layer: Layer) -> Iterator[dict[str, Any]]:
    """A new layer with up to two parameters at another of their values."""
    for one, other in combinations_with_replacement(single_changes(layer), 2):
        yield one | {name: value for name, value in other.items() if value != layer.start().get(name)}


@pytest.mark.parametrize("name", [name for name, layer in LAYERS.items() if layer.formulas])
def test_every_figure_that_is_explained_is_keras_own(name):
    layer, looked = LAYERS[name], 0
    for shapes, cases in sweep(layer):
        for params, (output, count, work) in accepted(layer, cases, shapes):
            rows = sums(layer, params, shapes, output)
            totals = {row.label: row.value for row in rows}
            assert totals.get(PARAMETERS, 0) == count, (params, shapes)
            if MACS in totals or not ({"attention_axes", "use_gate"} & set(params)):
                assert totals.get(MACS, 0) == work, (params, shapes)
            for row in rows:
                assert row.axis is None or row.value == output[row.axis], (params, shapes, row)
            if layer.family in ("convolution", "pooling"):
                channel = 0 if params.get("data_format") == "channels_first" else len(output) - 1
                assert {row.axis for row in rows} >= set(range(len(output))) - {channel}, params
            looked += 1
    assert looked >= 3 or (looked and (layer.family == "attention" or not layer.params))


@pytest.mark.parametrize("name", [name for name in LAYERS if name != "Input"])
def test_no_choice_or_limit_makes_a_figure_wrong(name):
    layer, shapes = LAYERS[name], example(LAYERS[name])
    taken = 0
    for params, (output, count, work) in accepted(layer, single_changes(layer), shapes):
        totals = {row.label: row.value for row in sums(layer, params, shapes, output)}
        assert totals.get(PARAMETERS, 0) == count, params
        if name != "GroupQueryAttention" and "use_gate" not in params:
            assert totals.get(MACS, 0) == work, params
        taken += 1
    assert taken


@pytest.mark.parametrize("name", [name for name in LAYERS if name != "Input"])
def test_a_new_layer_runs_on_a_fitting_input(name):
    keras_says(LAYERS[name], LAYERS[name].start(), example(LAYERS[name]))


@pytest.mark.parametrize("name", ZOO)
def test_the_sums_of_every_ready_made_network_add_up(name):
    network = ZOO[name].build()
    for node, report in zip(network.nodes, analyse(network).layers, strict=True):
        if node.layer == "Input":
            continue
        totals = {row.label: row.value for row in sums(LAYERS[node.layer], node.params, report.input_shapes, report.output_shape)}
        assert (totals.get(PARAMETERS, 0), totals.get(MACS, 0)) == (report.params, report.macs), node.name
