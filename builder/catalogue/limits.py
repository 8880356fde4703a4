"""Validation of a node's parameters against the limits of its layer's record, nested layers included."""

from collections.abc import Mapping
from typing import Any

from builder.errors import BuilderError

from .layers import LAYERS
from .param import REQUIRED, as_text
from .record import Layer


def check_params(layer: Layer, params: Mapping[str, Any]) -> None:
    """Hold a node's parameters against the limits.

    Raises:
        BuilderError: a parameter is unknown, missing or outside its limits; it sits on that parameter.
    """
    known = {param.name: param for param in layer.params}
    for name, value in params.items():
        if name not in known:
            raise BuilderError(layer.name, f"parameters of its own ({', '.join(known) or 'it has none'})", str(name)[:60])
        known[name].check(value)
        if known[name].kind == "layer" and value is not None:
            _check_nested(name, value)
    for param in layer.params:
        if param.default is REQUIRED and param.name not in params:
            raise BuilderError(param.name, param.needed, "nothing")


def _check_nested(name: str, value: Mapping[str, Any]) -> None:
    params = value.get("params", {})
    if (
        set(value) - {"layer", "params", "trainable"}
        or not isinstance(params, Mapping)
        or not isinstance(value.get("trainable", True), bool)
    ):
        raise BuilderError(name, "a layer type, its params and its trainable flag", as_text(dict(value)))
    try:
        check_params(LAYERS[value["layer"]], params)
    except BuilderError as error:
        raise BuilderError(f"{name}.{error.where}", error.needed, error.came, error.hint) from error
