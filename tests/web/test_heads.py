"""A head that does not fit the dataset of its project is told on its card while the network is built, with a button that mends it."""

from typing import Any

import pytest

from builder.catalogue import LAYERS
from builder.datasets import DATASETS
from builder.keras_bridge import analyse
from builder.network import Network, apply
from builder.web import ends, heads
from tests.kit.layers_in_a_row import chain

IMAGE, ROW = ("Input", {"shape": [28, 28, 1]}), ("Input", {"shape": [10]})
DIGITS, DIABETES = {"training": {"dataset": "digits28"}}, {"training": {"dataset": "diabetes"}}


@pytest.fixture(autouse=True)
def keras_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ends, "analysed", analyse)


def head(units: int, activation: str | None, place: Any = IMAGE) -> Network:
    last = ("Dense", {"units": units} | ({"activation": activation} if activation else {}))
    return chain(place, *([("Flatten", {})] if place is IMAGE else []), last)


def told(network: Network, choices: dict[str, Any]) -> list[Any]:
    return list(heads.with_head(analyse(network), network, choices).problems)


@pytest.mark.parametrize(
    ("network", "choices", "needed"),
    [
        (head(9, "softmax"), DIGITS, len(DATASETS["digits28"].classes)),
        (head(32, None), DIGITS, len(DATASETS["digits28"].classes)),
        (head(2, None, ROW), DIABETES, DATASETS["diabetes"].targets),
    ],
)
def test_a_head_of_another_size_is_warned_of_and_one_press_gives_it_the_size(
    network: Network, choices: dict[str, Any], needed: int
) -> None:
    [problem] = told(network, choices)
    assert (problem.node, problem.severity) == (network.outputs[0].name, "warning")
    [fix] = problem.fixes
    mended = apply(network, fix.edit, LAYERS)
    assert mended.outputs[0].params["units"] == needed
    assert told(mended, choices) == []


@pytest.mark.parametrize(
    ("network", "choices"),
    [
        (head(10, "softmax"), DIGITS),
        (head(9, "softmax"), {}),  # nobody has chosen a dataset
        (head(9, "softmax"), {"training": {"dataset": "table:gone"}}),
        (head(64, "relu"), DIGITS),  # a hidden layer that is the last one so far
        (chain(IMAGE, ("Conv2D", {"filters": 3, "kernel_size": [3, 3]})), DIGITS),
        (head(9, "softmax").model_copy(update={"recipe": "autoencoder"}), DIGITS),
    ],
)
def test_a_head_that_fits_or_is_none_yet_is_left_alone(network: Network, choices: dict[str, Any]) -> None:
    assert told(network, choices) == []
