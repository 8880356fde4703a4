"""Explore's heat maps on the run that ships: six methods over one input, each with its check, and what excites a unit."""

from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.datasets import parts
from builder.runs import Run
from builder.store import default_store
from pages.explore import view
from pages.explore.attribution import attribution
from tests.kit.kernel import Drawings
from tests.kit.making import stored
from tests.kit.numbers import number
from tests.kit.pages import html
from tests.kit.viewing import shown

Blocks = list[dict[str, Any]]


def test_all_methods_come_over_the_input_each_with_its_check(shipped: Run, blocks: Blocks) -> None:
    test = shown("pages.explore.attribution.attribution", shipped)
    assert not test.exception
    (block,) = blocks
    assert [each["title"] for each in block["methods"]] == [method.title for method in attribution.METHODS]
    assert all(each["map"].shape == (28, 28) and each["good"] and each["badge"]["text"] for each in block["methods"])
    assert block["input"].shape == (28, 28, 1)
    cam = block["methods"][0]
    assert cam["summary"] == "Where conv_2 found it." and cam["rising"] and cam["map"].min() >= 0
    assert cam["badge"]["text"].startswith("unlike a random network: ")


def test_another_class_is_explained(shipped: Run, blocks: Blocks) -> None:
    test = shown("pages.explore.attribution.attribution", shipped)
    test.selectbox(key="heat_target").set_value(7).run()
    assert not test.exception
    assert blocks[-1]["title"] == "What speaks for 7"
    assert not np.array_equal(blocks[0]["methods"][1]["map"], blocks[-1]["methods"][1]["map"])


def test_integrated_gradients_add_up_to_the_rise_less_the_printed_gap(shipped: Run, blocks: Blocks) -> None:
    shown("pages.explore.attribution.attribution", shipped)
    found = next(each for each in blocks[0]["methods"] if each["title"] == "Integrated gradients")
    gap, rise = (float(word.replace("−", "-")) for word in (found["badge"]["text"].split()[1], found["badge"]["text"].split()[3]))
    assert float(found["map"].sum()) == pytest.approx(rise + gap, abs=0.02)


def test_an_input_is_made_up_for_a_unit_when_it_is_asked_for(shipped: Run, blocks: Blocks) -> None:
    test = shown("pages.explore.attribution.attribution", shipped)
    test.selectbox(key="excite_layer").set_value("digits").run()
    number(test, key="excite_unit").set_value(10).run()
    assert any("Unit needs a whole number from 0 to 9, but got 10." in each.value.replace("\\", "") for each in test.markdown)
    test.button(key="excite_make").click().run()
    assert not test.exception
    bodies = "".join(str(each.proto.body) for each in test.get("html"))
    assert "The input that was made up" in bodies and bodies.count("<figure") == 9
    assert "Largest mean of a sample" in bodies and "the samples above rank by the largest value at one place" in bodies


def test_a_sample_that_excites_a_unit_opens(shipped: Run, blocks: Blocks) -> None:
    test = shown("pages.explore.attribution.attribution", shipped)
    best = next(button for button in test.button if (button.key or "").startswith("exciting "))
    best.click().run()
    assert not test.exception
    assert test.session_state["_choices"]["part"] == "train"
    assert test.session_state["_choices"]["sample"] == int(best.key.split()[1])


def test_only_what_learns_an_answer_has_something_that_speaks_for_it(shipped: Run) -> None:
    dataset = view.dataset_of(shipped)
    assert attribution.applies(shipped, dataset)
    turned = shipped.model_copy(update={"settings": shipped.settings.model_copy(update={"recipe": "autoencoder"})})
    assert not attribution.applies(turned, dataset)


def test_a_sequence_has_its_channels_steps_and_lines_and_its_answer_a_name(blocks: Drawings) -> None:
    network = zoo.network("adding_lstm")
    run = stored(network, "adding", project=default_store().create_project("session-me", "mine", [network]).id)
    test = shown("pages.explore.attribution.attribution", run)
    assert not test.exception
    block = blocks.last("explore_heat")
    assert block["rows"] == ["number", "marked"] and block["title"] == "What raises the sum"
    raw = parts("adding", run.settings.seed, run.settings.validation_share).test.x[0]
    np.testing.assert_array_equal(block["series"], raw.T)
    assert all(each["map"].shape == (2, 50) for each in block["methods"]) and block["said"].endswith(": the sum.")
    assert html(test).count("over 50 steps</figcaption>") == 9 and "<svg" not in html(test)


@pytest.mark.parametrize(
    ("shape", "given", "flat"), [((8, 6, 3), (8, 6, 3), (8, 6)), ((20, 4), (20, 4), (4, 20)), ((20, 4), (5,), (4, 20)), ((9,), (9,), (9,))]
)
def test_maps_have_the_inputs_places(shape: tuple[int, ...], given: tuple[int, ...], flat: tuple[int, ...]) -> None:
    assert attribution.flat(np.ones(given), np.zeros(shape), False).shape == flat
