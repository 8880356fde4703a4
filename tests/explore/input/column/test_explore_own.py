"""Explore's input of a person's own: what reaches the network, and what is said when it cannot."""

import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from builder.datasets import DATASETS
from builder.datasets.uploads import fitted
from pages.explore.input.own_inputs import DRAW, Own
from pages.explore.input.own_point import read_point
from tests.kit.numbers import number
from tests.kit.pages import Opened, html
from tests.kit.viewing import sample


def png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_each_kind_of_dataset_offers_what_fits_it(opened: Opened) -> None:
    assert opened("digits28").segmented_control(key="explore_source").options == ["Sample", "Draw", "Upload", "Camera"]
    assert opened("pronouns").segmented_control(key="explore_source").options == ["Sample", "Type"]
    assert opened("iris").segmented_control(key="explore_source").options == ["Sample", "Edit"]


@pytest.mark.parametrize(("dataset", "source"), [("digits28", "Draw"), ("digits28", "Upload"), ("digits28", "Camera"), ("iris", "Edit")])
def test_until_something_is_given_the_sample_is_shown(opened: Opened, dataset: str, source: str) -> None:
    view = opened(dataset)
    view.segmented_control(key="explore_source").set_value(source).run()
    assert not view.exception and view.session_state["seen"].given is None


def test_an_uploaded_picture_is_the_input_until_the_sample_is_pressed(opened: Opened) -> None:
    data = png(Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype="uint8")))
    view = opened("patches")
    view.segmented_control(key="explore_source").set_value("Upload").run()
    view.file_uploader[0].set_value(("me.png", data, "image/png")).run()
    assert not view.exception
    made = fitted(DATASETS["patches"], data)
    np.testing.assert_array_equal(view.session_state["seen"].given.array, made.values)
    assert " → ".join(made.steps) in html(view)
    view.segmented_control(key="explore_source").set_value("Sample").run()
    assert view.session_state["seen"].given is None
    view.segmented_control(key="explore_source").set_value("Upload").run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, made.values)
    assert not view.query_params


def test_a_file_that_is_no_picture_is_a_sentence_and_the_sample_is_shown(opened: Opened) -> None:
    view = opened("patches")
    view.segmented_control(key="explore_source").set_value("Upload").run()
    view.file_uploader[0].set_value(("one.png", png(Image.new("RGB", (16, 16), "red")), "image/png")).run()
    assert view.session_state["seen"].given is not None
    view.file_uploader[0].set_value(("bad.png", b"\x89PNG\r\n\x1a\n broken", "image/png")).run()
    assert not view.exception and "cannot be read" in view.warning[0].value.replace("\\", "")
    assert view.session_state["seen"].given is None and "the sample is shown" in html(view)
    view.file_uploader[0].set_value(None).run()
    assert view.session_state["seen"].given is None and not view.warning


def test_a_photograph_comes_the_same_way(opened: Opened) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 48), (10, 200, 30)).save(out, "JPEG")
    view = opened("patches")
    view.segmented_control(key="explore_source").set_value("Camera").run()
    view.camera_input[0].set_value(("photo.jpg", out.getvalue(), "image/jpeg")).run()
    assert not view.exception and view.session_state["seen"].given.name == "Photograph"


def test_a_drawing_stays_while_other_sources_are_looked_at(opened: Opened) -> None:
    view = opened("digits28")
    own = Own(np.full((28, 28, 1), 0.5, "float32"), ("Drawn",))
    view.session_state["explore_own"] = {("digits28", DRAW): own}
    view.segmented_control(key="explore_source").set_value("Draw").run()
    assert view.session_state["seen"].given.name == "Drawing" and "Drawn" in html(view)
    view.segmented_control(key="explore_source").set_value("Sample").run()
    assert view.session_state["seen"].given is None
    view.segmented_control(key="explore_source").set_value("Draw").run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, own.values)


def test_a_moved_number_changes_and_all_others_stay_exactly(opened: Opened) -> None:
    view = opened("iris")
    view.segmented_control(key="explore_source").set_value("Edit").run()
    assert [slider.label for slider in view.slider] == list(DATASETS["iris"].features)
    slider = view.slider[2]
    columns = DATASETS["iris"].load().x[:, 2]
    assert (slider.min, slider.max) == pytest.approx((columns.min(), columns.max()))
    slider.set_value(0.5).run()
    assert not view.exception
    made, before = view.session_state["seen"].given.array, sample("iris")
    assert made[2] == pytest.approx(0.5)
    np.testing.assert_array_equal(np.delete(made, 2), np.delete(before, 2))
    next(button for button in view.button if "Back" in button.label).click().run()
    assert view.session_state["seen"].given is None
    assert view.slider[2].value == pytest.approx(float(before[2]))


def test_a_point_is_on_the_plane_and_its_two_numbers_are_fields(opened: Opened) -> None:
    view = opened("moons")
    view.segmented_control(key="explore_source").set_value("Edit").run()
    before = sample("moons")
    assert [number(view, name).value for name in ("x", "y")] == pytest.approx([float(each) for each in before], rel=1e-3)
    block = next(json.loads(each.proto.json) for each in view.get("bidi_component"))
    assert block["here"] == pytest.approx([float(each) for each in before]) and block["classes"] == ["upper", "lower"]
    number(view, "x").set_value("-1,0").run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, np.array([-1, before[1]], "float32"))
    assert not view.exception
    next(button for button in view.button if "Back" in button.label).click().run()
    assert view.session_state["seen"].given is None


@pytest.mark.parametrize("sent", [None, [1.0], [1.0, float("nan")], ["a", "b"], [[1, 2]], {"x": 1}])
def test_what_is_no_point_is_left_alone(sent: Any) -> None:
    assert read_point(sent) is None


def test_a_point_that_was_pressed_is_read_as_it_came() -> None:
    np.testing.assert_array_equal(read_point([0.1, -2]), np.array([0.1, -2], "float32"))


def test_a_sequence_is_a_table_and_an_emptied_cell_keeps_its_number(opened: Opened) -> None:
    view = opened("sines")
    view.segmented_control(key="explore_source").set_value("Edit").run()
    assert view.data_editor[0].value.shape == (32, 1)
    view.session_state["explore_steps sines 0"] = {"edited_rows": {4: {"value": "1,25"}}, "added_rows": [], "deleted_rows": []}
    view.run()
    assert not view.exception
    made, before = view.session_state["seen"].given.array, sample("sines")
    assert made[4, 0] == 1.25
    np.testing.assert_array_equal(np.delete(made, 4, axis=0), np.delete(before, 4, axis=0))
    edited = {2: {"value": None}, 3: {"value": "1,500"}, 4: {"value": "9999"}}
    view.session_state["explore_steps sines 0"] = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    view.run()
    said = " ".join(each.value for each in view.markdown).replace("\\", "")
    assert "3, value needs a number" in said and "1500 or 1.500" in said and "4, value needs a number from" in said


def test_a_typed_sentence_is_the_input_and_an_unknown_word_is_said(opened: Opened) -> None:
    words = DATASETS["pronouns"].vocabulary
    view = opened("pronouns")
    view.segmented_control(key="explore_source").set_value("Type").run()
    before = view.text_input[0].value.split()
    assert before == [words[int(number)] for number in sample("pronouns") if number]  # without its padding
    changed = [words[5], *before[1:]]
    view.text_input[0].set_value(" ".join(changed)).run()
    assert not view.exception and not view.warning
    padding = [0] * (9 - len(changed))
    assert view.session_state["seen"].given.array.tolist() == [*padding, *(words.index(word) for word in changed)]
    view.text_input[0].set_value("zebra " + " ".join(changed[1:])).run()
    assert "but got “zebra”" in view.warning[0].value
    assert view.session_state["seen"].given.array.tolist() == [*padding, *(words.index(word) for word in changed)]
