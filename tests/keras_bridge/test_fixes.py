"""A fix button leads somewhere: pressed on every broken network of a corpus, its problem goes and no worse one comes."""

from typing import Any

import pytest

from builder.catalogue import LAYERS
from builder.keras_bridge import analyse, to_keras
from builder.network import Network, apply
from builder.network.analysis import Analysis, Problem
from tests.kit.broken import ADD, BROKEN, CONV, IMAGE, STRIDED, VECTOR, chain, spoiled, wire

CORPUS = {f"{where} {index}": network for index, (network, where, _, _) in enumerate(BROKEN)}
SPOILED = spoiled()


def errors(analysis: Analysis) -> list[Problem]:
    return [problem for problem in analysis.problems if problem.severity == "error"]


def identity(problem: Problem) -> tuple[str | None, str]:
    """A problem, whatever it advises."""
    return problem.node, problem.message.split(", but got ")[0] + problem.message.split(", but got ")[-1].split(". ")[0]


def press(network: Network, problem: Problem) -> list[tuple[str, Network]]:
    return [(fix.label, apply(network, fix.edit, LAYERS)) for fix in problem.fixes]


def hold(network: Network, deep: bool) -> int:
    """Press every button of a network; the number of buttons."""
    before, pressed = analyse(network, deep), 0
    known = {identity(problem) for problem in before.problems}
    for problem in before.problems:
        for label, mended in press(network, problem):
            pressed += 1
            after = analyse(mended, deep)
            left = {identity(each) for each in after.problems}
            assert identity(problem) not in left, (label, after.problems)
            for new in (each for each in errors(after) if identity(each) not in known):  # a warning is not worse than what was there
                assert new.fixes, (label, new)  # the next press ends it
                ends = [analyse(further, deep) for _, further in press(mended, new)]
                assert min(len(errors(end)) for end in ends) < len(before.problems), (label, new)
            if not after.problems:
                assert to_keras(mended).count_params() == after.total_params
    return pressed


@pytest.mark.parametrize("name", CORPUS)
def test_every_button_of_a_broken_network_mends_it(name: str) -> None:
    assert hold(CORPUS[name], deep=False) or name.startswith("cropping2d")


@pytest.mark.parametrize("first", sorted({name.split()[0] for name in SPOILED}))
def test_after_any_one_mistake_in_a_good_network_every_button_helps(first: str) -> None:
    pressed = [hold(network, deep=False) for name, network in SPOILED.items() if name.split()[0] == first]
    assert sum(pressed) > 0


def test_buttons_hold_also_where_the_layers_really_run() -> None:
    for network in list(CORPUS.values())[:12]:
        hold(network, deep=True)


def test_what_a_sentence_advises_is_a_button_that_is_there() -> None:
    for network in CORPUS.values():
        for problem in analyse(network).problems:
            advised = problem.message.rpartition(", but got ")[2]
            for words in ("Insert ", "Move ", "Let "):
                assert words not in advised or any(fix.label in advised for fix in problem.fixes), problem


@pytest.mark.parametrize(
    ("network", "layer"),
    [
        (wire(chain(IMAGE, CONV, STRIDED, ADD), 1, 3), "Conv2D"),
        (wire(chain(("Input", {"shape": [10, 4]}), ("Conv1D", {"filters": 3, "kernel_size": 1}), ADD), 0, 2), "Conv1D"),
        (wire(chain(VECTOR, ("Dense", {"units": 10}), ADD), 0, 2), "Dense"),
    ],
    ids=["an image", "a sequence", "a vector"],
)
def test_a_projection_on_a_shortcut_is_linear(network: Network, layer: str) -> None:
    """He et al. 2016: the shortcut is a linear projection, so that the sum keeps the sign of what came."""
    (problem,) = analyse(network).problems
    mended = apply(network, problem.fixes[0].edit, LAYERS)
    (made,) = [node for node in mended.nodes if node.name not in {each.name for each in network.nodes}]
    assert made.layer == layer
    activation: Any = to_keras(mended).get_layer(made.name).activation
    assert activation.__name__ == "linear"


@pytest.mark.parametrize(
    ("shape", "dtype", "layer"),
    [
        ([4], None, "Dense"),
        ([10, 3], None, "LSTM"),
        ([28, 28, 1], None, "Conv2D"),
        ([50], "int32", "Embedding"),
        ([4, 8, 8, 1], None, "Flatten"),
    ],
)
def test_an_input_alone_gets_the_usual_first_layer(shape: list[int], dtype: str | None, layer: str) -> None:
    network = chain(("Input", {"shape": shape, **({"dtype": dtype} if dtype else {})}))
    (problem,) = analyse(network).problems
    mended = apply(network, problem.fixes[0].edit, LAYERS)
    assert [node.layer for node in mended.nodes] == ["Input", layer]
    assert not analyse(mended).problems


def test_a_circle_is_opened_by_the_wire_that_closes_it() -> None:
    circle = wire(chain(IMAGE, ADD, CONV), 2, 1)
    (problem,) = [each for each in analyse(circle).problems if "circle" in each.message]
    mended = apply(circle, problem.fixes[0].edit, LAYERS)
    assert "circle" not in " ".join(each.message for each in analyse(mended).problems)
