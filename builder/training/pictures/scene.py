"""Model and samples that a run's pictures are computed from: the network as it is now, and fixed samples of both parts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from builder import datasets
from builder.catalogue import facts
from builder.datasets import Arrays, Dataset
from builder.network.records import Network
from builder.runs.checkpoint import layers_of
from builder.runs.examples import Plan, plan
from builder.runs.record import Settings

from .forward import forward

MOST_SAMPLES = 256  # that pictures choose from
MOST_ATTENDED = 100_000  # attention weights of a picture: 0.4 MB
MOST_WORK = 1e10  # multiplications in one forward pass of a picture: a quarter of a second on two cores


@dataclass
class Scene:
    """A model between two epochs; nothing that a picture computes leaves a trace in it.

    Attributes:
        train, raw: samples of the training and of the validation part, as the dataset has them.
        moved: how far the last step before now moved each layer, in parts of its weights' size; empty where that is not known.
        x, y: the same validation samples as the network gets them, one array (samples, ...) for each of its inputs, and its targets.
    """

    model: Any
    network: Network
    settings: Settings
    plan: Plan
    train: Arrays
    raw: Arrays
    x: tuple[np.ndarray, ...]
    y: np.ndarray
    moved: dict[str, float] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, str]:
        """Node name to the name of its layer in the model, Input nodes left out."""
        return layers_of(self.model, self.network)

    @cached_property
    def rectified(self) -> list[str]:
        """The nodes whose units answer 0 to whatever is below 0."""
        from builder.probes.training.dead import rectified

        return [node for node in rectified(self.network) if node in self.names]

    @cached_property
    def attentive(self) -> list[str]:
        """The attention layers that a picture has room for, one head of each at least."""
        from builder.probes.attention.attention import ends

        room, found = MOST_ATTENDED, []
        for name in (node.name for node in self.network.nodes if facts(node.layer).attends and node.name in self.names):
            size = prod(self._positions(node) for node in ends(self.network, name)[:2])
            if size <= room:
                room -= size
                found.append(name)
        return found

    def _positions(self, node: str) -> int:
        """How many positions a node's output has; what an Input has is what its samples have."""
        if node not in self.names:
            return int(self.x[0].shape[1])
        return prod(length or self.x[0].shape[1] for length in self.model.get_layer(self.names[node]).output.shape[1:-1])

    @property
    def dataset(self) -> Dataset:
        """The run's dataset."""
        return self.plan.dataset

    @property
    def supervised(self) -> bool:
        """Whether the network learns a target, and not its own input."""
        return self.plan.recipe.learns == "target"

    @property
    def output_axes(self) -> int:
        """Axes of the output beside the batch: 1 for a row of units, 2 for one at each step."""
        return len(self.model.outputs[0].shape) - 1

    def room(self, most: int) -> int:
        """How many samples a forward pass may take, at most `most` and at least one."""
        return int(max(1, min(most, len(self.raw), MOST_WORK // max(work(self.model), 1))))

    def chosen(self, most: int) -> dict[str, np.ndarray]:
        """The first samples of the validation part as the network gets them: `x0`, and `x1` for a second input."""
        count = self.room(most)
        return {f"x{place}": each[:count] for place, each in enumerate(self.x)}

    def output(self, fixed: dict[str, np.ndarray]) -> np.ndarray:
        """What the network gives for the samples `x0`, `x1` (samples, ...)."""
        return self._looked(fixed)[0].astype("float32")

    def highest(self, fixed: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The largest answer of each unit (units,) of every rectified node, over all samples and places."""
        return dict(zip(self.rectified, self._looked(fixed)[1:], strict=False))

    def scores(self, fixed: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """For the first sample, the weights (heads, query, key) of every attentive node."""
        from builder.probes.attention.attention import axes, headed

        found = dict(zip(self.attentive, self._looked(fixed)[1 + len(self.rectified) :], strict=True))
        return {node: headed(scores, axes(self.model.get_layer(self.names[node]))) for node, scores in found.items()}

    def _looked(self, fixed: dict[str, np.ndarray]) -> list[np.ndarray]:
        return [np.asarray(each) for each in self._forward(*(fixed[f"x{place}"] for place in range(len(self.x))))]

    @cached_property
    def _forward(self) -> Any:
        rectified, attentive = (
            {node: self.model.get_layer(self.names[node]) for node in nodes} for nodes in (self.rectified, self.attentive)
        )
        return forward(self.model, rectified, attentive, self.x)


def scene_of(model: Any, network: Network, settings: Settings) -> Scene:
    """The scene of a model and its run's samples, the ones that its losses are measured on."""
    planned = plan(network, settings, *([tuple(end.shape[1:]) for end in side] for side in (model.inputs, model.outputs)))
    parts = datasets.parts(settings.dataset, settings.seed, settings.validation_share)
    return of_parts(model, network, settings, planned, parts.train, parts.validation)


def of_parts(model: Any, network: Network, settings: Settings, planned: Plan, train: Arrays, validation: Arrays) -> Scene:
    """A scene of parts that are loaded already."""
    few = validation.take(np.arange(min(MOST_SAMPLES, len(validation))))
    some = train.take(np.arange(min(MOST_SAMPLES, len(train))))
    return Scene(model, network, settings, planned, some, few, *planned.measured(few))


def work(model: Any) -> float:
    """About how many multiplications one sample takes: each layer's parameters, once for every place that it is applied at."""
    import keras

    return float(sum(layer.count_params() * _places(keras.tree.flatten([layer.input, layer.output])) for layer in model.layers))


def _places(tensors: Sequence[Any]) -> int:
    """The largest number of places of some tensors (batch, ..., channels); an open axis counts as one."""
    return max(prod(length or 1 for length in tensor.shape[1:-1]) for tensor in tensors)
