"""Parsing and formatting of field values: limits, lists as people write them, an activation's curve."""

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from builder.catalogue import ACTIVATIONS, Param, curve
from builder.figures import palette
from builder.typed import read_numbers, written


def as_stored(value: Any) -> Any:
    """A value as JSON keeps it: lists, no tuples."""
    return [as_stored(each) for each in value] if isinstance(value, list | tuple) else value


def choice_text(choice: Any) -> str:
    """A choice's label."""
    if isinstance(choice, Mapping):
        inside = ", ".join(f"{key}={value}" for key, value in choice.get("config", {}).items())
        return f"{choice.get('class_name')}({inside})"
    return "none" if choice is None else str(choice)


def as_typed(value: Any) -> str:
    """A list as a person types it: "28, 28, 1"."""
    if value is None:
        return ""
    if not isinstance(value, list | tuple):
        return written(value)
    return ", ".join(
        "any" if each is None else f"({as_typed(each)})" if isinstance(each, list | tuple) else written(each) for each in value
    )


def parsed(param: Param, text: str) -> Any:
    """The list in a person's text, None where there is none; "any" stands for a size that is not fixed.

    Raises:
        BuilderError: a piece of it is no number, or may be two.
    """
    groups = re.findall(r"\(([^()]*)\)", text)
    if len(groups) > 1:
        return [parsed(param, group) for group in groups]
    return read_numbers(text, param.name, whole=param.kind != "floats")


def curve_of(activation: Any) -> str:
    """A small drawing of an activation between -4 and 4, as an image; "" where there is none to draw."""
    if activation not in ACTIVATIONS:
        return ""
    ys = curve(activation, [-4 + at / 4 for at in range(33)])
    low, high = min(*ys, -0.2), max(*ys, 1.0)
    points = " ".join(f"{at / 32 * 54 + 2:.1f},{34 - (y - low) / (high - low) * 32:.1f}" for at, y in enumerate(ys))
    zero = 34 + low / (high - low) * 32
    axes = f'<path d="M2 {zero:.1f}H56M29 2V34" stroke="{palette.EDGES}" stroke-width=".7"/>'
    line = f'<polyline points="{points}" fill="none" stroke="{palette.CLASSES[0]}" stroke-width="2.2" stroke-linejoin="round"/>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="58" height="36">{axes}{line}</svg>'
    data = b64encode(picture.encode()).decode()
    return f'<img class="curve" alt="The curve of {activation} from -4 to 4" src="data:image/svg+xml;base64,{data}">'
