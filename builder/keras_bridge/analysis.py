"""Shapes, counts and problems of a whole network, layer by layer, in Keras's own words and figures."""

from collections.abc import Iterable
from dataclasses import replace
from math import inf
from time import monotonic
from typing import NamedTuple

from builder.catalogue import LAYERS
from builder.keras_bridge.examine import Figures, Refusal, Wires, examine, examine_input, params_key, trace
from builder.keras_bridge.lint import lint
from builder.keras_bridge.messages import advised, as_error, as_problem, refused
from builder.keras_bridge.scope import nothing_saved
from builder.keras_bridge.sizes import Sizes
from builder.keras_bridge.wiring import Wiring, loose_ends
from builder.network.analysis import Analysis, LayerReport, Problem
from builder.network.mending import with_helpful_fixes
from builder.network.records import Network, Node

AHEAD = 1  # presses that a fix may need after its own until nothing new is wrong
MOST_TRIED = 120  # layers of a network whose fixes are tried within the time of an edit


class Unfinished(Exception):
    """The second look ran out of patience; what it saw is kept, so that asking again goes on from there."""


@nothing_saved()
def analyse(network: Network, deep: bool = False, patience: float = inf) -> Analysis:
    """The figures of every layer and the problems, each at its layer; nothing is allocated.

    A layer after a broken one waits: it has no output shape and no problem of its own, and other branches go on.
    `deep` also traces each layer's real call, which finds what the symbolic call accepts though it cannot run.
    Fixes are tried before they are offered; those of a large network only with the deep look, which may take its time.

    Raises:
        Unfinished: the second look has taken `patience` seconds, and at least one new layer of it is done.
    """
    turn = _Turn(deep, monotonic() + patience, trace.cache_info().misses)
    analysis = _analyse(network, turn)
    problems: Iterable[Problem] = analysis.problems
    if deep or len(network.nodes) <= MOST_TRIED:
        problems = with_helpful_fixes(network, analysis.problems, lambda other: _analyse(other, turn).problems, LAYERS, AHEAD)
    return analysis.model_copy(update={"problems": tuple(advised(problem) for problem in problems)})


class _Turn(NamedTuple):
    """One asking: whether it is the deep look, until when it may take, and how many layers had been traced before."""

    deep: bool
    until: float
    traced: int

    def check(self) -> None:
        """Raise Unfinished where time is up and something was done."""
        if monotonic() > self.until and trace.cache_info().misses > self.traced:
            raise Unfinished


def _analyse(network: Network, turn: _Turn) -> Analysis:
    """The analysis with every fix that could be thought of."""
    wiring = Wiring(network)
    problems = [as_problem(*end) for end in loose_ends(wiring)]
    blocked = {problem.node for problem in problems if problem.severity == "error"} - {None}
    found: dict[str, Figures] = {}
    arrived: dict[str, Wires] = {}
    for node in wiring.ordered:
        wires = wiring.arriving(node, found)
        if node.name in blocked or wires is None:
            continue
        result = _look(node, wires, turn.deep)
        turn.check()
        if isinstance(result, Refusal):
            problems.append(refused(node.name, as_error(node, result.error, wiring, wires)))
        else:
            found[node.name], arrived[node.name] = result, wires
    reports = [
        _report(node, found[node.name], arrived[node.name]) if node.name in found else _waiting(node, wiring, found)
        for node in network.nodes
    ]
    return _summary(network, reports, _placed(network, [*problems, *lint(wiring, reports)]))


def _look(node: Node, wires: Wires, deep: bool) -> Figures | Refusal:
    params = params_key(node.params)
    if node.is_input:
        return examine_input(params)
    figures = examine(node.layer, params, node.trainable, wires)
    if not deep or isinstance(figures, Refusal):
        return figures
    traced = trace(node.layer, params, node.trainable, wires)
    return traced if isinstance(traced, Refusal) else replace(figures, outputs=traced)


def _shapes(wires: Wires) -> tuple[Sizes, ...]:
    return tuple(spec.shape[1:] for _, specs in wires for spec in specs)


def _waiting(node: Node, wiring: Wiring, found: dict[str, Figures]) -> LayerReport:
    """A layer that has a problem or follows one: only what arrives is known."""
    return LayerReport(name=node.name, layer=node.layer, input_shapes=_shapes(wiring.arriving(node, found, partly=True) or ()))


def _report(node: Node, figures: Figures, wires: Wires) -> LayerReport:
    main = figures.outputs[0]
    return LayerReport(
        name=node.name,
        layer=node.layer,
        input_shapes=_shapes(wires),
        output_shape=main.shape[1:],
        further=tuple(spec.shape[1:] for spec in figures.outputs[1:]),
        dtype=main.dtype,
        params=figures.params,
        trainable_params=figures.trainable_params,
        macs=figures.macs,
        weight_bytes=figures.weight_bytes,
        activation_bytes=figures.activation_bytes,
    )


def _placed(network: Network, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of the whole network first, then in the order of nodes."""
    place = {node.name: index for index, node in enumerate(network.nodes)}
    return sorted(problems, key=lambda problem: -1 if problem.node is None else place[problem.node])


def _summary(network: Network, layers: list[LayerReport], problems: list[Problem]) -> Analysis:
    total, trainable = sum(layer.params for layer in layers), sum(layer.trainable_params for layer in layers)
    return Analysis(
        name=network.name,
        total_params=total,
        trainable_params=trainable,
        non_trainable_params=total - trainable,
        weight_bytes=sum(layer.weight_bytes for layer in layers),
        macs=sum(layer.macs for layer in layers),
        activation_bytes=sum(layer.activation_bytes for layer in layers),
        layers=tuple(layers),
        problems=tuple(problems),
    )
