"""A kernel typed by hand: the same numbers as scipy and as Keras, in Python and on the page."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import DATASETS
from builder.errors import BuilderError
from builder.probes import OPERATIONS
from builder.probes.convolution.kernel_by_hand import PRESETS, Kernel, gap, over, reach, read
from builder.store import default_store
from pages.explore.convolution import kernel_picture
from tests.kit.kernel import Drawings
from tests.kit.viewing import sent

RANDOM = np.random.default_rng(5)
PICTURE = RANDOM.integers(0, 256, (17, 23, 1)).astype("float64")
COURSE = np.array(
    [[60, 113, 56, 139, 85], [73, 121, 54, 84, 128], [131, 99, 70, 129, 127], [80, 57, 115, 69, 134], [104, 126, 123, 95, 130]], "float64"
)


def square(side: int) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in RANDOM.normal(size=(side, side)).tolist())


def test_the_courses_picture_is_sharpened_to_114() -> None:
    assert over(COURSE[..., None], Kernel(PRESETS["Sharpen"]))[0, 0, 0] == 114


@pytest.mark.parametrize("side", [3, 5, 7])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_it_is_scipy_s_cross_correlation_and_flipped_its_convolution(side: int, padding: str) -> None:
    kernel = Kernel(square(side), padding=padding)
    assert np.allclose(over(PICTURE, kernel)[..., 0], correlate2d(PICTURE[..., 0], np.array(kernel.weights), mode=padding), atol=1e-9)
    flipped = over(PICTURE, kernel._replace(flipped=True))[..., 0]
    assert np.allclose(flipped, convolve2d(PICTURE[..., 0], np.array(kernel.weights), mode=padding), atol=1e-9)


@pytest.mark.parametrize("side", [3, 4, 5, 6, 7])
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (3, 1), (4, 1), (1, 2)])
def test_stride_padding_dilation_bias_and_relu_are_keras_s(side: int, padding: str, stride: int, dilation: int) -> None:
    import keras

    kernel = Kernel(square(side), stride, padding, dilation, bias=3.5, relu=True)
    layer = keras.layers.Conv2D(1, side, strides=stride, padding=padding, dilation_rate=dilation, activation="relu")
    layer.build((None, *PICTURE.shape))
    layer.set_weights([np.array(kernel.weights)[..., None, None], np.array([kernel.bias])])
    made = np.asarray(layer(PICTURE[None].astype("float32")))[0]
    assert over(PICTURE, kernel).shape == made.shape
    assert np.allclose(over(PICTURE, kernel), made, atol=1e-2, rtol=1e-4)


@pytest.mark.parametrize("does", ["max", "average"])
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("side", "stride"), [(2, 2), (3, 2), (3, 1)])
def test_pooling_is_keras_s(does: str, padding: str, side: int, stride: int) -> None:
    import keras

    layer = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}[does](side, stride, padding)
    made = np.asarray(layer(PICTURE[None].astype("float32")))[0]
    assert np.allclose(over(PICTURE, Kernel(square(side), stride, padding, does=does)), made, atol=1e-3)


def test_identity_gives_the_picture_again_and_a_divided_blur_its_means() -> None:
    assert (over(PICTURE, Kernel()) == PICTURE).all()
    blurred = over(PICTURE, Kernel(PRESETS["Blur"], padding="valid", divide=True))
    assert blurred[4, 7, 0] == pytest.approx(PICTURE[4:7, 7:10, 0].mean())
    edges = Kernel(PRESETS["All edges"], padding="valid")
    assert (over(np.full((9, 9, 1), 77.0), edges) == 0).all()
    assert np.array_equal(edges._replace(divide=True).array, edges.array)  # the numbers sum to 0


def test_in_colour_each_channel_is_taken_alone() -> None:
    colours, kernel = RANDOM.random((9, 11, 3)), Kernel(square(3))
    together = over(colours, kernel)
    assert all(np.allclose(together[..., [band]], over(colours[..., [band]], kernel)) for band in range(3))


def test_one_wrong_number_shows_in_the_sums() -> None:
    found = over(PICTURE, Kernel(square(3)))
    rows, columns = found.sum(axis=(1, 2)).tolist(), found.sum(axis=(0, 2)).tolist()
    assert gap(found, rows, columns) < 1e-12
    wrong = found.copy()
    wrong[3, 5] += 0.01 * np.abs(found).max()
    assert gap(wrong, rows, columns) > 1e-6
    with pytest.raises(BuilderError, match="sums"):
        gap(found, rows[1:], columns)


def test_what_the_browser_sends_is_held_against_the_limits() -> None:
    good: dict[str, Any] = Kernel(square(3))._asdict()
    assert read(good) == Kernel(good["weights"])
    for wrong in (
        {"weights": [[1]]},
        {"weights": [[1, 2, 3]] * 2},
        {"weights": [[1, 2, float("nan")]] * 3},
        {"weights": [["1", 2, 3]] * 3},
        {"stride": 0},
        {"stride": 1.5},
        {"dilation": 9},
        {"padding": "full"},
        {"bias": 1e9},
        {"bias": None},
    ):
        with pytest.raises(BuilderError):
            read(good | wrong)
    assert reach(Kernel(square(5), dilation=3)) == 13
    with pytest.raises(BuilderError, match="a window of 21"):
        over(PICTURE, Kernel(square(6), padding="valid", dilation=4))


def test_the_photographs_are_those_that_patches_are_cut_from() -> None:
    pictures = {name: OPERATIONS["photograph"]({"name": name}, {})[1]["picture"] for name in ("temple", "flower")}
    assert all(each.shape == (427, 640, 3) and each.dtype == np.uint8 for each in pictures.values())
    patch = np.round(DATASETS["patches"].load().x[0] * 255).astype("uint8")  # of the temple
    windows = np.lib.stride_tricks.sliding_window_view(pictures["temple"][..., 0], (16, 16))
    assert (windows == patch[..., 0]).all(axis=(2, 3)).any()
    with pytest.raises(BuilderError, match="temple"):
        OPERATIONS["photograph"]({"name": "../../etc/passwd"}, {})


def page() -> None:
    from pages.explore.by_hand import by_hand
    from pages.frame import state

    state.current()
    by_hand.alone()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """No picture that an earlier test asked for is known."""
    for cached in (kernel_picture.scikit_learns, kernel_picture._samples):
        cached.cache_clear()


def opened(**state: Any) -> AppTest:
    test = AppTest.from_function(page, default_timeout=60)
    for name, value in {"_owner": "session-me", "by_hand_part": "Kernel and pooling", **state}.items():
        test.session_state[name] = value
    test.run()
    assert not test.exception
    return test


def test_a_photograph_is_there_without_a_run_and_can_be_coloured_or_another_size(blocks: Drawings) -> None:
    test = opened()
    assert blocks[-1]["picture"].shape == (107, 160, 1) and blocks[-1]["id"].startswith("temple")
    test.toggle(key="kernel_colour").set_value(True).run()
    test.selectbox(key="kernel_side").set_value(64).run()
    assert blocks[-1]["picture"].shape == (43, 64, 3)
    assert len({block["id"] for block in blocks}) == 3


def test_the_page_of_a_project_without_a_run_has_it(blocks: Drawings) -> None:
    test = AppTest.from_file(str(Path(__file__).resolve().parents[3] / "pages" / "3_explore.py"), default_timeout=60)
    project = default_store().create_project("session-me", "mine", [zoo.network("points_mlp")])
    test.session_state["_owner"] = "session-me"
    test.query_params["project"] = project.id
    test.run()
    assert not blocks
    test.segmented_control(key="by_hand_part").set_value("Kernel and pooling").run()
    assert not test.exception and blocks[-1]["id"].startswith("temple")


def test_self_attention_and_sinusoidal_positions_need_no_run_with_attention(home: Path) -> None:
    test = opened(by_hand_part="Self-attention")
    assert sent(test, "draw_matrix", 1)["matrices"][0]["values"][0].tolist() == [2, 4, 4]  # the course's scores of its first token
    test.segmented_control(key="by_hand_part").set_value("Positions").run()
    assert not test.exception
    encodings = sent(test, "draw_matrix")["matrices"][0]["values"]
    assert encodings.shape == (16, 32) and np.allclose((encodings**2).sum(axis=1), 16, atol=1e-4)


def test_a_matrix_is_typed_in_place_of_a_picture(blocks: Drawings) -> None:
    test = opened(kernel_place="numbers")
    assert np.array_equal(blocks[-1]["picture"][..., 0], COURSE) and blocks[-1]["numbers"]
    for text in ("1 3\n2 5", "1, 3\n2, 5", "1;3\n2;5", "1\t3\n\n2\t5"):
        test.text_area(key="kernel_numbers").set_value(text).run()
        assert blocks[-1]["picture"][..., 0].tolist() == [[1, 3], [2, 5]]
    test.text_area(key="kernel_numbers").set_value("1,5;3\n-2;5").run()
    assert blocks[-1]["picture"][..., 0].tolist() == [[1.5, 3], [-2, 5]]
    count = len(blocks)
    for text, said in (("1 3\n2", "Line 2 needs 2 values"), ("1 x", "column 2 needs a number"), ("", "rows of numbers")):
        test.text_area(key="kernel_numbers").set_value(text).run()
        assert not test.exception and said in test.warning[0].value.replace("\\", "")
    assert len(blocks) == count


def test_a_sample_of_any_dataset_of_pictures_serves_as_well(blocks: Drawings) -> None:
    test = opened(kernel_place="sample")
    test.selectbox(key="kernel_dataset").set_value("shapes").run()
    picture = blocks[-1]["picture"]
    assert picture.shape == (32, 32, 1) and picture.max() <= 255 and (picture == np.round(picture)).all()


def test_numpy_s_sums_are_the_badge_and_a_bad_kernel_is_a_sentence(blocks: Drawings) -> None:
    opened()
    kernel, picture = Kernel(square(3)), blocks[-1]["picture"]
    found = over(picture, kernel)
    sums = {"rows": found.sum(axis=(1, 2)).tolist(), "columns": found.sum(axis=(0, 2)).tolist()}
    typed = {"id": blocks[-1]["id"], "kernel": kernel._asdict(), "sums": sums}
    test = opened(kernel_typed=typed)
    assert "17,120 sums" in test.markdown[-1].value and ":green" in test.markdown[-1].value
    sums["rows"][3] += 1000
    assert ":orange" in opened(kernel_typed=typed).markdown[-1].value
    assert "a number from" in opened(kernel_typed=typed | {"kernel": kernel._asdict() | {"bias": "x"}}).warning[0].value


def test_a_page_that_opens_on_pooling_still_has_the_kernel_that_was_typed_before(blocks: Drawings) -> None:
    typed, pooling = Kernel(square(5), bias=2.0), Kernel(square(2), stride=2, does="max")
    project = default_store().create_project("session-me", "mine", [zoo.network("points_mlp")])
    default_store().choose_as("session-me", project.id, kernel=pooling._asdict() | {"before": typed._asdict()})
    opened()
    assert read(blocks[-1]["start"]) == pooling and read(blocks[-1]["start"]["before"]) == typed
    default_store().choose_as("session-me", project.id, kernel=pooling._asdict() | {"before": {"weights": "no kernel"}})
    opened()
    assert read(blocks[-1]["start"]).does == "sum"


def test_a_damaged_file_is_a_sentence_and_nothing_is_lost(blocks: Drawings) -> None:
    test = opened(kernel_place="file")
    assert not blocks
    test.file_uploader(key="kernel_file").set_value(("broken.png", b"\x89PNG nothing", "image/png")).run()
    assert not test.exception and "PNG, JPEG, WebP or GIF" in test.warning[0].value
    test.segmented_control(key="kernel_place").set_value("flower").run()
    assert blocks[-1]["id"].startswith("flower")
