"""Lint of a network's head against the dataset that its project trains on: how many units it has, and how many are needed."""

from collections.abc import Mapping
from typing import Any

from builder.catalogue import facts
from builder.datasets import Dataset, check, record
from builder.errors import BuilderError
from builder.network import Analysis, Network, Problem

from .ends import with_tried_fixes

BENT = ("relu", "elu", "selu", "gelu", "silu", "swish", "leaky_relu", "tanh")  # of hidden layers: such a last layer is no head yet


def with_head(analysis: Analysis, network: Network, choices: Mapping[str, Any]) -> Analysis:
    """The analysis with a warning at a head that does not fit, and the fix that was tried; `choices` are the project's."""
    dataset = chosen_dataset(choices)
    if dataset is None or analysis.pending:
        return analysis
    if not (found := unfit(network, analysis, dataset)):
        return analysis
    problems = with_tried_fixes(network, analysis, found, lambda other, seen: unfit(other, seen, dataset))
    return analysis.model_copy(update={"problems": problems})


def chosen_dataset(choices: Mapping[str, Any]) -> Dataset | None:
    """The dataset that someone has chosen for the project; None where nobody has, or it is gone."""
    name = choices.get("training", {}).get("dataset")
    try:
        return record(name) if name else None
    except BuilderError:
        return None


def unfit(network: Network, analysis: Analysis, dataset: Dataset) -> list[Problem]:
    """The head's problems, as warnings: it runs, and another dataset may be chosen."""
    if network.recipe != "supervised" or len(network.outputs) != 1:
        return []
    [last] = network.outputs
    shape = next((report.output_shape for report in analysis.layers if report.name == last.name), None)
    layer = facts(last.layer)
    if shape is None or len(shape) != 1 + dataset.per_step or layer.arithmetic != "dense" or layer.value(last.params, "activation") in BENT:
        return []
    own = [problem for problem in check(dataset, network, analysis) if problem.node == last.name]
    return [problem.model_copy(update={"severity": "warning"}) for problem in own]
