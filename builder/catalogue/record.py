"""The records of the catalogue: Formula and Layer (Param and Port are in param.py)."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from builder.errors import BuilderError

from .param import REQUIRED, Kind, Param, Port, said

__all__ = ["REQUIRED", "Family", "Formula", "Kind", "Layer", "Param", "Port", "Shapes"]

Family = Literal[
    "core",
    "convolution",
    "pooling",
    "recurrent",
    "attention",
    "normalisation",
    "regularisation",
    "merge",
    "reshape",
    "preprocessing",
    "block",
]


Shapes = tuple[tuple[int | None, ...], ...]


class Formula(BaseModel):
    """An expression that explains a figure with the person's own numbers.

    `expression` is arithmetic over names, `(kernel_size_height * kernel_size_width * channels + use_bias) * filters`,
    as `expression.py` reads it; the values come from `numbers.py`. Shown and computed from the same text, so what is
    shown is what is computed.

    Attributes:
        label: what it explains: `Parameters`, `Multiply-accumulates`, an output axis such as `Height`, or a part of one.
        axis: the output axis it explains, by its label, or "joined" for the one in the parameter `axis`; None: not an output size.
        when: parameter values for which it holds.
        name: under which name later formulas of the layer may use the result.
    """

    model_config = ConfigDict(frozen=True)

    label: str
    expression: str
    axis: str | None = None
    when: Mapping[str, Any] = {}
    name: str = ""


class Layer(BaseModel):
    """One layer type.

    Attributes:
        further: the output ports beside the first, `output`, from the parameters.
        numbers: what formulas need beside parameters and shapes, from (parameters, input shapes).
        per_step: whether a nested layer sees one step at a time, so a shape without its first axis.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    family: Family
    summary: str
    params: tuple[Param, ...] = ()
    inputs: tuple[Port, ...] = (Port(),)
    further: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    formulas: tuple[Formula, ...] = ()
    numbers: Callable[[Mapping[str, Any], Shapes], Mapping[str, Any]] | None = None
    per_step: bool = False

    def param(self, name: str) -> Param:
        """The parameter of this name; KeyError if there is none."""
        for param in self.params:
            if param.name == name:
                return param
        raise KeyError(name)

    def outputs(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """The output ports of a node with these parameters, in Keras's order of its tensors."""
        return ("output", *(self.further(params) if self.further else ()))

    def split(self, params: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """A node's parameters by when Keras takes them: making the layer, calling it."""
        at_call = {param.name for param in self.params if param.in_call}
        made = {name: value for name, value in params.items() if name not in at_call}
        return made, {name: value for name, value in params.items() if name in at_call}

    def start(self) -> dict[str, Any]:
        """The parameters of a newly added layer, where they are not Keras's defaults."""
        return {param.name: _copy(param.start) for param in self.params if param.start is not None}

    def value(self, params: Mapping[str, Any], name: str) -> Any:
        """A parameter's value in a node: what was set, else Keras's default, else what it falls back to."""
        param = self.param(name)
        value = params.get(name, None if param.default is REQUIRED else param.default)
        return self.value(params, param.falls_back) if value is None and param.falls_back else value

    def check(self, params: Mapping[str, Any]) -> None:
        """Hold a node's parameters against the limits.

        Raises:
            BuilderError: a parameter is unknown, missing or outside its limits; it sits on that parameter.
        """
        known = {param.name: param for param in self.params}
        for name, value in params.items():
            if name not in known:
                raise BuilderError(self.name, f"parameters of its own ({', '.join(known) or 'it has none'})", str(name)[:60])
            known[name].check(value)
            if known[name].kind == "layer" and value is not None:
                _check_nested(name, value)
        for param in self.params:
            if param.default is REQUIRED and param.name not in params:
                raise BuilderError(param.name, param.needed, "nothing")

    def settings(self, params: Mapping[str, Any]) -> str:
        """What a card says of the parameters: "32 filters · 3 × 3 · relu"."""
        from .card_text import settings

        return settings(self, params)


def _copy(value: Any) -> Any:
    """Starting values belong to the record; a node gets lists and dicts of its own."""
    if isinstance(value, Mapping):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list | tuple) else value


def _check_nested(name: str, value: Mapping[str, Any]) -> None:
    from . import LAYERS

    params = value.get("params", {})
    if (
        set(value) - {"layer", "params", "trainable"}
        or not isinstance(params, Mapping)
        or not isinstance(value.get("trainable", True), bool)
    ):
        raise BuilderError(name, "a layer type, its params and its trainable flag", said(dict(value)))
    try:
        LAYERS[value["layer"]].check(params)
    except BuilderError as error:
        raise BuilderError(f"{name}.{error.where}", error.needed, error.came, error.hint) from error
