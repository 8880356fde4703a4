"""Attribution of a network that answers at each step: the step is chosen and named; a decoder's answers are explained by what was read."""

from collections.abc import Iterator

import numpy as np
import pytest

from builder.probes.attribution.gradcam import gradcam
from builder.probes.attribution.saliency import saliency
from builder.runs import folder
from tests.kit.pages import Opened
from tests.kit.viewing import Runs, opener, runs_of, sent

VIEW = "pages.explore.attribution.attribution"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    kinds = {
        "steps": ("reversal_attention", "reversal"),
        "once": ("pronoun_encoder", "pronouns"),
        "writes": ("seq2seq_transformer", "reversal", "sequence_to_sequence"),
    }
    with runs_of(tmp_path_factory, **kinds) as found:
        yield found


@pytest.fixture
def opened(runs: Runs) -> Opened:
    return opener(runs)


@pytest.mark.parametrize("name", ["steps", "writes"])
def test_the_step_whose_answer_is_explained_is_named_and_can_be_chosen(opened: Opened, runs: Runs, name: str) -> None:
    test = opened(VIEW, name)
    assert sent(test, "attribution_attribution")["title"].endswith("at step 15")
    test.selectbox(key="heat_step").set_value(4).run()
    assert not test.exception
    told = sent(test, "attribution_attribution")
    own = {"run": str(folder(runs[name].id)), "epoch": 1, "sample": 3, "step": 4, "method": "saliency"}
    expected = saliency(own, {})[1]["attribution"]
    assert told["title"].endswith("at step 4")
    found = next(each["map"] for each in told["methods"] if each["title"] == "Saliency")
    assert found.shape == (16,) and np.allclose(found, expected, atol=1e-6)


def test_grad_cam_of_a_decoder_looks_at_layers_that_have_the_inputs_steps(opened: Opened, runs: Runs) -> None:
    test = opened(VIEW, "writes")
    layers = test.selectbox(key=f"heat_layer {runs['writes'].id}").options
    assert layers and all(name.startswith(("embedding", "position", "encoder")) and "target" not in name for name in layers)


def test_a_network_that_answers_once_has_no_step_to_choose(opened: Opened) -> None:
    test = opened(VIEW, "once")
    assert not [each for each in test.selectbox if each.key == "heat_step"]
    assert "step" not in sent(test, "attribution_attribution")["title"]


def test_grad_cam_names_its_layer_and_looks_at_another_that_is_chosen(opened: Opened, runs: Runs) -> None:
    test, key = opened(VIEW, "once"), f"heat_layer {runs['once'].id}"
    field = test.selectbox(key=key)
    assert field.value == field.options[-1]
    field.set_value("attention_1").run()
    told = sent(test, "attribution_attribution")["methods"][0]
    expected = gradcam({"run": str(folder(runs["once"].id)), "epoch": 1, "sample": 3, "layer": "attention_1"}, {})[1]["attribution"]
    assert "attention_1" in told["summary"] and told["rising"] and np.allclose(told["map"], expected, atol=1e-6)
