"""What a drawing sheet sends, and how a sequence becomes a line."""

from base64 import b64encode

import numpy as np

from builder.datasets import DATASETS, sheets
from builder.datasets.uploads import sketched
from pages.explore.line import TALL, WIDE, points


def test_what_the_sheet_sends_is_read_or_ignored() -> None:
    dataset = DATASETS["digits28"]
    pixels = np.random.default_rng(2).integers(0, 256, (168, 168, 1), dtype="uint8")
    read = sheets.read_sheet(dataset, b64encode(pixels.tobytes()).decode())
    assert read is not None
    np.testing.assert_array_equal(read, pixels.astype("float32") / 255)
    for strange in (None, 3, {"a": 1}, "", "!!", b64encode(bytes(10)).decode(), b64encode(bytes(168 * 168 + 1)).decode(), "A" * 10**6):
        assert sheets.read_sheet(dataset, strange) is None


def test_a_sheet_of_a_colour_dataset_has_three_channels_and_is_averaged() -> None:
    dataset = DATASETS["patches"]
    assert sheets.sheet(dataset) == (168, 168, 3)
    pixels = np.ones((160, 160, 3), "float32")
    pixels[:80] = (1, 0, 0)
    made = sketched(dataset, pixels)
    assert made is not None
    np.testing.assert_allclose(made.values[3, 3], (1, 0, 0), atol=1e-5)
    np.testing.assert_allclose(made.values[12, 3], (1, 1, 1), atol=1e-5)
    assert sketched(dataset, np.ones((160, 160, 3), "float32")) is None


def test_a_line_goes_from_the_highest_to_the_lowest_value() -> None:
    places = [tuple(map(float, place.split(","))) for place in points(np.array([0.0, 1.0, np.nan, -1.0]), -1, 1).split()]
    assert [round(y) for _, y in places] == [TALL // 2, 2, TALL - 2]
    assert places[0][0] == 1 and places[-1][0] == WIDE - 1
