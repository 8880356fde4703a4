"""From a node's parameters to a Keras layer, and from its wires to the layer's call."""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

import keras

from builder.catalogue import LAYERS, check_params
from builder.catalogue.record import Layer as Record
from builder.errors import BuilderError
from builder.keras_bridge.own import class_of


def record_of(layer: str) -> Record:
    """The catalogue's record of a layer type."""
    if layer not in LAYERS:
        raise BuilderError(layer, "a layer type of the catalogue", f"{layer!r}", "Replace it by a layer from the palette.")
    return LAYERS[layer]


def kind_of(layer: str) -> type[keras.Layer]:
    """Keras's class of a layer type, or our own."""
    return _kind(record_of(layer).name)


@cache
def _kind(layer: str) -> type[keras.Layer]:
    """The class, its constructor's signature worked out: Keras asks Python for it twice for every layer that is made."""
    kind = class_of(layer) or getattr(keras.layers, layer)
    vars(kind.__init__)["__signature__"] = inspect.signature(kind.__init__)
    return kind


def make_layer(layer: str, params: Mapping[str, Any], *, name: str | None = None, trainable: bool = True) -> keras.Layer:
    """The Keras layer of a type and its parameters, not yet built."""
    record = record_of(layer)
    check_params(record, dict(params))
    arguments = {key: _value(value) for key, value in record.split(params)[0].items()}
    made = kind_of(layer)(**arguments, **({"name": name} if name else {}))
    if not trainable:
        made.trainable = False
    return made


def _value(value: Any) -> Any:
    """A JSON value as Keras wants it: lists as tuples, a nested layer as a layer."""
    if isinstance(value, Mapping) and "layer" in value:
        return make_layer(value["layer"], value.get("params", {}), trainable=value.get("trainable", True))
    if isinstance(value, list | tuple):
        values = [_value(each) for each in value]
        return values if any(isinstance(each, keras.Layer) for each in values) else tuple(values)
    return value


def input_tensor(params: Mapping[str, Any], *, name: str | None = None) -> keras.KerasTensor:
    """The tensor an Input node stands for: (batch, *shape)."""
    check_params(record_of("Input"), dict(params))
    return keras.Input(shape=tuple(params["shape"]), dtype=params.get("dtype"), name=name)


def arguments_of(record: Record, params: Mapping[str, Any], tensors: Mapping[str, list[Any]]) -> tuple[Any, dict[str, Any]]:
    """The call's first argument and its keyword arguments, from the tensors at each port."""
    given = {port.name: tensors[port.name] if port.many else tensors[port.name][0] for port in record.inputs if port.name in tensors}
    return given.pop(record.inputs[0].name), given | record.split(params)[1]


def outputs_of(result: Any) -> list[Any]:
    """What a call returned, as a list in the order of the record's output ports."""
    return keras.tree.flatten(result)
