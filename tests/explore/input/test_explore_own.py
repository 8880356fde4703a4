"""Explore's input of a person's own, and its changed form: what reaches the network, and what is said when it cannot."""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import DATASETS, parts
from builder.datasets.perturbations import rotated, shifted
from builder.datasets.uploads import fitted
from builder.engine import calls
from builder.figures import palette
from builder.runs import Run, Settings
from builder.store import Store, default_store
from pages.explore import drawing as explore_canvas
from pages.explore import line as explore_line
from pages.explore import view as explore_data
from pages.explore.input import own_row
from pages.explore.input.own_inputs import DRAW, Own
from pages.explore.input.own_point import read_point
from pages.explore.line import drawing
from tests.kit.numbers import number

NETWORKS = {
    "digits28": "digit_cnn",
    "patches": "digit_cnn",
    "iris": "iris_mlp",
    "moons": "points_mlp",
    "sines": "sines_gru",
    "pronouns": "pronoun_encoder",
}


def column(run_id: str) -> None:
    """The left column alone, as the Explore page puts it together."""
    import streamlit as st

    from builder.datasets import record
    from builder.store import default_store
    from pages.explore import view as explore_data
    from pages.explore.input import beside, perturb
    from pages.explore.input import own as explore_own

    run = default_store().run(run_id)
    dataset = record(run.settings.dataset)
    base = explore_own.choose(run, dataset, explore_data.View(run.id, 1, "test", 3))
    seen, words = perturb.choose(dataset, base, lambda: explore_data.inspection(base, ()).arrays["raw"])
    found, original = explore_data.inspection(seen, ()), explore_data.inspection(base, ()) if words else None
    beside.show(dataset, found, original, words, explore_own.steps(dataset))
    st.session_state["seen"] = seen


@pytest.fixture
def store(home: Any) -> Store:
    for cached in (explore_data.inspection, own_row.ranges, explore_canvas.asked):
        cached.cache_clear()
    return default_store()


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel whose network says the class of the mean number; all else is as the real one answers."""

    def call(kernel: str, op: str, arguments: Mapping[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        run = default_store().run(str(arguments["run"]).rpartition("/")[2])
        dataset = DATASETS[run.settings.dataset]
        if op == "ranges":
            rows = dataset.load().x.reshape(-1, dataset.input_shape[-1])
            return {}, {"low": rows.min(axis=0), "high": rows.max(axis=0)}
        if op == "plane":
            some = parts(dataset.name, 1, 0.2).test
            ends, answer = np.linspace(-2, 3, 9), np.full((len(dataset.classes), 9, 9), 0.5)
            return {"rating": True}, {"x": ends, "y": ends[::-1], "answer": answer, "points": some.x, "labels": some.y}
        own = (arrays or {}).get("input")
        raw = parts(dataset.name, 1, 0.2).test.x[arguments["sample"]] if own is None else own.astype(dataset.dtype)
        chances = np.exp(-np.arange(len(dataset.classes) or 1) * abs(float(raw.mean())))
        names = {"classes": list(dataset.classes), "target": None, "right": None, "note": ""}
        said = {"kind": "classes", "probabilities": (chances / chances.sum()).tolist(), "answer": 0, **names}
        if not dataset.classes or dataset.per_step:
            said = {"kind": "values", "values": [float(raw.mean())], "target": None}
        return {"prediction": said, "steps": [], "layers": [], "epoch": 1, "part": "test", "sample": 3}, {"raw": raw, "input": raw}

    monkeypatch.setattr(calls, "call", call)


@pytest.fixture
def opened(store: Store) -> Callable[[str], AppTest]:
    def open_column(dataset: str) -> AppTest:
        run: Run = store.create_run(None, zoo.network(NETWORKS[dataset]), Settings(dataset=dataset))
        view = AppTest.from_function(column, default_timeout=60, args=(run.id,))
        view.run()
        assert not view.exception
        return view

    return open_column


def sample(dataset: str) -> np.ndarray:
    return parts(dataset, 1, 0.2).test.x[3]


def html(view: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in view.get("html"))


def png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_each_kind_of_dataset_offers_what_fits_it(opened: Callable[[str], AppTest]) -> None:
    assert opened("digits28").segmented_control(key="explore_source").options == ["Sample", "Draw", "Upload", "Camera"]
    assert opened("pronouns").segmented_control(key="explore_source").options == ["Sample", "Type"]
    assert opened("iris").segmented_control(key="explore_source").options == ["Sample", "Edit"]


@pytest.mark.parametrize(("dataset", "source"), [("digits28", "Draw"), ("digits28", "Upload"), ("digits28", "Camera"), ("iris", "Edit")])
def test_until_something_is_given_the_sample_is_shown(opened: Callable[[str], AppTest], dataset: str, source: str) -> None:
    view = opened(dataset)
    view.segmented_control(key="explore_source").set_value(source).run()
    assert not view.exception and view.session_state["seen"].given is None


def test_an_uploaded_picture_is_the_input_until_the_sample_is_pressed(opened: Callable[[str], AppTest]) -> None:
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


def test_a_file_that_is_no_picture_is_a_sentence_and_the_sample_is_shown(opened: Callable[[str], AppTest]) -> None:
    view = opened("patches")
    view.segmented_control(key="explore_source").set_value("Upload").run()
    view.file_uploader[0].set_value(("one.png", png(Image.new("RGB", (16, 16), "red")), "image/png")).run()
    assert view.session_state["seen"].given is not None
    view.file_uploader[0].set_value(("bad.png", b"\x89PNG\r\n\x1a\n broken", "image/png")).run()
    assert not view.exception and "cannot be read" in view.warning[0].value.replace("\\", "")
    assert view.session_state["seen"].given is None and "the sample is shown" in html(view)
    view.file_uploader[0].set_value(None).run()
    assert view.session_state["seen"].given is None and not view.warning


def test_a_photograph_comes_the_same_way(opened: Callable[[str], AppTest]) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 48), (10, 200, 30)).save(out, "JPEG")
    view = opened("patches")
    view.segmented_control(key="explore_source").set_value("Camera").run()
    view.camera_input[0].set_value(("photo.jpg", out.getvalue(), "image/jpeg")).run()
    assert not view.exception and view.session_state["seen"].given.name == "Photograph"


def test_a_drawing_stays_while_other_sources_are_looked_at(opened: Callable[[str], AppTest]) -> None:
    view = opened("digits28")
    own = Own(np.full((28, 28, 1), 0.5, "float32"), ("Drawn",))
    view.session_state["explore_own"] = {("digits28", DRAW): own}
    view.segmented_control(key="explore_source").set_value("Draw").run()
    assert view.session_state["seen"].given.name == "Drawing" and "Drawn" in html(view)
    view.segmented_control(key="explore_source").set_value("Sample").run()
    assert view.session_state["seen"].given is None
    view.segmented_control(key="explore_source").set_value("Draw").run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, own.values)


def test_a_moved_number_changes_and_all_others_stay_exactly(opened: Callable[[str], AppTest]) -> None:
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


def test_a_point_is_on_the_plane_and_its_two_numbers_are_fields(opened: Callable[[str], AppTest]) -> None:
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


def test_a_sequence_is_a_table_and_an_emptied_cell_keeps_its_number(opened: Callable[[str], AppTest]) -> None:
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


def test_a_typed_sentence_is_the_input_and_an_unknown_word_is_said(opened: Callable[[str], AppTest]) -> None:
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
    assert "“zebra” is not among" in view.warning[0].value
    assert view.session_state["seen"].given.array.tolist() == [*padding, *(words.index(word) for word in changed)]


def test_a_turned_picture_is_shown_beside_the_original(opened: Callable[[str], AppTest]) -> None:
    view = opened("digits28")
    view.selectbox(key="explore_change digits28").set_value("rotation").run()
    view.slider[0].set_value(90).run()
    assert not view.exception
    np.testing.assert_array_equal(view.session_state["seen"].given.array, np.rot90(sample("digits28")))
    assert "Original" in html(view) and "Turned by 90°" in html(view)
    assert html(view).count("data:image/png;base64,") == 2 and html(view).count('class="tracks"') == 5


def test_noise_repeats_and_a_press_gives_other_noise(opened: Callable[[str], AppTest]) -> None:
    view = opened("digits28")
    view.selectbox(key="explore_change digits28").set_value("noise").run()
    first = view.session_state["seen"].given
    view.run()
    assert view.session_state["seen"].given == first
    next(button for button in view.button if button.label == "Other noise").click().run()
    assert view.session_state["seen"].given != first


def test_a_covered_box_and_a_shift_of_a_picture(opened: Callable[[str], AppTest]) -> None:
    view = opened("digits28")
    view.selectbox(key="explore_change digits28").set_value("shift").run()
    assert [slider.value for slider in view.slider] == [3, 0]
    np.testing.assert_array_equal(view.session_state["seen"].given.array, shifted(sample("digits28"), (3, 0), np.float32(0)))
    view.selectbox(key="explore_change digits28").set_value("occlusion").run()
    assert not view.exception and "9 × 9 covered" in html(view)


@pytest.mark.parametrize("dataset", ["iris", "moons", "sines", "digits28"])
@pytest.mark.parametrize("kind", ["noise", "shift", "occlusion"])
def test_every_change_works_for_rows_and_sequences_too(opened: Callable[[str], AppTest], dataset: str, kind: str) -> None:
    view = opened(dataset)
    view.selectbox(key=f"explore_change {dataset}").set_value(kind).run()
    assert not view.exception
    made = view.session_state["seen"].given.array
    assert made.shape == sample(dataset).shape and (made != sample(dataset)).any()


def test_words_are_replaced_by_chance_or_moved_round(opened: Callable[[str], AppTest]) -> None:
    view = opened("pronouns")
    view.selectbox(key="explore_change pronouns").set_value("shift").run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, np.roll(sample("pronouns"), 1))
    view.selectbox(key="explore_change pronouns").set_value("noise").run()
    assert not view.exception and "20% replaced" in html(view)
    view.slider[0].set_value(0).run()
    np.testing.assert_array_equal(view.session_state["seen"].given.array, sample("pronouns"))


def test_a_change_and_an_own_input_go_together(opened: Callable[[str], AppTest]) -> None:
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


def test_a_sequence_is_drawn_as_lines_and_a_changed_one_over_it(opened: Callable[[str], AppTest]) -> None:
    view = opened("sines")
    assert "value over 32 steps" in html(view) and html(view).count("data:image/svg") == 1
    view.selectbox(key="explore_change sines").set_value("occlusion").run()
    assert not view.exception and "Blue: 8 covered" in html(view)
    assert drawing([sample("sines"), sample("sines")]).count("<polyline") == 2
