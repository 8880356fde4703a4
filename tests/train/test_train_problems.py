"""What stands between a network and a dataset has buttons that were tried: none leads on to a broken layer."""

from collections import Counter
from itertools import product
from typing import Any

import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.datasets import DATASETS, check, record, table_dataset
from builder.keras_bridge import analyse
from builder.network import Analysis, Network, Problem, apply
from builder.recipes import RECIPES, Recipe
from builder.web import ends
from pages.train import problems
from tests.kit.broken import JOIN, chain, wire

NETWORKS = (
    "digit_cnn",
    "iris_mlp",
    "lenet5",
    "dense_autoencoder",
    "conv_autoencoder",
    "sines_gru",
    "reversal_attention",
    "linear_autoencoder",
)
DATA = [name for name, dataset in DATASETS.items() if not dataset.download]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keras answers in this process."""
    monkeypatch.setattr(ends, "analysed", analyse)


def every(dataset: Any, network: Network, recipe: Recipe) -> list[Problem]:
    """All problems as they are found, before any fix was tried."""
    analysis = analyse(network)
    return [*analysis.problems, *check(dataset, network, analysis, target=recipe.learns, inputs=len(recipe.takes))]


def places(found: list[Problem]) -> Counter[tuple[str, str | None]]:
    """How many problems of each kind each node has."""
    return Counter((problem.severity, problem.node) for problem in found)


def hold(dataset: Any, network: Network, recipe: Recipe) -> list[str]:
    """Press every button; their labels."""
    found = problems.found(dataset, network, analyse(network), recipe)
    before = places(found)
    for problem in found:
        for fix in problem.fixes:
            after = places(every(dataset, apply(network, fix.edit, LAYERS), recipe))
            assert after[problem.severity, problem.node] < before[problem.severity, problem.node], (fix.label, after)
            new = [severity for severity, _ in after - before]
            assert "error" not in new and not (new and problem.severity == "warning"), (fix.label, after)
    return [fix.label for problem in found for fix in problem.fixes]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_button_on_train_mends_its_problem_and_breaks_nothing(name: str) -> None:
    network = zoo.network(name)
    for data, recipe in product(DATA, RECIPES.values()):
        if record(data).task in recipe.tasks:
            hold(record(data), network, recipe)


def test_a_shape_that_breaks_the_next_layer_is_not_offered_and_the_fitting_network_is() -> None:
    """Iris has 4 numbers; the digit CNN's first layer reads images."""
    labels = hold(record("iris"), zoo.network("digit_cnn"), RECIPES["supervised"])
    assert not [label for label in labels if label.startswith("Set the shape")]
    own = zoo.network(record("iris").network)
    assert not every(record("iris"), own, RECIPES["supervised"])


def test_while_keras_is_loading_no_button_is_taken_for_one_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    network = zoo.network("digit_cnn")
    analysis = analyse(network)
    monkeypatch.setattr(ends, "analysed", lambda other: Analysis(name=other.name))
    assert not [fix for problem in problems.found(record("iris"), network, analysis, RECIPES["supervised"]) for fix in problem.fixes]


@pytest.mark.parametrize(("target", "task"), [(["a", "b", "c"], "classification"), ([0.5, 1.25, 7.5], "regression")])
def test_a_typed_table_gets_a_network_that_fits_it(home: Any, target: list[Any], task: str) -> None:
    rows = "\n".join(f"{at}, {at + 1}, {at * at}, {-at}, {at % 3}, {target[at % 3]}" for at in range(30))
    dataset = table_dataset(rows, "Mine", task)
    assert not every(dataset, problems.fitting_network(dataset), RECIPES["supervised"])


IMAGE = ("Input", {"shape": [8, 8, 1]})
AUTO = RECIPES["autoencoder"]


@pytest.mark.parametrize(
    "layers",
    [
        [("Conv2D", {"filters": 32, "kernel_size": [3, 3], "padding": "same"})],
        [("Conv2DTranspose", {"filters": 1, "kernel_size": [3, 3]})],
        [("Conv2DTranspose", {"filters": 32, "kernel_size": [4, 4]})],
        [("Conv2D", {"filters": 1, "kernel_size": [3, 3]})],
        [("Flatten", {}), ("Dense", {"units": 64})],
        [("Flatten", {}), ("Dense", {"units": 10})],
        [("UpSampling2D", {"size": [2, 2]})],
    ],
)
def test_an_autoencoder_whose_output_has_another_shape_is_mended_by_one_press(layers: list[Any]) -> None:
    network, dataset = chain(IMAGE, *layers), record("digits")
    (problem,) = problems.found(dataset, network, analyse(network), AUTO)
    (fix,) = problem.fixes
    mended = apply(network, fix.edit, LAYERS)
    assert analyse(mended).layers[-1].output_shape == (8, 8, 1)
    assert not every(dataset, mended, AUTO)


def test_a_recurrent_layer_keeps_its_steps_where_each_has_a_target() -> None:
    network = apply(zoo.network("copy_gru"), {"kind": "set", "name": "gru", "params": {"return_sequences": False}}, LAYERS)
    dataset = next(record(name) for name in DATA if record(name).network == "copy_transformer")
    assert "Let gru return its whole sequence" in hold(dataset, network, RECIPES["supervised"])


def test_two_outputs_and_two_inputs_become_one_by_a_press() -> None:
    dataset, recipe = record("iris"), RECIPES["supervised"]
    four, three = ("Input", {"shape": [4]}), ("Dense", {"units": 3, "activation": "softmax"})
    heads = wire(chain(four, ("Dense", {"units": 8}), three, three), 1, 3)
    heads = heads.model_copy(update={"edges": tuple(edge for edge in heads.edges if edge.source != "dense_2")})
    inputs = wire(chain(four, four, JOIN, three), 0, 2)
    inputs = inputs.model_copy(update={"edges": tuple(edge for edge in inputs.edges if edge.target != "input_1")})
    for network in (heads, inputs):
        labels = hold(dataset, network, recipe)
        assert labels and labels[0].startswith(("Keep only what leads to", "Read input_0 instead of"))
