"""Parsing and formatting of field values: limits, lists as people write them, an activation's curve."""

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from builder.catalogue import ACROSS_UNITS, ACTIVATIONS, Param, curve
from builder.errors import BuilderError
from builder.figures import palette


def as_stored(value: Any) -> Any:
    """A value as JSON keeps it: lists, no tuples."""
    return [as_stored(each) for each in value] if isinstance(value, list | tuple) else value


def choice_text(choice: Any) -> str:
    """A choice's label."""
    if isinstance(choice, Mapping):
        inside = ", ".join(f"{key}={value}" for key, value in choice.get("config", {}).items())
        return f"{choice.get('class_name')}({inside})"
    return "none" if choice is None else str(choice)


def steps(param: Param, kind: type[int] | type[float]) -> dict[str, Any]:
    """The value and step of a number field, without limits: what lies outside comes here to be refused in a sentence."""
    high = param.below if param.high is None else param.high
    return {"value": None, "step": 1 if kind is int else 0.05 if high is not None and high <= 1 else 0.1}


def as_typed(value: Any) -> str:
    """A list as a person types it: "28, 28, 1"."""
    if value is None:
        return ""
    if not isinstance(value, list | tuple):
        return str(value)
    return ", ".join("any" if each is None else f"({as_typed(each)})" if isinstance(each, list | tuple) else str(each) for each in value)


def parsed(param: Param, text: str) -> Any:
    """The list in a person's text, None where there is none; "any" stands for a size that is not fixed.

    Raises:
        BuilderError: something in it is not a number.
    """
    if not text.strip():
        return None
    groups = re.findall(r"\(([^()]*)\)", text)
    if len(groups) > 1:
        return [parsed(param, group) for group in groups]
    kind = float if param.kind == "floats" else int
    words = [word for word in re.split(r"[\s,;×x]+", text.strip("()[] ")) if word]
    try:
        return [None if word.lower() in ("any", "none") else kind(word) for word in words]
    except ValueError as error:
        raise BuilderError(param.name, "numbers with commas between them, such as 28, 28, 1", f"“{text}”") from error


def curve_of(activation: Any) -> str:
    """A small drawing of an activation between -4 and 4, as an image; "" where there is none to draw."""
    if activation not in ACTIVATIONS or activation in ACROSS_UNITS:
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
