"""Exceptions of Keras as one sentence a person can act on: what arrived, what was needed, what to try.

Each rule is a pattern of Keras's own words and a function that turns the match into a BuilderError with its fixes as
edits. What no rule knows keeps Keras's sentence, without the noise around it.
"""

import re
from collections.abc import Callable

from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.keras_bridge import branch_fixes, fixes, size_fixes
from builder.keras_bridge.buttons import count, set_param
from builder.keras_bridge.examine import Unforetold, Wires
from builder.keras_bridge.place import Place
from builder.keras_bridge.trials import wanted_axes, wants_floats
from builder.keras_bridge.wiring import Wiring
from builder.keras_bridge.words import AXES, describe_shape, several
from builder.network.analysis import Fix, Problem
from builder.network.records import Node
from builder.words import format_shape


def plain(error: Exception) -> str:
    """Keras's own sentence: what stands between its bold marks, else the first paragraph, on one line."""
    text = str(error) or type(error).__name__
    bold = re.search(r"\x1b\[1m(.*?)\x1b\[0m", text, re.S)
    first = bold[1] if bold else text.split("\n\nArguments received")[0].split("\n\n")[0]
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[\d*m", "", first)).strip().rstrip(".")


def as_error(node: Node, error: Exception, wiring: Wiring, wires: Wires) -> BuilderError:
    """The BuilderError for what went wrong at a node."""
    place = Place(node, wiring, wires)
    if isinstance(error, BuilderError):
        where = node.name if error.where in (node.name, node.layer) else f"{node.name}'s {error.where}"
        return BuilderError(where, error.needed, error.came, error.hint, fixes=error.fixes)
    if isinstance(error, Unforetold):
        return _unforetold(error, place)
    text = plain(error)
    for pattern, rule in RULES:
        if (match := re.search(pattern, text)) and (known := rule(match, place)):
            return known
    return _by_trial(place) or place.error("other inputs or settings", several(place.shapes), f"Keras says: {text}.")


def _unforetold(error: Unforetold, place: Place) -> BuilderError:
    """Keras builds what follows for another shape than comes: two directions of unlike length, beside each other."""
    node = place.node
    there, back = (node.params.get(name) for name in ("layer", "backward_layer"))
    if not (isinstance(there, dict) and isinstance(back, dict) and there["params"].get("units") != back["params"].get("units")):
        came = f"{format_shape(error.given)} where it foretells {format_shape(error.foretold)}"
        hint = "What follows would be built for the wrong shape: change its input or its settings."
        return place.error("an output of the shape that Keras foretells", came, hint)
    units = there["params"].get("units")
    same = {**back, "params": {**back["params"], "units": units}}
    button = set_param(node, "backward_layer", same, f"Set the units of {node.name}'s backward layer to {units}")
    needed = f"as many units in its backward layer as in the other, {units}"
    came = f"{back['params'].get('units')}"
    return place.error(needed, came, f"{button['label']}: Keras builds what follows for {format_shape(error.foretold)}.", button)


def as_problem(node: str | None, error: BuilderError, severity: str = "error") -> Problem:
    """A BuilderError as a problem at a node, or of the whole network."""
    return Problem(node=node, message=error.sentence, fixes=tuple(Fix(**fix) for fix in error.fixes), severity=severity)


def refused(node: str, error: BuilderError) -> Problem:
    """A BuilderError of a layer as a problem: its fixes are yet to be tried, and `advised` says then what to do."""
    bare = BuilderError(error.where, error.needed, error.came, fixes=error.fixes)
    return as_problem(node, bare).model_copy(update={"advice": error.hint})


def advised(problem: Problem) -> Problem:
    """The problem with what to try in its sentence: its first fixes, or the advice where none helps."""
    labels = " Or: ".join(f"{fix.label}." for fix in problem.fixes[:2])
    if not problem.advice:
        return problem
    return problem.model_copy(update={"message": f"{problem.message} {labels or problem.advice}", "advice": ""})


def _by_trial(place: Place) -> BuilderError | None:
    """Where Keras's words say little: what the same layer would accept."""
    if place.node.layer not in LAYERS or not place.wires:
        return None
    if wants_floats(place.node, place.wires):
        came = " and ".join(sorted({spec.dtype for _, specs in place.wires for spec in specs if spec.dtype != "float32"}))
        return place.error("floating-point numbers (float32)", came, "Set the Input's dtype to float32.", fixes.floats(place))
    axes = wanted_axes(place.node, place.wires)
    return _wrong_axes(place, axes) if axes else None


def _wrong_axes(place: Place, axes: int) -> BuilderError:
    """The input has too few or too many axes."""
    shape = place.shapes[0]
    embed = fixes.embed(place) if axes == 2 else None
    tokens = place.wires[0][1][0].dtype.startswith(("int", "uint"))
    buttons = fixes.keep_steps(place), fixes.move_before(place), fixes.reshape(place, shape, axes)
    ordered = (embed, *buttons) if tokens else (*buttons, embed)
    return place.error(AXES.get(axes, f"{axes} axes"), describe_shape(shape), "Put another layer before it.", *ordered)


def _rank(match: re.Match[str], place: Place) -> BuilderError | None:
    """Keras says how many axes it wants, the batch axis included."""
    return _wrong_axes(place, int(match[2]) - 1) if place.shapes else None


def _different_shapes(match: re.Match[str], place: Place) -> BuilderError | None:
    """Two branches meet with shapes that don't fit."""
    joined = "inputs that agree on every axis but the joined one" if place.node.layer == "Concatenate" else "inputs of one shape"
    ways = branch_fixes.project(place), branch_fixes.pad_same(place), branch_fixes.flatten(place)
    advice = "Change the layers before it until the shapes are equal."
    return place.error(joined, several(place.shapes), advice, *(ways if any(ways) else [branch_fixes.resize(place)]))


def _too_small(match: re.Match[str], place: Place) -> BuilderError | None:
    """A window slides out of the image."""
    needed = f"an input at least as large as its {size_fixes.window(place)}"
    advice = "Make the image before it larger, or the window smaller."
    return place.error(needed, describe_shape(place.shapes[0]), advice, size_fixes.pad(place), size_fixes.smaller_window(place))


def _reshape(match: re.Match[str], place: Place) -> BuilderError | None:
    """Reshape keeps the number of elements."""
    shape, target = place.shapes[0], tuple(place.node.params.get("target_shape", ()))
    total = count(shape)
    needed = f"sizes that multiply to {total:,} ({format_shape(shape)})"
    came = f"{format_shape(target)} = {count(target):,}" if -1 not in target else f"{target}"
    buttons = size_fixes.units_for(place, target), size_fixes.free_axis(place, target), size_fixes.fold(place, target)
    return place.error(needed, came, "Change its target shape; one size may be -1, for whatever is left.", *buttons)


def _unknown_size(match: re.Match[str], place: Place) -> BuilderError | None:
    """A weight would need a size that is only known when data comes."""
    return place.error(
        "known sizes on the axes that its weights span",
        several(place.shapes),
        "Give the Input fixed sizes, or pool over the open axes first.",
        size_fixes.pool_open_axes(place),
    )


def _one_input(match: re.Match[str], place: Place) -> BuilderError | None:
    source = place.wiring.before(place.node.name)
    return place.error("at least two inputs", f"{len(place.shapes)}", "Connect another layer to it.", fixes.connect(place, source))


def _missing_parameter(match: re.Match[str], place: Place) -> BuilderError | None:
    return place.error(f"a value for {match[1]}", "none", f"Set {match[1]} in its form.")


def _no_such_axis(match: re.Match[str], place: Place) -> BuilderError | None:
    """An axis is named that the input doesn't have."""
    axis = place.node.params.get("axis", place.node.params.get("axes"))
    if axis is None or not place.shapes:
        return None
    count = len(place.shapes[0])
    return place.error(
        f"an axis between 1 and {count}, or a negative one from the end",
        f"{axis}",
        "Set axis to -1, the last one.",
        set_param(place.node, "axis", -1),
    )


Rule = Callable[[re.Match[str], Place], BuilderError | None]
RULES: tuple[tuple[str, Rule], ...] = (
    (r"expected (min_|max_)?ndim=(\d+), found ndim=(\d+)", _rank),
    (
        r"(?i)inputs have incompatible shapes|can not merge tensors|requires inputs with matching shapes|inputs with (the )?same (shape|rank)",
        _different_shapes,
    ),
    (
        r"(?i)output size would be zero or negative|negative dimension size|must be greater than|non-positive|smaller than the corresponding",
        _too_small,
    ),
    (r"(?i)total size of the tensor must be unchanged|must be divisible|cannot reshape", _reshape),
    (r"must be fully-defined|must be fully defined|should be defined\. Found `?None", _unknown_size),
    (r"(?i)called on a list of (at least \d+|inputs)|at least (1|2|one|two) inputs?", _one_input),
    (r"missing \d+ required (?:positional|keyword-only) arguments?: '(\w+)'", _missing_parameter),
    (r"(?i)axis|index out of range", _no_such_axis),
)
