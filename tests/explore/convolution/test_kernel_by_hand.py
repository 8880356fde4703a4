"""A kernel typed by hand: the same numbers as scipy and as Keras, in Python and on the page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d
from streamlit.testing.v1 import AppTest

from builder import zoo
from builder.datasets import DATASETS
from builder.engine import calls
from builder.errors import BuilderError
from builder.probes import OPS
from builder.probes.convolution.kernel_by_hand import PRESETS, Kernel, gap, over, reach, read
from builder.store import default_store
from pages.explore import drawing
from pages.explore.convolution import kernel_picture

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
        {"weights": [[1, 2], [3, 4]]},
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
    pictures = {name: OPS["photograph"]({"name": name}, {})[1]["picture"] for name in ("temple", "flower")}
    assert all(each.shape == (427, 640, 3) and each.dtype == np.uint8 for each in pictures.values())
    patch = np.round(DATASETS["patches"].load().x[0] * 255).astype("uint8")  # of the temple
    windows = np.lib.stride_tricks.sliding_window_view(pictures["temple"][..., 0], (16, 16))
    assert (windows == patch[..., 0]).all(axis=(2, 3)).any()
    with pytest.raises(BuilderError, match="temple"):
        OPS["photograph"]({"name": "../../etc/passwd"}, {})


def page() -> None:
    from pages.explore.convolution import kernel as explore_kernel
    from pages.frame import state

    state.current()
    explore_kernel.alone()


@pytest.fixture
def sent(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the component is given; the kernel answers in this process."""
    blocks: list[dict[str, Any]] = []
    own = drawing.draw
    for cached in (kernel_picture.scikit_learns, kernel_picture._samples):
        cached.cache_clear()

    def draw(module: str, key: str, data: Mapping[str, Any], **callbacks: Any) -> Any:
        blocks.append(dict(data))
        return own(module, key, data, **callbacks)

    def call(kernel: str, op: str, arguments: dict[str, Any], arrays: Any = None, *, timeout: float = 30) -> Any:
        return OPS[op](arguments, arrays or {})

    monkeypatch.setattr(drawing, "draw", draw)
    monkeypatch.setattr(calls, "call", call)
    return blocks


def opened(**state: Any) -> AppTest:
    test = AppTest.from_function(page, default_timeout=60)
    for name, value in {"_owner": "session-me", **state}.items():
        test.session_state[name] = value
    test.run()
    assert not test.exception
    return test


def test_a_photograph_is_there_without_a_run_and_can_be_coloured_or_another_size(sent: list[dict[str, Any]]) -> None:
    test = opened()
    assert sent[-1]["picture"].shape == (107, 160, 1) and sent[-1]["id"].startswith("temple")
    test.toggle(key="kernel_colour").set_value(True).run()
    test.selectbox(key="kernel_side").set_value(64).run()
    assert sent[-1]["picture"].shape == (43, 64, 3)
    assert len({block["id"] for block in sent}) == 3


def test_the_page_of_a_project_without_a_run_has_it(sent: list[dict[str, Any]]) -> None:
    test = AppTest.from_file(str(Path(__file__).resolve().parents[3] / "pages" / "3_explore.py"), default_timeout=60)
    project = default_store().create_project("session-me", "mine", [zoo.network("points_mlp")])
    test.session_state["_owner"] = "session-me"
    test.query_params["project"] = project.id
    test.run()
    assert not sent
    test.toggle(key="explore_kernel_alone").set_value(True).run()
    assert not test.exception and sent[-1]["id"].startswith("temple")


def test_a_sample_of_any_dataset_of_pictures_serves_as_well(sent: list[dict[str, Any]]) -> None:
    test = opened(kernel_place="sample")
    test.selectbox(key="kernel_dataset").set_value("shapes").run()
    picture = sent[-1]["picture"]
    assert picture.shape == (32, 32, 1) and picture.max() <= 255 and (picture == np.round(picture)).all()


def test_numpy_s_sums_are_the_badge_and_a_bad_kernel_is_a_sentence(sent: list[dict[str, Any]]) -> None:
    opened()
    kernel, picture = Kernel(square(3)), sent[-1]["picture"]
    found = over(picture, kernel)
    sums = {"rows": found.sum(axis=(1, 2)).tolist(), "columns": found.sum(axis=(0, 2)).tolist()}
    typed = {"id": sent[-1]["id"], "kernel": kernel._asdict(), "sums": sums}
    test = opened(kernel_typed=typed)
    assert "17,120 sums" in test.markdown[0].value and ":green" in test.markdown[0].value
    sums["rows"][3] += 1000
    assert ":orange" in opened(kernel_typed=typed).markdown[0].value
    assert "a number from" in opened(kernel_typed=typed | {"kernel": kernel._asdict() | {"bias": "x"}}).warning[0].value


def test_a_damaged_file_is_a_sentence_and_nothing_is_lost(sent: list[dict[str, Any]]) -> None:
    test = opened(kernel_place="file")
    assert not sent
    test.file_uploader(key="kernel_file").set_value(("broken.png", b"\x89PNG nothing", "image/png")).run()
    assert not test.exception and "PNG, JPEG, WebP or GIF" in test.warning[0].value
    test.segmented_control(key="kernel_place").set_value("flower").run()
    assert sent[-1]["id"].startswith("flower")
