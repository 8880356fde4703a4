"""Pictures of arrays: white is zero, both signs have one scale, every value keeps its place, and what is no number shows."""

import ast
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageColor

from builder.datasets import record
from builder.figures import palette
from builder.figures.maps import Picture, grid, input_picture, kernels, layer_picture, strip
from builder.figures.previews import dataset_picture

WHITE = (255, 255, 255)
BLUE, ORANGE = (ImageColor.getrgb(palette.DIVERGING[end]) for end in (0, -1))


def pixels(picture: Picture) -> np.ndarray:
    """(height, width, red-green-blue-opacity)."""
    return np.asarray(Image.open(BytesIO(picture.png)).convert("RGBA"))


def colour_of(picture: Picture, place: int, row: int, column: int, lengths: tuple[int, int]) -> tuple[int, ...]:
    """The colour of one value of one map, in the middle of its square."""
    height, width = picture.cell
    top = (place // picture.columns) * (height + 4) + 1
    left = (place % picture.columns) * (width + 4) + 1
    up, across = height // lengths[0], width // lengths[1]
    return tuple(int(value) for value in pixels(picture)[top + row * up + up // 2, left + column * across + across // 2][:3])


ROOT = Path(__file__).resolve().parents[2]


# A family of layers brings its own colour, since adding one is one record.
COLOURED = (ROOT / "builder" / "figures" / "palette.py", ROOT / "builder" / "catalogue" / "families.py")


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "builder").rglob("*.py"))], ids=lambda path: path.name
)
def test_every_colour_is_the_palette_s(path: Path) -> None:
    texts = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found = re.findall(r"(?<![&\w])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|\b(?:rgb|hsl)a?\(", " ".join(texts))
    assert bool(found) == (path in COLOURED)


def test_zero_is_white_and_the_extremes_are_blue_and_orange() -> None:
    values = np.array([[-2.0, 0.0], [2.0, 1.0]])[..., None]
    picture = layer_picture(values)
    assert colour_of(picture, 0, 0, 0, (2, 2)) == BLUE
    assert colour_of(picture, 0, 0, 1, (2, 2)) == WHITE
    assert colour_of(picture, 0, 1, 0, (2, 2)) == ORANGE
    assert (picture.low, picture.high) == (-2.0, 2.0)


def test_a_scale_is_symmetric_even_where_all_values_are_positive() -> None:
    picture = layer_picture(np.array([[0.0, 3.0]])[..., None])
    assert (picture.low, picture.high) == (-3.0, 3.0)
    assert colour_of(picture, 0, 0, 0, (1, 2)) == WHITE


def test_each_map_has_its_own_scale_unless_the_layer_s_is_asked_for() -> None:
    values = np.stack([np.full((2, 2), 1.0), np.full((2, 2), 100.0)], axis=-1)
    own, shared = layer_picture(values, scale="map"), layer_picture(values, scale="layer")
    assert colour_of(own, 0, 0, 0, (2, 2)) == colour_of(own, 1, 0, 0, (2, 2)) == ORANGE
    assert colour_of(shared, 1, 0, 0, (2, 2)) == ORANGE
    assert min(colour_of(shared, 0, 0, 0, (2, 2))) > 240


def test_maps_stand_in_the_order_of_the_channels() -> None:
    values = np.zeros((4, 4, 30), "float32")
    for place in range(30):
        values[..., place] = 1 if place in (0, 7, 29) else 0
    picture = layer_picture(values)
    orange = [place for place in range(30) if colour_of(picture, place, 2, 2, (4, 4)) == ORANGE]
    assert orange == [0, 7, 29]


def test_what_is_no_number_shows_and_does_not_spoil_the_scale() -> None:
    values = np.array([[np.nan, np.inf], [1.0, -np.inf]])[..., None]
    picture = layer_picture(values)
    wrong = ImageColor.getrgb(palette.NOT_A_NUMBER)
    assert colour_of(picture, 0, 0, 0, (2, 2)) == colour_of(picture, 0, 0, 1, (2, 2)) == wrong
    assert colour_of(picture, 0, 1, 0, (2, 2)) == ORANGE
    assert picture.high == 1.0


def test_an_empty_layer_and_one_of_zeros_are_pictures_too() -> None:
    assert pixels(layer_picture(np.zeros((0,)))).size
    assert colour_of(layer_picture(np.zeros((2, 2, 1))), 0, 0, 0, (2, 2)) == WHITE
    assert layer_picture(np.zeros(())).shown == 1


@pytest.mark.parametrize("shape", [(26, 26, 32), (1600,), (10,), (500, 128), (224, 224, 64), (4, 7, 7, 3), (1, 1, 2048), (3,), (1000, 2)])
def test_every_shape_becomes_one_picture_that_fits_the_page(shape: tuple[int, ...]) -> None:
    picture = layer_picture(np.random.default_rng(0).normal(size=shape))
    assert pixels(picture).shape[:2] == (picture.height, picture.width)
    assert picture.width <= 1100 and picture.height <= 1100
    assert len(picture.png) < 500_000


def test_more_maps_than_fit_are_counted() -> None:
    picture = layer_picture(np.zeros((4, 4, 100)))
    assert (picture.shown, picture.count) == (64, 100)


def test_steps_run_from_left_to_right() -> None:
    values = np.zeros((6, 3), "float32")
    values[5, 0] = 1  # the last step, the first unit
    picture = layer_picture(values)
    assert colour_of(picture, 0, 0, 5, (3, 6)) == ORANGE


def test_activations_keep_their_order_in_rows_of_sixty_four() -> None:
    values = np.zeros(130, "float32")
    values[70] = -1
    picture = strip(values)
    size = picture.cell[0]
    assert tuple(pixels(picture)[1 * size + 2, 6 * size + 2][:3]) == BLUE


def test_kernels_have_a_row_for_each_filter_and_a_column_for_each_input() -> None:
    values = np.zeros((3, 3, 4, 6), "float32")
    values[1, 1, 2, 5] = 1
    picture = kernels(values)
    assert (picture.columns, picture.shown, picture.count) == (4, 24, 24)
    image = pixels(picture)
    step = picture.cell[0] + 3
    found = np.argwhere((image[..., :3] == ORANGE).all(axis=-1))
    assert found[:, 0].min() // step == 5 and found[:, 1].min() // step == 2


@pytest.mark.parametrize("shape", [(3,), (1600, 128), (5, 8, 16), (3, 3, 1, 32), (3, 3, 512, 512), (2, 2, 2, 3, 4)])
def test_weights_of_every_kind_become_a_picture(shape: tuple[int, ...]) -> None:
    picture = kernels(np.random.default_rng(0).normal(size=shape))
    assert 0 < picture.shown <= picture.count and picture.width < 1100


def test_an_input_is_grey_between_its_own_ends() -> None:
    picture = input_picture(np.array([[0.0, 16.0], [8.0, 4.0]])[..., None], 0, 16, side=20)
    image = pixels(picture)
    assert [int(image[y, x, 0]) for y, x in ((5, 5), (5, 15), (15, 5), (15, 15))] == [0, 255, 127, 63]


def test_a_colour_input_keeps_its_colours() -> None:
    picture = input_picture(np.array([[[1.0, 0.0, 0.5]]]), side=4)
    assert tuple(pixels(picture)[0, 0][:3]) == (255, 0, 127)


def test_averaging_a_large_map_keeps_its_mean() -> None:
    random = np.random.default_rng(1)
    picture = grid(random.normal(size=(1, 512, 512)), side=64)
    assert picture.cell == (64, 64)


@pytest.mark.parametrize("name", ["digits", "iris", "spirals", "diabetes"])
def test_a_dataset_has_a_preview(name: str) -> None:
    dataset = record(name)
    arrays = dataset.load()
    image = Image.open(BytesIO(dataset_picture(dataset.kind, arrays.x[:24], arrays.y[:24], dataset.low, dataset.high)))
    assert 100 < image.width < 700 and len(set(image.convert("RGBA").get_flattened_data())) > 2


@pytest.mark.parametrize(("name", "joined"), [("reversal", ""), ("pronouns", " "), ("pydoc", "")])
def test_tokens_are_previewed_as_the_words_they_stand_for(name: str, joined: str) -> None:
    dataset = record(name)
    arrays = dataset.load()
    words = {"vocabulary": dataset.vocabulary, "classes": dataset.classes}
    drawn = ElementTree.fromstring(dataset_picture("tokens", arrays.x[:12], arrays.y[:12], **words))
    said = [("".join(text.itertext()), text.get("class")) for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    sample = joined.join(dataset.vocabulary[token] for token in arrays.x[0]).replace("\n", "↵")
    first = [line for line, kind in said[: next(at for at, (_, kind) in enumerate(said) if kind == "to")]]
    assert joined.join(first) == sample
    assert max(len(line) for line, _ in said) <= 40
    if name == "pronouns":
        assert ("".join(line for line, kind in said if kind == "to")).startswith(dataset.classes[arrays.y[0]])


def test_a_point_far_to_the_right_is_drawn_to_the_right() -> None:
    x = np.array([[0.0, 0.0], [1.0, 1.0]], "float32")
    image = np.asarray(Image.open(BytesIO(dataset_picture("points", x, np.array([0, 1])))).convert("RGB")).astype(int)
    second = np.abs(image - ImageColor.getrgb(palette.CLASSES[1])).sum(axis=-1) < 30
    rows, columns = np.nonzero(second)
    assert columns.mean() > image.shape[1] * 0.8 and rows.mean() < image.shape[0] * 0.2
