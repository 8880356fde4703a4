"""Explore's view of an encoder-decoder that writes: each step's choice as the probe finds it, also for an input of a person's own."""

from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder.probes.attention.writing import writing
from builder.runs import folder
from pages.explore.attention.writing import written_text
from tests.kit.pages import Opened, html
from tests.kit.viewing import Runs, badges, opener, runs_of, sent


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with runs_of(tmp_path_factory, writer=("seq2seq_transformer", "reversal", "sequence_to_sequence")) as found:
        yield found


@pytest.fixture(scope="module")
def opened(runs: Runs) -> Opened:
    return opener(runs)


@pytest.fixture
def view(opened: Opened) -> AppTest:
    """The tab that writes."""
    view = opened("pages.explore.attention.attention", "writer")
    return view.segmented_control(key="attention_tab").set_value("Writing").run()


@pytest.mark.parametrize("step", [0, 5, 15])
def test_a_step_shows_what_it_chose_from_and_what_was_written_before(runs: Runs, view: AppTest, step: int) -> None:
    view.slider(key="writing_step").set_value(step).run()
    assert not view.exception
    answer, arrays = writing({"run": str(folder(runs["writer"].id)), "epoch": 1, "sample": 3}, {})
    np.testing.assert_allclose(sent(view, "bars")["values"], arrays["chances"][step], atol=1e-6)
    np.testing.assert_allclose(sent(view, "matrix")["matrices"][1]["values"], arrays["looks"], atol=1e-6)
    assert (" ".join(answer["written"][:step]) or "nothing yet") in html(view)
    assert not [said for said in badges(view) if "warning" in said]


def test_an_input_of_ones_own_is_written_anew(runs: Runs, view: AppTest) -> None:
    view.text_input[0].set_value("0123456789012345").run()
    assert not view.exception and not view.warning
    own = np.array([*range(10), *range(6)], "float32")
    answer, arrays = writing({"run": str(folder(runs["writer"].id)), "epoch": 1}, {"input": own})
    np.testing.assert_allclose(sent(view, "matrix")["matrices"][0]["values"], arrays["chances"], atol=1e-6)
    assert f"It writes {' '.join(answer['written'])}." in html(view) and "are right" not in html(view)


def test_what_was_written_is_counted_against_what_is_right() -> None:
    assert written_text({"written": ["1", "2"], "target": ["1", "3"]}) == "It writes 1 2. Right: 1 of 2 tokens."
