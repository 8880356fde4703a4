"""Variables of a formula by name: a layer's parameters, and the sizes that go in and come out.

| name | what |
| --- | --- |
| `units`, `use_bias` | a parameter; on is 1, off is 0 |
| `kernel_size_height` | one of a parameter's numbers; `padding_height_before` where each may be a pair |
| `height`, `width`, `steps`, `channels`, `features` | sizes of the first input; `channels` and `features` are one axis |
| `sizes`, `leading`, `places`, `first` | all of them, all but the last, all but the channels, the first |
| `query_features`, `query_leading` | the same at a port, where a layer has several |
| `out_places`, `out_features` | the output's |
| `along` | sizes along the parameter `axis`; `joined`: each input's size there |
| `layer_params`, `layer_macs`, `layer_units` | figures of a nested layer |
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .axis_names import axes
from .param import Param
from .record import Layer

Shape = Sequence[int | None]


def numbers(layer: Layer, params: Mapping[str, Any], input_shapes: Sequence[Shape], output_shape: Shape) -> dict[str, Any]:
    """Every number a formula of this layer may name; a size that isn't fixed is left out or None."""
    values = {param.name: layer.value(params, param.name) for param in layer.params}
    found: dict[str, Any] = {}
    for param in layer.params:
        found.update(_param(param, values[param.name]))
    found.update(_input(layer, values, input_shapes[0]))
    found.update(_ports(layer, input_shapes))
    found.update(_output(values, output_shape))
    if isinstance(values.get("axis"), int | list | tuple):
        found.update(_along(values["axis"], input_shapes))
    if layer.numbers:
        found.update(layer.numbers(values, tuple(tuple(shape) for shape in input_shapes)))
    return found


def _param(param: Param, value: Any) -> dict[str, Any]:
    if isinstance(value, bool | int):
        listed = [value] * len(param.axes)
    elif isinstance(value, list | tuple) and len(value) == len(param.axes):
        listed = list(value)
    else:
        return {}
    found = {} if isinstance(value, list | tuple) else {param.name: int(value)}
    for axis, each in zip(param.axes, listed, strict=True):
        if param.pairs:
            before, after = each if isinstance(each, list | tuple) else (each, each)
            found.update({f"{param.name}_{axis}_before": before, f"{param.name}_{axis}_after": after})
        else:
            found[f"{param.name}_{axis}"] = each
    return found


def _channel_axis(values: Mapping[str, Any], rank: int) -> int:
    return 0 if values.get("data_format") == "channels_first" and rank > 1 else rank - 1


def _input(layer: Layer, values: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    channel = _channel_axis(values, len(shape))
    named = dict(zip(axes(layer.name, shape, params=values), shape, strict=True))
    whole = {"sizes": tuple(shape), "leading": tuple(shape[:-1]), "places": (*shape[:channel], *shape[channel + 1 :])}
    ends = {"first": shape[0], "channels": shape[channel], "features": shape[channel]} if shape else {}
    return {**named, **whole, **ends}


def _output(values: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    channel = _channel_axis(values, len(shape))
    return {"out_places": (*shape[:channel], *shape[channel + 1 :]), "out_features": shape[channel] if shape else None}


def _ports(layer: Layer, input_shapes: Sequence[Shape]) -> dict[str, Any]:
    """Sizes at each port of a layer that has several; an optional port that is open is like the one before it."""
    if len(layer.inputs) < 2:
        return {}
    found: dict[str, Any] = {}
    for index, port in enumerate(layer.inputs):
        shape = input_shapes[min(index, len(input_shapes) - 1)]
        found.update({f"{port.name}_features": shape[-1] if shape else None, f"{port.name}_leading": tuple(shape[:-1])})
    return found


def _along(axis: int | Sequence[int], input_shapes: Sequence[Shape]) -> dict[str, Any]:
    """Keras counts the batch as axis 0."""
    wanted = [axis] if isinstance(axis, int) else sorted(axis, key=lambda each: each % (len(input_shapes[0]) + 1))
    sizes = [(None, *shape) for shape in input_shapes]
    try:
        return {"along": tuple(sizes[0][each] for each in wanted), "joined": tuple(size[wanted[0]] for size in sizes)}
    except IndexError:
        return {}
