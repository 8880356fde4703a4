"""Encoder and decoder: a network cut in two at its bottleneck, the layer with the latent codes."""

from math import prod
from typing import Any, NamedTuple

import numpy as np

from builder import datasets
from builder.catalogue import facts
from builder.errors import BuilderError
from builder.network.graph import reachable
from builder.network.records import Network
from builder.probes.model.execute import run_graph, traced
from builder.probes.model.loaded import Loaded
from builder.probes.model.samples import part
from builder.words import format_count, format_shape

from .reconstruction import BATCH

MOST_DECODED = 1024  # points at once


class Codes(NamedTuple):
    """Latent codes of a part.

    Attributes:
        codes: (samples, dimensions). outputs: (samples, ...), the network's.
        log_variances: of a variational network, (samples, dimensions), else None; `codes` are then the means.
    """

    codes: np.ndarray
    outputs: np.ndarray
    log_variances: np.ndarray | None


def latent_node(run: Loaded, asked: str | None = None) -> str:
    """The bottleneck, the layer with the latent codes: a Sampling, or the smallest that everything passes; of equals the first flat one.

    Raises:
        BuilderError: no such layer, or the one that is asked for has others beside it.
    """
    graph = run.network
    if len(run.model.inputs) != 1:
        raise BuilderError("Looking at codes", "a network with one input", format_count(len(run.model.inputs), "input"))
    narrow = {name: run.output(name).shape[1:] for name in passed_by_all(graph) if name in run.names}
    narrow = {name: shape for name, shape in narrow.items() if None not in shape and name not in {node.name for node in graph.outputs}}
    if asked is not None or not narrow:
        if asked not in narrow:
            raise BuilderError("The layer", f"one that everything passes ({', '.join(narrow) or 'none'})", repr(asked))
        return asked
    sampling = [name for name in narrow if facts(graph.node(name).layer).latent]
    return sampling[0] if sampling else min(narrow, key=lambda name: (prod(narrow[name]), len(narrow[name]) > 1))


def passed_by_all(graph: Network) -> list[str]:
    """Dominators of the output: the nodes without which no Input reaches it, in order from the first."""
    last = graph.outputs[-1].name
    inputs = [node.name for node in graph.inputs]
    behind = {node.name: reachable(graph, inputs, without=node.name) for node in graph.nodes if not node.is_input}
    needed = [name for name, rest in behind.items() if last not in rest]
    return sorted(needed, key=lambda name: len(behind[name]))  # the later a node, the more is reached without it


def encoded(run: Loaded, name: str, x: np.ndarray) -> Codes:
    """Encoder: latent codes and outputs for inputs (samples, ...), a batch at a time."""
    last = run.network.outputs[-1].name
    variational = facts(run.network.node(name).layer).latent
    ports = {edge.target_port: edge.source for edge in run.network.inputs_of(name)}

    def look(tensor: Any) -> tuple[Any, ...]:
        made = run_graph(run, [tensor])
        spread = (made[ports["log_variance"]][0],) if variational else ()
        return made[name][0], made[last][0], *spread

    graph = traced(run, f"encode {name}", look)
    batches = [[np.asarray(each) for each in graph(x[start : start + BATCH])] for start in range(0, len(x), BATCH)]
    codes, outputs, *spread = (np.concatenate(each) for each in zip(*batches, strict=True))
    return Codes(codes.reshape(len(codes), -1), outputs, spread[0] if spread else None)


def decoded(run: Loaded, name: str, codes: np.ndarray) -> np.ndarray:
    """Decoder: what the layers after `name` make of latent codes (points, dimensions)."""
    last, shape = run.network.outputs[-1].name, run.output(name).shape[1:]
    if codes.ndim != 2 or codes.shape[1] != prod(shape) or not np.isfinite(codes).all():
        raise BuilderError("The codes", f"rows of {prod(shape)} finite numbers", f"an array {format_shape(codes.shape)}")
    if len(codes) > MOST_DECODED:
        raise BuilderError("The codes", f"at most {MOST_DECODED:,} points at once", f"{len(codes):,}")
    graph = traced(run, f"decode {name}", lambda points: run_graph(run, [], start={name: points})[last][0])
    return np.asarray(graph(codes.reshape(-1, *shape).astype("float32")))


def of_part(run: Loaded, name: str, which: str = "test") -> tuple[Codes, np.ndarray, np.ndarray]:
    """Latent codes of a part, the inputs as the network takes them, and the classes (0 where there are none); cached for one epoch."""
    key, kept = (name, which, run.epoch), run.functions.setdefault("codes", {})
    if key not in kept:
        kept.clear()
        held, dataset = part(run.settings, which), datasets.record(run.settings.dataset)
        x = datasets.fit(dataset, tuple(run.model.inputs[0].shape[1:])).apply(held.x)
        labels = held.y.astype("int64") if dataset.classes and held.y.ndim == 1 else np.zeros(len(held), "int64")
        kept[key] = encoded(run, name, x), x, labels
    return kept[key]
