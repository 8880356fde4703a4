"""Explore's lens on the run that ships: its block of data, presses that ask Python, and layers without written arithmetic."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.errors import BuilderError
from builder.runs import Run
from builder.store import default_store
from pages.explore import drawing, view
from pages.explore.layers import lens
from tests.kit.making import stored
from tests.kit.viewing import shown

Blocks = list[dict[str, Any]]


def test_it_opens_on_the_first_layers_largest_number_with_its_check(shipped: Run, blocks: Blocks) -> None:
    assert not shown("pages.explore.layers.lens", shipped).exception
    (block,) = blocks
    assert block["layer"] == "conv_1" and [layer["name"] for layer in block["layers"]][-1] == "digits"
    answer, arrays = block["lens"]["answer"], block["lens"]["arrays"]
    assert answer["check"]["value"] < 1e-5
    assert arrays["own"][tuple(answer["at"])] == arrays["own"].max()


def test_a_pressed_number_of_another_layer_is_asked_for(shipped: Run, blocks: Blocks) -> None:
    asked = {"layer": "conv_2", "map": 9, "at": [3, 4]}
    test = shown("pages.explore.layers.lens", shipped, explore_lens_asked=asked, _choices={"layer": "conv_2"}, _project=shipped.project)
    assert not test.exception
    assert blocks[-1]["map"] == 9 and blocks[-1]["lens"]["answer"]["at"] == [3, 4]


def test_a_layer_whose_arithmetic_is_not_written_out_says_so_and_the_cards_stay(
    shipped: Run, blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> Any:
        raise BuilderError("The arithmetic of LSTM", "a layer whose terms are written out", "one with steps of its own")

    monkeypatch.setattr(drawing, "asked", missing)
    assert not shown("pages.explore.layers.lens", shipped).exception
    assert "LSTM" in blocks[0]["sentence"] and len(blocks[0]["layers"]) == 7


@pytest.mark.parametrize(
    ("network", "data", "layer", "view"),
    [("adding_lstm", "adding", "lstm", "gates"), ("reversal_attention", "reversal", "attention", "attention")],
)
def test_a_layer_with_steps_of_its_own_leads_to_the_view_that_writes_them_out(
    home: Path, blocks: Blocks, network: str, data: str, layer: str, view: str
) -> None:
    project = default_store().create_project("session-me", "mine", [zoo.network(network)])
    run = stored(zoo.network(network), data, project=project.id)
    test = shown("pages.explore.layers.lens", run, _choices={"layer": layer}, _project=run.project)
    test.button(key="lens_elsewhere").click().run()
    assert not test.exception and test.session_state["_choices"]["view"] == view


@pytest.mark.parametrize(
    ("shape", "kind", "maps"),
    [
        ((26, 26, 32), "maps", (32, 26, 26)),
        ((224, 224, 3), "maps", (3, 56, 56)),
        ((10,), "units", (10, 1, 1)),
        ((40, 8), "steps", (8, 1, 40)),
    ],
)
def test_a_card_shows_numbers_that_are_there(shape: tuple[int, ...], kind: str, maps: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).normal(size=shape).astype("float32")
    found = lens.card("a", values, list(shape))
    assert found["kind"] == kind and found["maps"].shape == maps
    down, across = found["strides"]
    if kind == "maps":
        np.testing.assert_array_equal(found["maps"][1], values[::down, ::across, 1])


def test_the_cards_of_a_large_network_share_less_than_a_megabyte() -> None:
    names = [f"conv_{place}" for place in range(12)]
    large = np.zeros((224, 224, 64), "float32")
    found = view.Inspection({}, {f"layer:{name}": large for name in names})
    most = lens.share(found, names)
    blocks = sum(lens.card(name, large, [224, 224, 64], most)["maps"].nbytes for name in names)
    assert blocks < 1e6
    small = view.Inspection({}, {"layer:a": np.zeros((26, 26, 32), "float32")})
    assert lens.card("a", small.arrays["layer:a"], [26, 26, 32], lens.share(small, ["a"]))["strides"] == (1, 1)


def test_the_cards_of_millions_of_numbers_are_the_overview_s(shipped: Run, blocks: Blocks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lens, "MOST_ASKED", 1000)
    assert not shown("pages.explore.layers.lens", shipped).exception
    card = blocks[-1]["layers"][0]
    assert (card["name"], card["shape"], card["count"], card["maps"].shape) == ("conv_1", "26 × 26 × 32", 32, (12, 26, 26))
