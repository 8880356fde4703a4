"""Summary of a layer's parameters in the few words of its card."""

from collections.abc import Mapping
from typing import Any

from builder.words import format_exact

from .layers import LAYERS
from .param import REQUIRED, Param
from .record import Layer


def settings_text(layer: Layer, params: Mapping[str, Any]) -> str:
    """What a card says of a layer: "32 filters · 3 × 3 · relu"."""
    return " · ".join(word for param in layer.params if (word := _word(layer, param, params)))


def _word(layer: Layer, param: Param, params: Mapping[str, Any]) -> str:
    value = params.get(param.name, param.default)
    if not param.shows or value is None or value is REQUIRED or (_plain(value) == _plain(param.default) and not param.always):
        return ""
    return param.shows.format(_said(param, value))


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _said(param: Param, value: Any) -> str:
    if isinstance(value, Mapping):
        return _nested(value)
    if isinstance(value, list | tuple):
        return f" {_between(param)} ".join(_entry(each) for each in value)
    if param.kind == "ints" and param.size:
        return f" {_between(param)} ".join([_number(value)] * param.size)
    return _entry(value)


def _between(param: Param) -> str:
    return "to" if param.kind == "floats" else "×" if param.low == 1 or param.name == "target_shape" else "and"


def _entry(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_entry, value))})"
    return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _nested(value: Mapping[str, Any]) -> str:
    if value.get("layer") not in LAYERS:
        return str(value.get("layer", value.get("class_name", "")))
    inner = settings_text(LAYERS[value["layer"]], value.get("params", {}))
    return f"{value['layer']} · {inner}" if inner else str(value["layer"])


def _number(value: float) -> str:
    """1/255 reads better than 0.00392157."""
    if isinstance(value, float) and 0 < value < 0.05 and abs(1 / value - round(1 / value)) < 1e-6:
        return f"1/{round(1 / value):,}"
    return format_exact(value)
