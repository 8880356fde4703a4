"""Layer config (`get_config`) to the catalogue's parameters: what is Keras's default is left out."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder.catalogue import LAYERS, REQUIRED, Layer, Param
from builder.errors import BuilderError

Config = Mapping[str, Any]
# Not parameters: who the layer is, what it is made of, and what only Keras's own saving needs.
ELSEWHERE = {"name", "trainable", "dtype", "batch_shape", "batch_input_shape", "input_shape", "build_config", "compile_config"}
IDLE = {"renorm_momentum"}  # means something only beside another that notes would name
# What Keras calls the initializer that a short name stands for, where its numbers are the default ones.
SHORT = {"uniform": ("RandomUniform", {"minval": -0.05, "maxval": 0.05})}
REFUSED = {"Lambda", "__lambda__", "__function__", "__bound_method__"}


def params_of(kind: str, config: Config, where: str) -> tuple[dict[str, Any], list[str]]:
    """The parameters of a layer, and in words what of its configuration the catalogue does not know.

    Raises:
        BuilderError: a function stands where a value belongs.
    """
    record, found = LAYERS[kind], {}
    known = {param.name: param for param in record.params if not param.in_call}
    for name, param in known.items():
        if name in config:
            found[name] = value_of(param, config[name], f"{where} {name}")
    kept = {name: value for name, value in found.items() if not is_default(record, known[name], value, found)}
    elsewhere = ELSEWHERE | IDLE | set(known)
    strange = [name for name, value in config.items() if name not in elsewhere and value not in (None, False, 0, "", [])]
    return kept, [f"{where}: {name}={config[name]!r}"[:120] for name in strange]


def value_of(param: Param, value: Any, where: str) -> Any:
    """One value as the catalogue has it."""
    if not isinstance(value, Mapping):
        return value
    kind = value.get("class_name")
    if kind in ("function", "builtins"):
        return _function(param, value.get("config"), where)
    if kind in REFUSED:
        raise BuilderError(where, "a value", "a function of the file's own", "Files that bring code along are not opened.")
    config = value.get("config") or {}
    if param.kind == "layer" and kind in LAYERS:
        params, _ = params_of(str(kind), config, where)
        return {"layer": kind, "params": params} | ({} if config.get("trainable", True) else {"trainable": False})
    return _object(param, str(kind), config)


def _function(param: Param, name: Any, where: str) -> Any:
    """A function that has a name of Keras's own; any other comes from the file's author."""
    if name in param.choices:
        return name
    raise BuilderError(where, param.needed, f"a function of its own, {name!r}"[:80], "Files that bring code along are not opened.")


def _object(param: Param, kind: str, config: Config) -> Any:
    """An initializer, regularizer or constraint: by its short name where its numbers are the default ones."""
    plain = {key: value for key, value in config.items() if value is not None}
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    if name in param.choices and not plain:
        return name
    return next((short for short, known in SHORT.items() if known == (kind, plain) and short in param.choices), None) or {
        "class_name": kind,
        "config": dict(config),
    }


def is_default(record: Layer, param: Param, value: Any, found: Mapping[str, Any]) -> bool:
    """Whether Keras would take this value where none is given."""
    default = None if param.default is REQUIRED else param.default
    if param.default is REQUIRED:
        return False
    if param.name == "data_format" and value == "channels_last":
        return True
    if default is None and param.falls_back:
        default = record.value({**found, param.name: None}, param.name)
    return list(numbers(param, value)) == list(numbers(param, default))


def numbers(param: Param, value: Any) -> Iterator[Any]:
    """A value's entries, where one number may stand for all."""
    if isinstance(value, list | tuple):
        yield from (list(each) if isinstance(each, tuple) else each for each in value)
    elif param.scalar and param.size and value is not None:
        yield from [value] * param.size
    else:
        yield value
