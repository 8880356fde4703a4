"""Python identifiers of layers: a network's own names where Python allows them, never a keyword or a name in use."""

import builtins
import keyword
import re
from collections.abc import Collection, Iterable

TAKEN = {*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "keras", "layers", "model", "x", "name"}


def variables(names: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """A Python variable for each name, all different and none of `taken`: `conv-1` becomes `conv_1`, `input` becomes `inputs`."""
    found: dict[str, str] = {}
    reserved = TAKEN | set(taken)
    used = set(reserved)
    for name in names:
        word = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "layer"
        word = "inputs" if word == "input" else f"layer_{word}" if word[0].isdigit() else word
        variable, number = (f"{word}_" if word in reserved else word), 1
        while variable in used:
            number += 1
            variable = f"{word}_{number}"
        used.add(variable)
        found[name] = variable
    return found
