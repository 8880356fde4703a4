"""The overview of a network: what flows through every layer for one input, as small as its card; and one layer closer."""

from math import prod
from typing import Any

import numpy as np

from builder.errors import BuilderError
from builder.probes.model import cuts
from builder.probes.model.cuts import Cut
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.ports import laid_shape, of_heads, own_shape, port, split
from builder.probes.model.record import Found
from builder.probes.model.samples import Sample, asked_sample
from builder.runs.run_folder import epoch_path

from .layer_outputs import LayerSummary, all_outputs, fits, forward, one_layer, summarise, symbolic

MOST_CARDS = 300_000  # numbers in all cards together: 1.5 MiB are sent
NEAR = 16  # cards around the chosen one that are drawn in full where there are too many
FULL = cuts.FEW_MAPS * cuts.SIDE**2
MOST_CLOSER = 300_000  # numbers of one layer
MOST_WHOLE = 1_200_000  # where whole maps are asked for
MOST_WEIGHTS = 64 * 2**20  # bytes of weights that are held against the stored ones


def overview(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Every layer's card for one input at an epoch, Input nodes included; a layer has one for each of its outputs.

    Args:
        arguments: `run`, `epoch`, `part` and `sample` unless the array `input` is given, `near`: the layer around which
            cards are drawn in full, where all would be too many.

    Returns:
        `layers` [{name, layer, shape, kind, strides, count, low, high, mean, spread, zeros, wrong, coarse}], `epoch`, `part`, `sample`;
        `of`, `port` and `heads` (whether its maps are heads) too for a layer's further outputs, whose names are as in `outputs`;
        for each `card:NAME` (maps, rows, columns) and `extent:NAME` (maps,), the largest size in each whole map.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    one = asked_sample(run, arguments, arrays)
    shapes = _shapes(run, one)
    chosen = shared(shapes, arguments.get("near"))
    found, _ = forward(run, one, {name: chosen[name] for name in shapes if split(run.network, name)[0] in run.names})
    looks = {name: summarise(value, chosen[name]) for name, value in _inputs(run, one).items()} | found
    layers = [described(run, name, each, chosen[name]) for name, each in looks.items()]
    parts = {f"card:{name}": each.numbers for name, each in looks.items()} | {
        f"extent:{name}": each.extents for name, each in looks.items()
    }
    place = {"part": arguments.get("part") or "test", "sample": int(arguments.get("sample") or 0)}
    return {"layers": layers, "epoch": run.epoch, **place}, parts


def described(run: Loaded, name: str, found: LayerSummary, cut: Cut) -> dict[str, Any]:
    """A layer's statistics and how its feature maps were cut."""
    shape, (node, place) = found.shape, split(run.network, name)
    figures = {key: value for key, value in found.figures.items() if key != "counts"}
    further = {"of": node, "port": port(run.network, name), "heads": of_heads(run.network, name)} if place else {}
    return {
        "name": name,
        "layer": run.network.node(node).layer,
        "shape": list(own_shape(run.network, name, shape)),
        "kind": cuts.kind(shape),
        "strides": [cut.down, cut.across],
        "count": cuts.laid(shape)[0],
        "coarse": cut != cuts.card(shape, FULL),
        **further,
        **figures,
    }


def shared(shapes: dict[str, tuple[int, ...]], near: str | None) -> dict[str, Cut]:
    """The cut of each card: all in full where that is not too much, else those around one layer, and the others small."""
    full = {name: cuts.card(shape, FULL) for name, shape in shapes.items()}
    sizes = {name: cuts.numbers(shape, full[name]) for name, shape in shapes.items()}
    if sum(sizes.values()) <= MOST_CARDS:
        return full
    names = list(shapes)
    middle = names.index(near) if near in names else 0
    first = min(max(middle - NEAR // 2, 0), max(len(names) - NEAR, 0))
    close = names[first : first + NEAR]
    room = max((MOST_CARDS - sum(sizes[name] for name in close)) // max(len(names) - len(close), 1), 16)
    return {name: full[name] if name in close else cuts.card(shape, room) for name, shape in shapes.items()}


def _inputs(run: Loaded, one: Sample) -> Found:
    """The network's inputs, by the name of their Input node."""
    starts = [node.name for node in run.network.inputs if run.network.outputs_of(node.name)]
    return dict(zip(starts, (one.x[0], *(each[0] for each in one.more)), strict=True))


def _shapes(run: Loaded, one: Sample) -> dict[str, tuple[int, ...]]:
    """The shape of every output of every node, without the batch axis, maps last; an open axis counts as long as the input's longest."""
    found = {name: value.shape for name, value in _inputs(run, one).items()}
    if fits(run, one):
        rest = {name: value.shape for name, value in all_outputs(run, one).items()}
    else:
        longest = max(one.x.shape[1:], default=1)
        rest = {name: tuple(length or longest for length in symbolic(run, name)) for name in run.outputs}
    return found | {name: laid_shape(run.network, name, shape) for name, shape in rest.items()}


def layer(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """One layer's maps, units or steps, all of them where they are few enough.

    Args:
        arguments: as for `overview`; `layer`; `how`: "smaller" (all maps, every n-th number) or "fewer" (the first ones, whole).

    Returns:
        As an entry of the overview's `layers`, with `counts` (a histogram from `low` to `high`), `needs` (bytes of all of it) and
        `fewer`, `step` (what each way of asking for less leaves), `whole`; arrays `maps` (maps, rows, columns) and `extent` (maps,).
    """
    run, name = loaded(arguments["run"], arguments.get("epoch")), str(arguments["layer"])
    one = asked_sample(run, arguments, arrays)
    inputs, shapes = _inputs(run, one), _shapes(run, one)
    if name not in shapes:
        raise BuilderError("The layer", f"one of {', '.join(shapes)}", repr(name))
    shape = shapes[name]
    less = {"smaller": cuts.smaller(shape, MOST_CLOSER), "fewer": cuts.fewer(shape, MOST_WHOLE)}
    cut = less["fewer" if arguments.get("how") == "fewer" else "smaller"]
    found = _with_counts(inputs[name], cut) if name in inputs else one_layer(run, one, name, cut)
    answer = described(run, name, found, cut) | {"counts": found.figures["counts"], "epoch": run.epoch, "needs": 4 * prod(shape)}
    answer |= {"fewer": less["fewer"].maps, "step": max(less["smaller"][1:]), "whole": cuts.numbers(shape, cut) >= prod(shape)}
    return answer, {"maps": found.numbers, "extent": found.extents}


def _with_counts(value: np.ndarray, cut: Cut) -> LayerSummary:
    from .layer_outputs import BINS, figures

    return summarise(value, cut)._replace(figures=figures(value, BINS))


def self_check(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Self-check: the output against the run's own model's, the weights in memory against the stored ones.

    Args:
        arguments: as for `overview`; `layer`: the one whose weights are compared, None: all, as long as they are few enough.

    Returns:
        `checks` [{name, value}], each value a largest difference.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    one = asked_sample(run, arguments, arrays)
    _, shown = forward(run, one, {})
    checks = [{"name": "The run's own output", "value": float(np.abs(shown - _own_output(run, one)).max(initial=0))}]
    if (difference := _weights_off(run, arguments["run"], arguments.get("layer"))) is not None:
        checks.append({"name": "The stored weights", "value": difference})
    return {"checks": checks, "epoch": run.epoch}, {}


def _own_output(run: Loaded, one: Sample) -> np.ndarray:
    """Forward pass of the run's own model as it was trained, without the graph that gives every layer's output."""
    inputs = [one.x, *one.more]
    found = run.model(inputs if len(inputs) > 1 else inputs[0], training=False)
    return np.asarray(found[0] if isinstance(found, list | tuple) else found)[0]


def _weights_off(run: Loaded, place: str, layer: str | None) -> float | None:
    """The largest difference of weights in memory to those in the epoch's file; None where there are none, or too many."""
    layers = [run.model.get_layer(run.names[name]) for name in run.names if layer in (None, name)]
    if not any(each.weights for each in layers) or sum(4 * prod(weight.shape) for each in layers for weight in each.weights) > MOST_WEIGHTS:
        return None
    off = [0.0]
    with np.load(epoch_path(place, run.epoch), allow_pickle=False) as stored:
        for each in layers:
            for index, weight in enumerate(each.get_weights()):
                off.append(float(np.abs(weight.astype("float64") - stored[f"{each.name}/{index}"]).max(initial=0)))
    return max(off)


OPERATIONS = (overview, layer, self_check)
