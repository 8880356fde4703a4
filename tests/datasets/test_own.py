"""Inputs of a person's own as data: what is a sample of the dataset, and what is refused with a sentence."""

from base64 import b64encode
from typing import Any

import numpy as np
import pytest

from builder.datasets import DATASETS, own
from builder.datasets.typed_tokens import Room
from builder.datasets.uploads import sketched
from builder.errors import BuilderError
from builder.typed import written


def limits(name: str) -> own.Range:
    x = DATASETS[name].load().x
    rows = x.reshape(-1, x.shape[-1])
    return own.Range(rows.min(axis=0), rows.max(axis=0))


def test_a_drawing_is_made_like_the_dataset_s_own_pictures() -> None:
    dataset = DATASETS["digits28"]
    sheet = np.zeros((168, 168, 1), "uint8")
    sheet[30:140, 70:95] = 255
    made = own.from_sheet(dataset, b64encode(sheet.tobytes()).decode())
    wanted = sketched(dataset, sheet.astype("float32") / 255)
    assert wanted is not None
    np.testing.assert_array_equal(made.values, wanted.values)
    assert made.values.shape == dataset.input_shape


@pytest.mark.parametrize("name", ["iris", "diabetes", "spirals", "sines", "adding"])
def test_a_sample_s_own_numbers_typed_again_are_the_sample(name: str) -> None:
    dataset = DATASETS[name]
    ends = limits(name)
    for sample in dataset.load().x[:20]:
        typed = [[written(float(value)) for value in row] for row in sample.reshape(-1, sample.shape[-1])]
        np.testing.assert_allclose(own.from_numbers(dataset, typed, ends), sample, rtol=1e-6)


def test_numbers_are_read_as_everywhere_else() -> None:
    found = own.from_numbers(DATASETS["iris"], [["1,25", "−0.5", ".5", "2e-1"]], limits("iris"))
    np.testing.assert_allclose(found, [1.25, -0.5, 0.5, 0.2], rtol=1e-6)


def test_a_point_may_lie_as_far_out_as_the_plane_is_shown() -> None:
    from builder.training.pictures.boundary import around

    low, high = around(DATASETS["spirals"].load().x)[0]
    assert own.from_numbers(DATASETS["spirals"], [[str(low), "0"]], limits("spirals"))[0] == pytest.approx(low)
    with pytest.raises(BuilderError):
        own.from_numbers(DATASETS["spirals"], [[str(high + 0.1 * (high - low)), "0"]], limits("spirals"))


def test_a_text_is_padded_and_its_last_token_known() -> None:
    room = Room(64, " ", False)
    tokens, last = own.from_text(DATASETS["pydoc"], "import ", room)
    words = [DATASETS["pydoc"].vocabulary[token] for token in tokens]
    assert ("".join(words[:7]), last, len(words)) == ("import ", 6, 64)
    tokens, last = own.from_text(DATASETS["pronouns"], "The dog ran, because it was scared.", Room(9, "·", True))
    assert (len(tokens), last) == (9, 8)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("iris", [["0.5", "0.5", "0.4"]], "The input needs 4 numbers, but got 3 numbers."),
        ("iris", [["0.5", "0.5", "x", "0.2"]], "petal length needs a number from -1.599 to 1.783, but got “x”. Write it as"),
        ("iris", [["0.5", "0.5", "", "0.2"]], "petal length needs a number from -1.599 to 1.783, but got nothing."),
        ("iris", [["0.5", "0.5", "700", "0.2"]], "petal length needs a number from -1.599 to 1.783, but got “700”."),
        ("iris", [["0.5", "0.5", "nan", "0.2"]], "but got “nan”"),
        ("iris", [["0.5", "0.5", "1e999", "0.2"]], "but got “1e999”"),
        ("iris", [[0.5, 0.5, 0.4, 0.2]], "but got nothing"),
        ("iris", "0.5", "The input needs 1 row, but got 0."),
        ("iris", [3], "The input needs 4 numbers, but got something else."),
        ("sines", [["0"]] * 31, "The input needs 32 rows, but got 31."),
        ("sines", [["0"]] * 31 + [["90"]], "step 31: value needs a number from"),
        ("digits28", [["0"]], "The input needs"),
    ],
)
def test_numbers_that_are_no_sample_are_refused_with_a_sentence(name: str, typed: Any, said: str) -> None:
    ends = limits(name) if name != "digits28" else own.Range(np.zeros(1), np.ones(1))
    with pytest.raises(BuilderError) as refused:
        own.from_numbers(DATASETS[name], typed, ends)
    assert said in refused.value.sentence


@pytest.mark.parametrize("sent", [None, 3, "", "!!", "A" * 10**6, b64encode(bytes(10)).decode(), b64encode(bytes(168 * 168)).decode()])
def test_what_is_no_drawing_is_refused_with_a_sentence(sent: Any) -> None:
    with pytest.raises(BuilderError, match=r"^The drawing needs"):
        own.from_sheet(DATASETS["digits28"], sent)


@pytest.mark.parametrize("sent", ["", "zebra", "the dog " * 9, "x" * 30_000, None])
def test_what_is_no_text_of_the_dataset_is_refused_with_a_sentence(sent: Any) -> None:
    with pytest.raises(BuilderError, match=r"^The input needs"):
        own.from_text(DATASETS["pronouns"], sent, Room(9, "·", True))
