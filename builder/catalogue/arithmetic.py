"""Parameter counts, output sizes and MACs as arithmetic, with the person's own numbers in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from .axis_names import axes
from .expression import Unknown, number, work_out
from .layers import LAYERS
from .numbers import Shape, numbers
from .record import Formula, Layer

_ALIKE = {"channels": "features", "features": "channels"}  # one axis, named by the rank
PARAMETERS, MACS = "Parameters", "Multiply-accumulates"


class Explanation(BaseModel):
    """One figure: its label, the arithmetic as text (without "= value"), its value, and the output axis it is the size of."""

    model_config = ConfigDict(frozen=True)

    label: str
    text: str
    value: int
    axis: int | None = None


def explain(layer: str, params: Mapping[str, Any], input_shapes: Sequence[Shape], output_shape: Shape) -> list[Explanation]:
    """Parameters, output sizes and multiply-accumulates of a layer as sums a person can follow.

    `(3 × 3 × 1 + 1) × 32` is 320, `⌊(28 − 3) / 1⌋ + 1` is 26. Shapes are without the batch, one per wire in the order of
    ports. Empty where there is nothing to work out.
    """
    if layer not in LAYERS or not input_shapes or output_shape is None:
        return []
    return [each for each in sums(LAYERS[layer], params, input_shapes, output_shape) if each.text != number(each.value)]


def sums(layer: Layer, params: Mapping[str, Any], input_shapes: Sequence[Shape], output_shape: Shape) -> list[Explanation]:
    """Every formula that holds, also where the figure is just one number; those of nested layers first."""
    values = {param.name: layer.value(params, param.name) for param in layer.params}
    found = numbers(layer, params, input_shapes, output_shape)
    inside, figures = _inside(layer, values, input_shapes, output_shape)
    found.update(figures)
    worked = []
    for formula in layer.formulas:
        if not _holds(formula, values):
            continue
        try:
            value, text = work_out(formula.expression, found)
        except Unknown:
            continue
        if formula.name:
            found[formula.name] = value
        axis, label = _axis(formula, layer, values, output_shape)
        worked.append(Explanation(label=label, text=text, value=value, axis=axis))
    return [*inside, *worked]


def _holds(formula: Formula, values: Mapping[str, Any]) -> bool:
    """`...` in a formula's `when` stands for any value but None."""
    return all((values[name] is not None) if wanted is ... else values[name] == wanted for name, wanted in formula.when.items())


def _axis(formula: Formula, layer: Layer, values: Mapping[str, Any], output_shape: Shape) -> tuple[int | None, str]:
    """Which output axis a formula explains, and its label."""
    if formula.axis is None:
        return None, formula.label
    names = axes(layer.name, output_shape, params=values)
    if formula.axis == "joined":  # Keras counts the batch as axis 0
        place = values["axis"] % (len(names) + 1) - 1
        return place, names[place].capitalize()
    name = formula.axis if formula.axis in names else _ALIKE.get(formula.axis, "")
    return (names.index(name), name.capitalize()) if name in names else (None, formula.label)


def _inside(
    layer: Layer, values: Mapping[str, Any], input_shapes: Sequence[Shape], output_shape: Shape
) -> tuple[list[Explanation], dict[str, int]]:
    """The sums of nested layers, and the figures of them that the outer formulas name: `layer_params`, `layer_macs`, `layer_units`."""
    rows: list[Explanation] = []
    figures: dict[str, int] = {}
    start = 1 if layer.per_step else 0
    for param in layer.params:
        nested = values[param.name]
        if param.kind != "layer" or not isinstance(nested, Mapping) or nested.get("layer") not in LAYERS:
            continue
        inner, inner_params = LAYERS[nested["layer"]], nested.get("params", {})
        found = sums(inner, inner_params, [shape[start:] for shape in input_shapes], output_shape[start:])
        totals = {row.label: row.value for row in found}
        figures[f"{param.name}_params"] = totals.get(PARAMETERS, 0)
        figures[f"{param.name}_macs"] = totals.get(MACS, 0)
        if "units" in inner_params:
            figures[f"{param.name}_units"] = inner_params["units"]
        rows += [
            row.model_copy(update={"label": f"{row.label} of the {inner.name} inside", "axis": None}) for row in found if row.axis is None
        ]
    return rows, figures
