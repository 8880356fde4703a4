"""What the Train page says of a dataset and of what a run will take, in words that fit their numbers."""

from pathlib import Path

import pytest

from builder import zoo
from builder.datasets import DATASETS, check, record, table_dataset
from builder.network import Analysis, LayerReport, Network
from builder.runs.defaults import proposed
from builder.store import default_store
from pages.train.facts import before, facts
from pages.train.settings import unit
from tests.kit.making import chain


def analysis(network: Network, **shapes: tuple[int | None, ...]) -> Analysis:
    """What Keras would say of these layers' shapes; one parameter in all."""
    reports = (LayerReport(name=node.name, layer=node.layer, output_shape=shapes.get(node.name)) for node in network.nodes)
    return Analysis(name=network.name, total_params=1, trainable_params=1, weight_bytes=4, layers=tuple(reports))


def test_one_step_and_one_parameter_are_no_steps_and_parameters(home: Path) -> None:
    table = table_dataset("a,b,t\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n1,1,0", "Mine")
    network = zoo.network("first_model")
    project = default_store().create_project("me", "mine", [network])
    said = before(proposed(table, network), table, analysis(network), project.id)
    assert "<b>1</b> step an epoch over 3 rows" in said and "<b>1</b> parameter<" in said


def test_what_was_typed_as_a_table_has_rows_whatever_it_is_drawn_as(home: Path) -> None:
    table = table_dataset("x,y,t\n1,2,0\n3,4,1\n5,6,0\n7,8,1", "Mine")
    assert unit(table) == "row" and facts(table, zoo.network("first_model"), analysis(zoo.network("first_model")))[0] == "4 rows"
    assert unit(record("moons")) == "point"


def test_a_network_of_two_inputs_gets_no_steps_that_would_fit_one_of_them() -> None:
    nodes = chain("two", ("image", "Input", {"shape": [28, 28, 1]}), ("flat", "Flatten", {}))
    other = chain("other", ("second", "Input", {"shape": [2, 2, 1]}), ("rest", "Flatten", {}))
    two = Network(name="two", nodes=(*other.nodes, *nodes.nodes), edges=(*other.edges, *nodes.edges))
    shapes = analysis(two, image=(28, 28, 1), second=(2, 2, 1))
    assert not [fact for fact in facts(record("digits28"), two, shapes) if "Resize" in fact]
    assert [fact for fact in facts(record("digits"), nodes, analysis(nodes, image=(28, 28, 1))) if "Resize 8 × 8 to 28 × 28" in fact]


@pytest.mark.parametrize("name", ["digits28", "digits", "iris"])
def test_a_sentence_calls_a_dataset_by_the_title_that_the_list_has(name: str) -> None:
    network = zoo.network("digit_cnn")
    shapes = analysis(network, input=(28, 28, 1), digits=(7,))
    said = " ".join(problem.message for problem in check(record(name), network, shapes))
    assert f"“{record(name).title}”" in said and f" {name} " not in said


def test_every_dataset_has_a_title_of_its_own() -> None:
    assert len({dataset.title for dataset in DATASETS.values()}) == len(DATASETS)
