"""What a network is shown and what it is to answer: a dataset's samples as its recipe and its ends want them."""

from typing import NamedTuple

import numpy as np

from builder import datasets, recipes
from builder.catalogue import LAYERS
from builder.datasets import Arrays, Dataset
from builder.errors import BuilderError
from builder.network.records import Network
from builder.runs.record import Settings

Shape = tuple[int | None, ...]


class Plan(NamedTuple):
    """How a dataset is turned into examples; `noise` is the standard deviation of what is added to the first input."""

    dataset: Dataset
    recipe: recipes.Recipe
    proposal: recipes.Proposal
    steps: datasets.Fit
    noise: float
    seed: int

    def examples(self, part: Arrays) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """One array (samples, ...) for each input of the network, and the targets; without noise."""
        x = self.steps.apply(part.x)
        if self.recipe.target == "input":
            return (x,), x
        y = recipes.targets(part.y, self.proposal.loss, len(self.dataset.classes), self.proposal.units)
        return ((x, recipes.one_step_late(part.y, len(self.dataset.classes))) if self.recipe.forced else (x,)), y

    def measured(self, part: Arrays) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """`examples` with the same noise each time, so that losses can be compared from epoch to epoch."""
        (x, *more), y = self.examples(part)
        if self.noise:
            x = x + np.random.default_rng(self.seed).normal(scale=self.noise, size=x.shape).astype(x.dtype)
        return (x, *more), y


def plan(network: Network, settings: Settings, inputs: list[Shape], outputs: list[Shape]) -> Plan:
    """The plan for a network with these ends, shapes without the batch axis.

    Raises:
        BuilderError: recipe, dataset and network don't go together.
    """
    recipe, dataset = recipes.RECIPES[settings.recipe], datasets.record(settings.dataset)
    wanted = 2 if recipe.forced else 1
    if len(inputs) != wanted or len(outputs) != 1:
        came = f"{len(inputs)} and {len(outputs)}"
        raise BuilderError(recipe.title, f"a network with {wanted} {'inputs' if wanted > 1 else 'input'} and one output", came)
    into, output, own = inputs[0], outputs[0], recipe.target == "input"
    last = recipes.last_activation(network, LAYERS)
    recipes.check_metrics(settings.metrics, dataset, recipe)
    if own:
        proposal = recipes.propose_reconstruction(into, output, last, settings.loss, settings.metrics or recipe.metrics)
        if proposal.warnings:
            raise BuilderError("The last layer", "the input's shape", "another one", proposal.warnings[0])
    else:
        proposal = recipes.propose(dataset, output, last, settings.loss, settings.metrics)
    steps = datasets.fit(dataset, into, None if own or not output else output[-1])
    return Plan(dataset, recipe, proposal, steps, recipe.noise * (dataset.high - dataset.low), settings.seed)
