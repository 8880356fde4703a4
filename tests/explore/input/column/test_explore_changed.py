"""Explore's changed input: turned, moved, covered or with noise, shown beside the original."""

import re
from base64 import b64decode

import numpy as np
import pytest

from builder.datasets.perturbations import rotated, shifted
from builder.figures import palette
from pages.explore import line as explore_line
from pages.explore.input.own_inputs import DRAW, Own
from pages.explore.line import drawing
from tests.kit.pages import Opened, html
from tests.kit.viewing import sample


def test_a_turned_picture_is_shown_beside_the_original(opened: Opened) -> None:
    view = opened("digits28")
    view.selectbox(key="explore_change digits28").set_value("rotation").run()
    view.slider[0].set_value(90).run()
    assert not view.exception
    np.testing.assert_array_equal(view.session_state["seen"].given.array, np.rot90(sample("digits28")))
    assert "Original" in html(view) and "Turned by 90°" in html(view)
    assert html(view).count("data:image/png;base64,") == 2 and html(view).count('class="tracks"') == 5


def test_noise_repeats_and_a_press_gives_other_noise(opened: Opened) -> None:
    view = opened("digits28")
    view.selectbox(key="explore_change digits28").set_value("noise").run()
    first = view.session_state["seen"].given
    view.run()
    assert view.session_state["seen"].given == first
    next(button for button in view.button if button.label == "Other noise").click().run()
    assert view.session_state["seen"].given != first


def test_a_covered_box_and_a_shift_of_a_picture(opened: Opened) -> None:
    view = opened("digits28")
    view.selectbox(key="explore_change digits28").set_value("shift").run()
    assert [slider.value for slider in view.slider] == [3, 0]
    np.testing.assert_array_equal(view.session_state["seen"].given.array, shifted(sample("digits28"), (3, 0), np.float32(0)))
    view.selectbox(key="explore_change digits28").set_value("occlusion").run()
    assert not view.exception and "9 × 9 covered" in html(view)


@pytest.mark.parametrize("dataset", ["iris", "moons", "sines", "digits28"])
@pytest.mark.parametrize("kind", ["noise", "shift", "occlusion"])
def test_every_change_works_for_rows_and_sequences_too(opened: Opened, dataset: str, kind: str) -> None:
    view = opened(dataset)
    view.selectbox(key=f"explore_change {dataset}").set_value(kind).run()
    assert not view.exception
    made = view.session_state["seen"].given.array
    assert made.shape == sample(dataset).shape and (made != sample(dataset)).any()


def test_words_are_replaced_by_chance_or_moved_round(opened: Opened) -> None:
    view = opened("pronouns")
    view.selectbox(key="explore_change pronouns").set_value("shift").run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, np.roll(sample("pronouns"), 1))
    view.selectbox(key="explore_change pronouns").set_value("noise").run()
    assert not view.exception and "20% replaced" in html(view)
    view.slider[0].set_value(0).run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, sample("pronouns"))


def test_a_change_and_an_own_input_go_together(opened: Opened) -> None:
    view = opened("digits28")
    own = Own(np.random.default_rng(4).random((28, 28, 1)).astype("float32"))
    view.session_state["explore_own"] = {("digits28", DRAW): own}
    view.segmented_control(key="explore_source").set_value("Draw").run()
    view.selectbox(key="explore_change digits28").set_value("rotation").run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, rotated(own.values, 30, np.float32(0)))
    assert view.session_state["seen"].given.name == "Drawing, turned by 30°"


def test_every_feature_of_a_sequence_has_a_line_of_its_own_and_its_name_shows_which() -> None:
    lines = re.findall(r"<polyline (stroke=.*?) points=", drawing([np.random.default_rng(1).normal(size=(8, 9))]))
    assert len(set(lines)) == 9 and len(set(re.findall(r'stroke="(#\w+)"', " ".join(lines)))) == 9
    figure = explore_line.lines([np.zeros((8, 3))], ("a", "b<", "c"), "")
    *keys, _ = [b64decode(each).decode() for each in re.findall(r"base64,([^\"]+)\"", figure)][::-1]
    assert len(keys) == 3 and all(line in key for line, key in zip(lines, keys[::-1], strict=False)) and "b&lt;" in figure


def test_an_original_is_grey_and_what_was_changed_has_the_same_dashes_in_colour() -> None:
    before, after = np.array(re.findall(r"<polyline (stroke=.*?) points=", drawing([np.ones((8, 3)), np.zeros((8, 3))]))).reshape(2, 3)
    assert all(palette.EDGES in line for line in before) and not any(palette.EDGES in line for line in after)
    dashes = [[line.partition(" ")[2] for line in lines] for lines in (before, after)]
    assert dashes[0] == dashes[1] and len(set(dashes[0])) == 3


def test_a_sequence_is_drawn_as_lines_and_a_changed_one_over_it(opened: Opened) -> None:
    view = opened("sines")
    assert "value over 32 steps" in html(view) and html(view).count("data:image/svg") == 1
    view.selectbox(key="explore_change sines").set_value("occlusion").run()
    assert not view.exception and "Blue: 8 covered" in html(view)
    assert drawing([sample("sines"), sample("sines")]).count("<polyline") == 2
