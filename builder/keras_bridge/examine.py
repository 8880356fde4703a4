"""Shape inference of one layer, cached (LRU) by all that decides the answer, never by name: its figures, or why Keras refuses it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import keras
from keras.src.backend import compute_output_spec

from builder.keras_bridge.layers import arguments_of, input_tensor, kind_of, make_layer, outputs_of, record_of
from builder.keras_bridge.scope import nothing_allocated
from builder.keras_bridge.sizes import Sizes, bytes_of, elements, macs, weight_bytes

CACHED_LAYERS = 4096
SHARED_LAYERS = 256


class Spec(NamedTuple):
    """Symbolic tensor: its shape, batch axis first, and its dtype, without values."""

    shape: Sizes
    dtype: str


Wires = tuple[tuple[str, tuple[Spec, ...]], ...]  # what arrives at each port, the layer's first port first


@dataclass(frozen=True)
class Figures:
    """What a layer makes of its inputs; `macs` and `activation_bytes` are for one sample."""

    outputs: tuple[Spec, ...]
    params: int = 0
    trainable_params: int = 0
    macs: int = 0
    weight_bytes: int = 0

    @property
    def activation_bytes(self) -> int:
        return sum(elements(spec.shape[1:]) * bytes_of(spec.dtype) for spec in self.outputs)


@dataclass(frozen=True)
class Refusal:
    """Why a layer cannot stand where it stands: our own check's error or Keras's exception, not yet in its final words."""

    error: Exception


class Unforetold(Exception):
    """The layer runs, but gives another shape than Keras foretells and builds what follows for."""

    def __init__(self, foretold: Sizes, given: Sizes) -> None:
        self.foretold, self.given = foretold, given
        super().__init__(f"foretold {foretold}, given {given}")


def _refusal(error: Exception) -> Refusal:
    """An exception without the frames it came through, which would keep their layers alive in the cache."""
    error.__context__ = error.__cause__ = None
    return Refusal(error.with_traceback(None))


def params_key(params: dict[str, Any]) -> str:
    """A layer's parameters as text that is equal whenever they are."""
    return json.dumps(params, sort_keys=True) if params else "{}"


def _figures(layer: keras.Layer, wires: Wires, specs: tuple[Spec, ...]) -> Figures:
    inputs = {port: [spec.shape for spec in arriving] for port, arriving in wires}
    trainable = sum(elements(weight.shape) for weight in layer.trainable_weights)
    return Figures(specs, layer.count_params() if layer.built else 0, trainable, macs(layer, inputs, specs[0].shape), weight_bytes(layer))


def _call(layer_type: str, params: str, trainable: bool, wires: Wires, run: Callable[..., Any]) -> Any:
    """Make the layer inside the scope and hand it with its symbolic arguments to `run`."""
    with nothing_allocated():
        layer = _layer(layer_type, params, trainable)
        tensors = {port: [keras.KerasTensor(spec.shape, spec.dtype) for spec in arriving] for port, arriving in wires}
        first, named = arguments_of(record_of(layer_type), json.loads(params), tensors)
        return run(layer, first, named)


def _layer(layer_type: str, params: str, trainable: bool) -> keras.Layer:
    """A layer to be asked: where Keras has nothing to build, one for inputs of every shape, otherwise a new one."""
    shared = _shared(layer_type, params, trainable) if kind_of(layer_type).build is keras.Layer.build else None
    return shared or make_layer(layer_type, json.loads(params), trainable=trainable)


@lru_cache(maxsize=SHARED_LAYERS)
def _shared(layer_type: str, params: str, trainable: bool) -> keras.Layer | None:
    """A layer that keeps nothing from one call to the next; None for those that do, such as the seed of a Dropout."""
    layer = make_layer(layer_type, json.loads(params), trainable=trainable)
    return None if layer.variables else layer


def _specs(result: Any) -> tuple[Spec, ...]:
    return tuple(Spec(tuple(each.shape), keras.backend.standardize_dtype(each.dtype)) for each in outputs_of(result))


@lru_cache(maxsize=CACHED_LAYERS)
def examine(layer_type: str, params: str, trainable: bool, wires: Wires) -> Figures | Refusal:
    """The figures of one layer on these inputs, by Keras's symbolic call.

    Any exception is the answer, not a crash: Keras raises IndexError, ZeroDivisionError, AttributeError and TypeError
    beside ValueError when parameters and inputs don't fit.
    """
    try:
        return _call(
            layer_type, params, trainable, wires, lambda layer, first, named: _figures(layer, wires, _specs(layer(first, **named)))
        )
    except Exception as error:
        return _refusal(error)


@lru_cache(maxsize=CACHED_LAYERS)
def examine_input(params: str) -> Figures | Refusal:
    """The tensor that an Input node stands for."""
    try:
        return Figures(_specs(input_tensor(json.loads(params))))
    except Exception as error:
        return _refusal(error)


@lru_cache(maxsize=CACHED_LAYERS)
def trace(layer_type: str, params: str, trainable: bool, wires: Wires) -> tuple[Spec, ...] | Refusal:
    """The second look: the real call traced in a scratch graph, which refuses what the symbolic call lets pass.

    Its shapes are the truer ones, its types are not (the traced call skips the casting of inputs). A loop that is
    written out step by step is traced over a few steps only.
    """
    claimed = examine(layer_type, params, trainable, wires)
    if isinstance(claimed, Refusal):
        return claimed
    written_out = layer_type == "TimeDistributed" or '"unroll": true' in params

    def run(layer: keras.Layer, first: Any, named: dict[str, Any]) -> tuple[Spec, ...]:
        layer(first, **named)
        return _specs(compute_output_spec(layer.call, first, **named))

    try:
        traced = _call(layer_type, params, trainable, _few_steps(wires) if written_out else wires, run)
    except Exception as error:
        return _refusal(error)
    if written_out:
        return claimed.outputs
    for real, said in zip(traced, claimed.outputs, strict=True):
        if _differ(real.shape, said.shape):
            return _refusal(Unforetold(said.shape[1:], real.shape[1:]))
    return tuple(Spec(real.shape, said.dtype) for real, said in zip(traced, claimed.outputs, strict=True))


def _differ(one: Sizes, other: Sizes) -> bool:
    """Whether two shapes have another number of axes, or another size where both are known."""
    return len(one) != len(other) or any(None not in sizes and sizes[0] != sizes[1] for sizes in zip(one, other, strict=True))


def _few_steps(wires: Wires) -> Wires:
    """The same inputs, cut to three steps."""
    return tuple(
        (
            port,
            tuple(Spec((*spec.shape[:1], *(min(size or 3, 3) for size in spec.shape[1:2]), *spec.shape[2:]), spec.dtype) for spec in specs),
        )
        for port, specs in wires
    )


def forget() -> None:
    """Clear the caches (LRU): the next analysis asks Keras about every layer."""
    for cached in (examine, examine_input, trace, _shared):
        cached.cache_clear()
