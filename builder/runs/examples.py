"""What a network is shown and what it is to answer: a dataset's samples as its recipe and its ends want them."""

from typing import Any, NamedTuple

import numpy as np

from builder import datasets, recipes
from builder.catalogue import LAYERS
from builder.datasets import Arrays, Dataset
from builder.errors import BuilderError
from builder.network.records import Network
from builder.runs.record import Settings

Shape = tuple[int | None, ...]
TESTED_AT_ONCE = 32  # samples in a batch of the test, or as many as in training


class Plan(NamedTuple):
    """How a dataset is turned into examples, by the functions of a recipe."""

    dataset: Dataset
    recipe: recipes.Recipe
    proposal: recipes.Proposal
    steps: datasets.Fit
    seed: int

    def examples(self, part: Arrays) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """One array (samples, ...) for each input of the network, and the targets; nothing is corrupted."""
        x = self.steps.apply(part.x)
        return self.recipe.inputs(x, part.y, self.dataset), self.recipe.target(x, part.y, self.dataset, self.proposal)

    def corrupted(self, x: Any, draw: recipes.Draw, amount: float | None = None) -> Any:
        """The first input as the network gets it while it learns; by another amount than the recipe's where one is given."""
        how = self.recipe.corruption
        amount = how.amount if amount is None else amount
        return how.change(x, draw, amount, (self.dataset.low, self.dataset.high)) if amount else x

    def measured(self, part: Arrays) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """`examples` corrupted in the same way each time, so that losses can be compared from epoch to epoch."""
        (x, *more), y = self.examples(part)
        return (self.noisy(x), *more), y

    def noisy(self, x: np.ndarray) -> np.ndarray:
        """The first input, corrupted in the same way each time."""
        return np.asarray(self.corrupted(x, recipes.Seeded(self.seed)))


def plan(network: Network, settings: Settings, inputs: list[Shape], outputs: list[Shape]) -> Plan:
    """The plan for a network with these ends, shapes without the batch axis.

    Raises:
        BuilderError: recipe, dataset and network don't go together.
    """
    recipe, dataset = recipes.RECIPES[settings.recipe], datasets.record(settings.dataset)
    wanted = len(recipe.takes)
    if len(inputs) != wanted or len(outputs) != 1:
        came = f"{len(inputs)} and {len(outputs)}"
        raise BuilderError(recipe.title, f"a network with {wanted} {'inputs' if wanted > 1 else 'input'} and one output", came)
    into, output = inputs[0], outputs[0]
    recipes.check_metrics(settings.metrics, dataset, recipe)
    last = recipes.last_activation(network, LAYERS).function
    proposal = recipe.propose(dataset, into, output, last, settings.loss, settings.metrics or recipe.metrics)
    if proposal.needed:
        raise BuilderError("The last layer", proposal.needed, "another one", proposal.warnings[0])
    steps = datasets.fit(dataset, into, output[-1] if output and recipe.learns == "target" else None)
    return Plan(dataset, recipe, proposal, steps, settings.seed)
