"""What a training is set to by a command's options."""

import argparse
from typing import Any

from builder.errors import BuilderError
from builder.network import Network
from builder.recipes import TRAINING_OPTIONS


def settings_of(chosen: argparse.Namespace, network: Network) -> Any:
    """What a network is trained with: what was said, over what is proposed for the dataset and the network.

    Raises:
        BuilderError: one of them does not fit the others.
    """
    from builder.datasets import fit, record
    from builder.recipes import RECIPES, check_metrics
    from builder.runs import Settings
    from builder.runs.defaults import ADAM, proposed

    dataset = record(chosen.data)
    for node in network.inputs[:1]:
        fit(dataset, tuple(node.params.get("shape", ())))  # says at once what the worker would say after loading Keras
    recipe = chosen.recipe or network.recipe
    if recipe not in RECIPES:
        raise BuilderError("The recipe", f"one of {', '.join(RECIPES)}", repr(recipe))
    check_metrics(chosen.metrics or (), dataset, RECIPES[recipe])
    own = {name: value for name in TRAINING_OPTIONS if (value := getattr(chosen, name)) is not None}
    base = proposed(dataset, network, own.get("optimizer", ADAM))
    settings = Settings(**{**base.model_dump(), **own, "recipe": recipe})
    for each in TRAINING_OPTIONS.values():
        if each.name in own and not each.applies(settings):
            raise BuilderError(each.flag, "settings that it has an effect on", "others", each.help)
    return settings
