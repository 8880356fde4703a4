"""What stands between a network and a dataset, each problem at its layer with the edit that mends it."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from builder.errors import BuilderError
from builder.network.analysis import Analysis, Fix, Problem, Shape
from builder.network.records import Network, Node

from .dataset import Dataset
from .fitting import check_units, fit, shape_text
from .same_shape import give_shape, sized

MOST_BYTES = 6 * 2**30  # of all samples in memory at the input's size


def check(dataset: Dataset, network: Network, analysis: Analysis, *, target: str = "target", inputs: int = 1) -> list[Problem]:
    """Every way in which a network's ends don't fit a dataset; empty where it can be trained.

    Args:
        target: "target", or "input" where the network is to give its own input again.
        inputs: how many the network has; a second one takes the target.
    """
    shapes = {report.name: report for report in analysis.layers}
    problems = [*_ends(network, dataset, inputs)]
    if problems:
        return problems
    first, last = network.inputs[0], network.outputs[0]
    into, out = shapes.get(first.name), shapes.get(last.name)
    if into and into.output_shape is not None:
        problems += _input(dataset, first, into.output_shape, into.dtype or "")
    if out and out.output_shape is not None and target == "input":
        problems += _again(network, last, out.output_shape, into.output_shape if into else None)
    elif out and out.output_shape is not None:
        problems += _output(dataset, network, last, out.output_shape)
    return problems


def _again(network: Network, node: Node, shape: Shape, wanted: Shape | None) -> Iterator[Problem]:
    """The output of an autoencoder has its input's shape."""
    if wanted is not None and shape != wanted:
        message = f"The output is {shape_text(shape)}, but the input, {shape_text(wanted)}, is to come out again: give both the same shape."
        fix = give_shape(network, node, shape, wanted)
        yield Problem(node=node.name, message=message, fixes=(fix,) if fix else ())


def _ends(network: Network, dataset: Dataset, inputs: int) -> Iterator[Problem]:
    """A dataset of one input and one target needs one end of each kind."""
    for ends, word, needed in ((network.inputs, "input", inputs), (network.outputs, "output", 1)):
        if len(ends) != needed:
            count = "one" if needed == 1 else "two"
            message = f"{dataset.title} needs a network with {count} {word}{'' if needed == 1 else 's'}, but this one has {len(ends)}."
            fixes = (_one_input if word == "input" else _one_output)(ends) if len(ends) > 1 and needed == 1 else ()
            yield Problem(node=ends[1].name if len(ends) > 1 else None, message=message, fixes=fixes)


def _one_input(ends: Sequence[Node]) -> tuple[Fix, ...]:
    """All layers read the first input, or the others go."""
    first, others = ends[0].name, [node.name for node in ends[1:]]
    merge = [{"kind": "merge", "name": name, "into": first} for name in others]
    delete = [{"kind": "delete", "name": name} for name in others]
    names = " and ".join(others)
    return Fix(label=f"Read {first} instead of {names}", edit=_one(merge)), Fix(label=f"Delete {names}", edit=_one(delete))


def _one(edits: list[dict[str, Any]]) -> dict[str, Any]:
    """Some edits as one."""
    return edits[0] if len(edits) == 1 else {"kind": "several", "edits": edits}


def _one_output(ends: Sequence[Node]) -> tuple[Fix, ...]:
    """One of the outputs, with all that leads to it."""
    return tuple(Fix(label=f"Keep only what leads to {node.name}", edit={"kind": "only", "name": node.name}) for node in ends[:3])


def _input(dataset: Dataset, node: Node, shape: Shape, dtype: str) -> Iterator[Problem]:
    """Shape, type and memory of the input."""
    fixes = (_set(node, f"Set the shape to {shape_text(dataset.input_shape)}", shape=list(dataset.input_shape)),)
    try:
        fit(dataset, shape)
    except BuilderError as error:
        yield Problem(node=node.name, message=error.sentence, fixes=fixes)
        return
    if dtype.startswith(("int", "uint")) and dataset.dtype.startswith("float"):
        message = f"The input takes whole numbers ({dtype}), such as word numbers, but {dataset.called} has numbers from {dataset.low:g} to {dataset.high:g}."
        yield Problem(node=node.name, message=message, fixes=(_set(node, "Set the type to float32", dtype="float32"),))
    size = 4 * dataset.count * prod(length or 1 for length in shape)
    if size > MOST_BYTES:
        message = f"{dataset.count:,} samples of {shape_text(shape)} take {size / 2**30:.0f} GiB: give the input a smaller shape."
        yield Problem(node=node.name, message=message, fixes=fixes)


def _output(dataset: Dataset, network: Network, node: Node, shape: Shape) -> Iterator[Problem]:
    """One row of numbers, one for each class or target; one at each step where each has a target."""
    if dataset.per_step:
        yield from _steps(dataset, node, shape)
    elif len(shape) != 1:
        message = f"The output is {shape_text(shape)}, but {dataset.called} needs one row of numbers: put a Flatten before the last layer."
        before = network.inputs_of(node.name)
        edit = {"kind": "insert", "source": before[0].source, "target": node.name, "layer": "Flatten"} if len(before) == 1 else None
        yield Problem(node=node.name, message=message, fixes=(Fix(label="Insert a Flatten", edit=edit),) if edit else ())
        return
    try:
        check_units(dataset, shape[-1] or 0)
    except BuilderError as error:
        count = len(dataset.classes) or dataset.targets
        size = sized(network, node)
        name = "units" if size and "units" in size.params else "filters"
        fixes = (_set(size, f"Set {name} to {count}", **{name: count}),) if size else ()
        yield Problem(node=(size or node).name, message=error.sentence, fixes=fixes)


def _steps(dataset: Dataset, node: Node, shape: Shape) -> Iterator[Problem]:
    """A row of numbers at each step."""
    steps = dataset.input_shape[0]
    if len(shape) != 2 or shape[0] not in (steps, None):
        needed = f"{dataset.called} needs {steps} steps with {len(dataset.classes)} numbers each"
        yield Problem(node=node.name, message=f"The output is {shape_text(shape)}, but {needed}: recurrent layers need return_sequences.")


def _set(node: Node, label: str, **params: object) -> Fix:
    return Fix(label=label, edit={"kind": "set", "name": node.name, "params": params})
