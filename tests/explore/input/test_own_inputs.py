"""Inputs of a person's own: drawings, picture files and changed forms, each step against numpy or Pillow."""

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from builder.datasets import DATASETS, fit
from builder.datasets.handwriting import boxed, centred, covered, cropped, drawn
from builder.datasets.perturbations import Change, changed, describe, kinds, noisy, occluded, replaced, rotated, shifted
from builder.datasets.uploads import MOST_BYTES, MOST_PIXELS, fitted, middle, photograph
from builder.errors import BuilderError

RANDOM = np.random.default_rng(3)
DIGITS, PATCHES = DATASETS["digits28"], DATASETS["patches"]


def file(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """A picture as the bytes of a file."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A tiny PNG that promises a huge picture: a bomb."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    parts = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def colours(height: int, width: int) -> Image.Image:
    return Image.fromarray(RANDOM.integers(0, 256, (height, width, 3), dtype="uint8"))


@pytest.mark.parametrize("turns", range(-4, 5))
def test_a_turn_by_right_angles_is_numpys(turns: int) -> None:
    picture = RANDOM.random((9, 9, 3)).astype("float32")
    np.testing.assert_array_equal(rotated(picture, 90 * turns, np.float32(0)), np.rot90(picture, turns))


def test_a_turn_by_any_angle_is_pillows() -> None:
    picture = RANDOM.random((21, 21)).astype("float32")
    theirs = np.asarray(Image.fromarray(picture).rotate(30, Image.Resampling.BILINEAR))
    ours = rotated(picture[..., None], 30, np.float32(0))[..., 0]
    inside = slice(5, 16)
    np.testing.assert_allclose(ours[inside, inside], theirs[inside, inside], atol=1e-4)


def test_what_turns_in_from_outside_is_the_ground() -> None:
    assert rotated(np.full((8, 8, 1), 5, "float32"), 45, np.float32(5)) == pytest.approx(5)


@pytest.mark.parametrize("by", [(2, -3), (0, 0), (-1, 4), (50, 0), (-8, -8)])
def test_a_shift_is_a_roll_with_the_ground_where_nothing_came_from(by: tuple[int, int]) -> None:
    picture = RANDOM.random((8, 8, 2)).astype("float32")
    oracle = np.full_like(picture, 7)
    for row in range(8):
        for column in range(8):
            if 0 <= row - by[0] < 8 and 0 <= column - by[1] < 8:
                oracle[row, column] = picture[row - by[0], column - by[1]]
    np.testing.assert_array_equal(shifted(picture, by, np.float32(7)), oracle)


def test_noise_repeats_with_its_seed_and_a_picture_stays_in_its_range() -> None:
    picture = RANDOM.random((28, 28, 1)).astype("float32")
    one = noisy(DIGITS, picture, 0.3, seed=4)
    np.testing.assert_array_equal(one, noisy(DIGITS, picture, 0.3, seed=4))
    assert (one != noisy(DIGITS, picture, 0.3, seed=5)).any()
    assert one.min() >= 0 and one.max() <= 1
    oracle = picture + np.random.default_rng(4).normal(scale=0.3, size=picture.shape)
    np.testing.assert_allclose(one, np.clip(oracle, 0, 1), atol=1e-6)


def test_a_covered_box_is_the_ground_and_all_else_stays() -> None:
    row = RANDOM.random((10, 2)).astype("float32")
    made = occluded(row, (3,), (4,), np.float32(0))
    np.testing.assert_array_equal(made[3:7], 0)
    np.testing.assert_array_equal(np.delete(made, range(3, 7), axis=0), np.delete(row, range(3, 7), axis=0))


@pytest.mark.parametrize("name", sorted(name for name, each in DATASETS.items() if not each.download))
def test_every_change_keeps_shape_and_type_and_has_words(name: str) -> None:
    dataset = DATASETS[name]
    x = RANDOM.uniform(dataset.low, dataset.high, dataset.input_shape).astype("float32")
    axes = 2 if dataset.kind == "image" else 1
    row = x.ndim == 1 and dataset.kind != "tokens"
    shift = Change("shift", 0.1) if row else Change("shift", place=(2,) * axes)
    every = {
        "noise": Change("noise", 0.2),
        "shift": shift,
        "rotation": Change("rotation", 20),
        "occlusion": Change("occlusion", place=(0,) * axes, size=(1,) * axes),
    }
    for kind in kinds(dataset):
        made = changed(dataset, x, every[kind])
        assert made.shape == x.shape and made.dtype == np.float32
        assert describe(dataset, every[kind])


def test_a_drawing_is_cut_scaled_and_centred_as_the_digits_are() -> None:
    pad = np.zeros((140, 140), "float32")
    pad[100:130, 5:17] = 1  # a bar low on the left
    made = drawn(DIGITS, pad)
    assert made is not None and made.values.shape == (28, 28, 1)
    ink = made.values[..., 0]
    assert ink[:2].max() > 0.5 and ink[-2:].max() > 0.5  # it fills the height
    assert float((ink.sum(axis=0) * np.arange(28)).sum() / ink.sum()) == pytest.approx(13.5, abs=0.8)
    assert ink.mean() == pytest.approx(0.305, abs=0.02)
    assert made.steps[0] == "Cut 140 × 140 to the ink, 30 × 12, as the dataset's own pictures are" and "8 × 8" in made.steps[-1]


def test_where_a_drawing_was_made_and_how_large_changes_nothing_much() -> None:
    one, other = np.zeros((140, 140), "float32"), np.zeros((140, 140), "float32")
    one[20:120, 60:70] = 1
    other[5:55, 100:105] = 1
    first, second = drawn(DIGITS, one), drawn(DIGITS, other)
    assert first is not None and second is not None
    np.testing.assert_allclose(first.values, second.values, atol=0.15)


def test_an_empty_pad_is_no_drawing() -> None:
    assert drawn(DIGITS, np.zeros((140, 140), "float32")) is None


def test_mnists_digits_are_centred_by_their_mass() -> None:
    pad = np.zeros((100, 100), "float32")
    pad[10:90, 20:80], pad[10:30, 20:60] = 0.3, 1
    made = drawn(DATASETS["mnist"], pad)
    assert made is not None
    ink = made.values[..., 0].astype("float64")
    middle = [float((ink.sum(axis=1 - axis) * (np.arange(28) + 0.5)).sum() / ink.sum()) for axis in (0, 1)]
    assert middle == pytest.approx([14, 14], abs=0.55)


def test_the_parts_of_a_drawings_way_are_what_they_say() -> None:
    ink = np.zeros((30, 20))
    ink[4:9, 6:16] = 1
    found = cropped(ink)
    assert found is not None and found.shape == (5, 10)
    assert boxed(found, (32, 32)).any(axis=1).sum() == 16 and boxed(found, (32, 32)).any(axis=0).all()
    np.testing.assert_array_equal(centred(np.ones((2, 2)), (4, 4)), np.pad(np.ones((2, 2)), 1))
    strokes = np.zeros((32, 32))
    strokes[:, 15:17] = 1
    assert covered(strokes, 0.25).mean() == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photograph_is_cut_and_resized_as_pillow_does(kind: str) -> None:
    data = file(colours(60, 90), kind)
    made = fitted(PATCHES, data)
    assert made.steps == ("Cut 60 × 60 from the middle", "Resize to 16 × 16, bilinear")
    with Image.open(BytesIO(data)) as again:
        oracle = again.convert("RGB").crop((15, 0, 75, 60)).resize((16, 16), Image.Resampling.BILINEAR)
    np.testing.assert_allclose(made.values, np.asarray(oracle, "float32") / 255, atol=1e-6)


def test_a_picture_of_the_right_size_has_no_steps() -> None:
    pixels = colours(16, 16)
    made = fitted(PATCHES, file(pixels))
    assert made.steps == ()
    np.testing.assert_allclose(made.values, np.asarray(pixels, "float32") / 255)


def test_colour_becomes_grey_for_a_grey_dataset() -> None:
    pixels = colours(32, 32)
    made = fitted(DATASETS["shapes"], file(pixels))
    np.testing.assert_allclose(made.values[..., 0], np.asarray(pixels, "float32") / 255 @ [0.299, 0.587, 0.114], atol=1e-5)


def test_dark_ink_on_light_paper_is_turned_over() -> None:
    paper = np.full((200, 160, 3), 235, "uint8")
    paper[40:160, 70:90] = 30
    made = fitted(DIGITS, file(Image.fromarray(paper), "JPEG"))
    assert any("light on dark" in step for step in made.steps)
    assert made.values[14, 14, 0] > 0.9 and made.values[14, 0, 0] < 0.1
    light = fitted(DIGITS, file(Image.fromarray(255 - paper), "JPEG"))
    np.testing.assert_allclose(light.values, made.values, atol=0.2)


def test_a_blank_sheet_is_a_sentence() -> None:
    with pytest.raises(BuilderError, match="ink that stands out"):
        fitted(DIGITS, file(Image.new("RGB", (100, 100), "white")))


def test_what_the_camera_noted_about_its_turn_is_honoured() -> None:
    pixels = colours(20, 30)
    exif = Image.Exif()
    exif[0x0112] = 6
    picture, steps = photograph(file(pixels, "PNG", exif=exif))
    np.testing.assert_array_equal(np.asarray(picture), np.rot90(np.asarray(pixels), -1))
    assert steps == ["Turn it upright, as the camera noted"]


def test_transparency_becomes_white_and_sixteen_bits_become_eight() -> None:
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert np.asarray(photograph(file(clear))[0]).min() == 255
    deep = Image.fromarray(np.full((4, 4), 65535 // 2, "uint16"))
    assert np.asarray(photograph(file(deep))[0]).mean() == pytest.approx(127, abs=1)
    palette = colours(8, 8).convert("P")
    np.testing.assert_array_equal(np.asarray(photograph(file(palette))[0]), np.asarray(palette.convert("RGB")))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_of_a_moving_picture_the_first_frame_is_taken(kind: str) -> None:
    first, second = Image.new("RGB", (8, 8), (200, 0, 0)), Image.new("RGB", (8, 8), (0, 0, 200))
    picture, steps = photograph(file(first, kind, save_all=True, append_images=[second], duration=100))
    assert steps == ["Take the first of its frames"]
    assert np.asarray(picture)[0, 0, 0] > 150


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cannot be read"),
        (b"not a picture", "cannot be read"),
        (file(colours(40, 40))[:200], "cannot be read"),
        (file(colours(300, 300), "JPEG")[:700], "cannot be read"),
        (file(colours(40, 40), "WEBP")[:60], "cannot be read"),
        (file(colours(40, 40), "GIF")[:300], "cannot be read"),
        (file(colours(8, 8), "TIFF"), "cannot be read"),
        (file(colours(8, 8), "BMP"), "cannot be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
        (png_header(50_000, 50_000), "million pixels"),
        (png_header(12_000, 12_000), "million pixels"),
        (png_header(1, 20_000), "million pixels"),
        (png_header(0, 10), "cannot be read"),
        (png_header(100, 100), "cannot be read"),
        (bytes(MOST_BYTES + 1), "at most 20 MiB"),
    ],
)
def test_what_is_no_fitting_picture_is_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(BuilderError, match=words):
        photograph(data)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was unpacked"))
    side = int(MOST_PIXELS**0.5) + 1
    with pytest.raises(BuilderError, match="million pixels"):
        photograph(png_header(side, side))


def test_the_middle_of_a_picture_has_the_asked_form() -> None:
    tall, steps = middle(colours(90, 30), 1.0)
    assert tall.size == (30, 30) and len(steps) == 1
    assert middle(colours(30, 30), 1.0)[1] == []


def test_an_own_input_goes_the_datasets_own_way_to_the_network() -> None:
    made = fitted(DIGITS, file(Image.fromarray(np.pad(np.zeros((90, 20), "uint8"), 60, constant_values=255)), "PNG"))
    x = fit(DIGITS, (784,)).apply(made.values[None])
    np.testing.assert_array_equal(x[0], made.values.reshape(-1))


def test_tokens_are_replaced_by_tokens_that_there_are() -> None:
    dataset = DATASETS["pronouns"]
    x = np.arange(9, dtype="float32")
    np.testing.assert_array_equal(replaced(dataset, x, 0.0, 1), x)
    every = replaced(dataset, np.zeros(500), 1.0, 1)
    assert set(every.tolist()) <= set(range(len(dataset.vocabulary))) and len(set(every.tolist())) > 40
    np.testing.assert_array_equal(replaced(dataset, x, 0.5, 2), replaced(dataset, x, 0.5, 2))
