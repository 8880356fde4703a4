"""What Keras says of a network: shapes, counts and problems, as records without Keras."""

from typing import Any

from pydantic import BaseModel, ConfigDict

Shape = tuple[int | None, ...]


class Fix(BaseModel):
    """A button beside a problem: its label and the edit it makes (see `builder.network.edits`)."""

    model_config = ConfigDict(frozen=True)

    label: str
    edit: dict[str, Any]


class Problem(BaseModel):
    """What is wrong at one layer (`node`; None: the network as a whole), in one sentence, with its fixes.

    `advice`, what to try where no fix helps, is not yet part of the message: the fixes are still to be tried.
    """

    model_config = ConfigDict(frozen=True)

    node: str | None
    message: str
    fixes: tuple[Fix, ...] = ()
    advice: str = ""
    severity: str = "error"  # or "warning": it runs, but is hardly what was meant


class LayerReport(BaseModel):
    """One layer's figures.

    `input_shapes`, `output_shape` and those of its `further` outputs are without the batch axis; None where the layer has a problem
    or follows one.
    `macs` are multiply-accumulates and `activation_bytes` bytes, both for one sample.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    layer: str
    input_shapes: tuple[Shape, ...] = ()
    output_shape: Shape | None = None
    further: tuple[Shape, ...] = ()
    dtype: str | None = None
    params: int = 0
    trainable_params: int = 0
    macs: int = 0
    weight_bytes: int = 0
    activation_bytes: int = 0


class Analysis(BaseModel):
    """The figures of a whole network, layers in the network's order of nodes."""

    model_config = ConfigDict(frozen=True)

    name: str
    total_params: int = 0
    trainable_params: int = 0
    non_trainable_params: int = 0
    weight_bytes: int = 0
    macs: int = 0
    activation_bytes: int = 0
    layers: tuple[LayerReport, ...] = ()
    problems: tuple[Problem, ...] = ()
