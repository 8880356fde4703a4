"""Parameter values and layers as Python expressions."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from builder.catalogue import LAYERS, check_params
from builder.errors import BuilderError

WIDTH = 115  # letters in a line, as far as a call can be broken
OBJECTS = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}


def call(layer: str, params: Mapping[str, Any], **more: Any) -> str:
    """`layers.Dense(units=10, activation='softmax', name='digits')`.

    Raises:
        BuilderError: the catalogue has no such layer, or no such parameter, or its value is outside the limits.
    """
    if layer not in LAYERS:
        raise BuilderError(layer, "to be a layer type of the catalogue", "an unknown one", "Replace it by a layer from the palette.")
    check_params(LAYERS[layer], dict(params))
    owner = "keras." if layer == "Input" else "" if LAYERS[layer].own else "layers."
    made, _ = LAYERS[layer].split(params)
    return wrapped(f"{owner}{layer}", (*(f"{key}={value(each, key)}" for key, each in made.items()), *_pairs(more)))


def value(given: Any, param: str = "") -> str:
    """A JSON value as Keras wants it: lists as tuples, a nested layer and a regularizer as calls, numbers and text by `repr`."""
    if isinstance(given, Mapping):
        return _object(given, param)
    if isinstance(given, list | tuple):
        inside = ", ".join(value(each) for each in given)
        if len(inside) > WIDTH and all(isinstance(each, list | tuple) for each in given):
            return "".join(["(\n", *(f"    {value(each)},\n" for each in given), ")"])
        if any(isinstance(each, Mapping) for each in given):
            return f"[{inside}]"
        return f"({inside},)" if len(given) == 1 else f"({inside})"
    if isinstance(given, float) and not math.isfinite(given):
        return f"float({str(given)!r})"
    return repr(given)


def _object(given: Mapping[str, Any], param: str) -> str:
    if "layer" in given:
        return call(given["layer"], given.get("params", {}), **({} if given.get("trainable", True) else {"trainable": False}))
    module = OBJECTS.get(param.rpartition("_")[2])
    if module and str(given.get("class_name")).isidentifier():
        return wrapped(f"keras.{module}.{given['class_name']}", _pairs(given.get("config", {})))
    return f"{{{', '.join(f'{key!r}: {value(each)}' for key, each in given.items())}}}"


def _pairs(values: Mapping[str, Any]) -> tuple[str, ...]:
    wrong = next((key for key in values if not key.isidentifier()), None)
    if wrong is not None:
        raise BuilderError(wrong, "a parameter's name", "something else")
    return tuple(f"{key}={value(each)}" for key, each in values.items())


def wrapped(function: str, arguments: Iterable[str]) -> str:
    """A call on one line, or with a line for each argument where it would grow too long."""
    arguments = tuple(arguments)
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    return f"{function}(\n" + "".join(f"    {each}".replace("\n", "\n    ") + ",\n" for each in arguments) + ")"
