"""Keras history (`inbound_nodes`, `keras_history`) as wires, in Keras 3's form and Keras 2's."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from builder.errors import BuilderError
from builder.keras_bridge.from_keras.values import Config


class Tensor(NamedTuple):
    """What Keras calls a history: which layer made it, at which of its calls, as which of its outputs."""

    layer: str
    call: int
    output: int


def arriving(layer: Config) -> list[tuple[str, Tensor]]:
    """The tensors of a layer's only call, each with the port it is named for."""
    calls = layer.get("inbound_nodes") or []
    if len(calls) > 1:
        hint = "Here each layer is used once: give every place a layer of its own."
        raise BuilderError(str(layer.get("name")), "to be called once", f"{len(calls)} calls", hint)
    if not calls:
        return []
    if isinstance(calls[0], Mapping):
        named = [("", calls[0].get("args", [])), *calls[0].get("kwargs", {}).items()]
        return [(port, tensor) for port, value in named for tensor in tensors(value)]
    return [("", history(each)) for each in listed(calls[0])]


def call_of(layer: Config) -> Config:
    """The arguments of its call that are no tensors."""
    calls = layer.get("inbound_nodes") or []
    if calls and isinstance(calls[0], Mapping):
        return {key: value for key, value in calls[0].get("kwargs", {}).items() if isinstance(value, bool | int | float | str)}
    return {}


def tensors(value: Any) -> Iterator[Tensor]:
    """Every tensor in an argument, in order."""
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            yield history(value.get("config", {}).get("keras_history"))
        else:
            for each in value.values():
                yield from tensors(each)
    elif isinstance(value, list):
        for each in value:
            yield from tensors(each)


def history(value: Any) -> Tensor:
    """`[layer, call, output]` as a Tensor."""
    if not isinstance(value, list) or len(value) < 3 or not isinstance(value[1], int) or not isinstance(value[2], int):
        raise BuilderError("The file", "wires as Keras writes them, [layer, call, output]", repr(value)[:60])
    return Tensor(str(value[0]), value[1], value[2])


def listed(value: Any) -> list[Any]:
    """A list of histories, also where Keras wrote a single one."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [value]
    return value if isinstance(value, list) else []
