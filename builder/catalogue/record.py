"""The records of the catalogue: Formula and Layer (Param and Port are in param.py)."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from .families import FAMILIES
from .param import REQUIRED, Kind, Param, Port

__all__ = ["REQUIRED", "Formula", "Kind", "Layer", "Param", "Port", "Shapes"]

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
    """One layer type, and every fact about it that the rest of the program goes by: nothing else asks for its name.

    All facts may be left out; the layer then works as Keras has it, and no view of Explore takes it apart.

    Attributes:
        terms: search terms: what people call it, in small letters, beside its name.
        further: the output ports beside the first, `output`, from the parameters.
        numbers: what formulas need beside parameters and shapes, from (parameters, input shapes).
        per_step: whether a nested layer sees one step at a time, so a shape without its first axis.
        own: where Keras has no such layer, the module of `builder/keras_bridge/own` with the class of this name.
        passes: whether outside training its output is its input, number by number, at most in another shape.
        arithmetic: the rule by which probes put a number of its output together, a name of `RULES` in probes/layers/lens.py, or
            for a layer with gates of `STEPS` in probes/recurrent/gates.py; a layer that passes needs none.
        attends: whether it is attention: "split" into heads with projections of their own, one head ("single"), or one that
            adds query and key instead of multiplying them ("additive").
        gates: of a recurrent layer, what each step computes beside its states, in the order of drawing.
        inside: of a recurrent layer, in a sentence, what these do.
        both_ways: whether it reads a sequence forwards and backwards with the recurrent layer that it wraps.
        embeds: whether its input is tokens, for each of which it gives a vector.
        positional: whether it tells steps where they stand.
        latent: whether it draws a code from the `mean` and `log_variance` at its ports.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    family: str
    summary: str
    terms: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    inputs: tuple[Port, ...] = (Port(),)
    further: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    formulas: tuple[Formula, ...] = ()
    numbers: Callable[[Mapping[str, Any], Shapes], Mapping[str, Any]] | None = None
    per_step: bool = False
    own: str = ""
    passes: bool = False
    arithmetic: str = ""
    attends: Literal["", "split", "single", "additive"] = ""
    gates: tuple[str, ...] = ()
    inside: str = ""
    both_ways: bool = False
    embeds: bool = False
    positional: bool = False
    latent: bool = False

    @field_validator("family")
    @classmethod
    def _known(cls, family: str) -> str:
        if family not in FAMILIES:
            raise ValueError(f"one of the families {', '.join(FAMILIES)}")
        return family

    @property
    def recurrent(self) -> bool:
        """Whether its steps can be recomputed, one after the other."""
        return bool(self.gates) or self.both_ways

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


def _copy(value: Any) -> Any:
    """Starting values belong to the record; a node gets lists and dicts of its own."""
    if isinstance(value, Mapping):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list | tuple) else value
