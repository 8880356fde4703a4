"""Tables typed by hand: what they become, and each mistake as a sentence with its line."""

from pathlib import Path

import numpy as np
import pytest

from builder.datasets import fit, parts, record, table_dataset
from builder.datasets.table_parser import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from builder.errors import BuilderError

pytestmark = pytest.mark.usefixtures("home")
FIRST = "1,2,0\n2,3,1\n3,4,0\n4,5,1\n5,6,0"


def test_the_course_s_first_example_is_a_dataset() -> None:
    dataset = table_dataset(FIRST, "First example")
    arrays = record(dataset.name).load()
    assert arrays.x.tolist() == [[1, 2], [2, 3], [3, 4], [4, 5], [5, 6]]
    assert arrays.y.tolist() == [0, 1, 0, 1, 0]
    assert (dataset.title, dataset.classes, dataset.network) == ("First example", ("0", "1"), "first_model")
    assert len(parts(dataset.name).train) == 3


def test_a_sentence_calls_a_table_by_its_title() -> None:
    with pytest.raises(BuilderError, match="got 2 from First example"):
        fit(table_dataset(FIRST, "First example"), (28, 28, 1))


def test_a_table_is_kept_and_found_again_until_its_file_is_gone(home: Path) -> None:
    name = table_dataset(FIRST).name
    assert [path.name for path in (home / "tables").iterdir()] == [f"{name.removeprefix('table:')}.json"]
    assert table_dataset(FIRST).name == name
    (home / "tables" / f"{name.removeprefix('table:')}.json").unlink()
    with pytest.raises(BuilderError, match="type it again"):
        record(name)


def test_words_are_classes_and_a_comma_between_semicolons_is_a_decimal_point() -> None:
    dataset = table_dataset("length;width;kind\n1,5;2;moth\n3;4e-2;bee\n-4;5;bee")
    assert dataset.classes == ("bee", "moth")
    assert dataset.features == ("length", "width") and dataset.load().x[0, 0] == 1.5


@pytest.mark.parametrize("text", ["1,5 2 0\n2,25 3 1\n3 4,0 0", "1,5\t2\t0\n2,25\t3\t1\n3\t4\t0"])
def test_a_decimal_comma_is_one_where_something_else_parts_the_values(text: str) -> None:
    assert table_dataset(text).load().x.tolist() == [[1.5, 2], [2.25, 3], [3, 4]]


def test_commas_that_may_part_values_or_digits_are_refused_and_never_guessed() -> None:
    with pytest.raises(BuilderError, match=r"Line 1 needs a space after each comma or after none.*semicolons"):
        table_dataset("1,5, 2,5, 0\n2,5, 3,5, 1\n3,5, 4,5, 0")


@pytest.mark.parametrize(
    "text", ["1 2 0\n2 3 1\n3 4 0", "1\t2\t0\n2\t3\t1\n3\t4\t0", "1; 2; 0\n2; 3; 1\n3; 4; 0", "\ufeff1,2,0\r\n\r\n2,3,1\r\n3,4,0\r\n"]
)
def test_spaces_tabs_semicolons_and_empty_lines_are_fine(text: str) -> None:
    assert table_dataset(text).load().x.tolist() == [[1, 2], [2, 3], [3, 4]]


def test_numbers_in_the_last_column_are_predicted_as_numbers() -> None:
    dataset = table_dataset("1,0.5\n2,1.5\n3,2.5")
    assert dataset.task == "regression" and dataset.load().y.tolist() == [[0.5], [1.5], [2.5]]
    assert table_dataset(FIRST, task="regression").load().y.shape == (5, 1)


MISTAKES = [
    ("", "no text"),
    ("1,2\n3,4", "3 to 10,000 rows"),
    ("1\n2\n3", "Line 1 needs 2 to 200 values"),
    ("1,2,0\n2,3\n3,4,0", r"Line 2 needs 3 values, as the first line has, but got 2"),
    ("1,2,0\n2,x,1\n3,4,0", r"Line 2, column 2 needs a number, but got 'x'"),
    ("1,x,0\n2,3,1\n3,4,0", r"Line 1, column 2 needs a number"),
    ("1,2,0\n\n2,nan,1\n3,4,0", r"Line 3, column 2 needs a number, but got 'nan'"),
    ("1,2,0\n2,1e999,1\n3,4,0", r"Line 2, column 2 needs a number"),
    ("1,2,0\n2,1_0,1\n3,4,0", r"Line 2, column 2 needs a number"),
    ("1,2,0\n2,,1\n3,4,0", r"Line 2, column 2 needs a number, but got nothing"),
    ("1,2,a\n2,3,\n3,4,b", r"Line 2 needs a target"),
    ("1,2,0\n2,3,0\n3,4,0", r"2 to 100 different classes, but got 1"),
    ('1,2,0\n2,"3,1\n3,4,0', r"Line 2 needs values between"),
    ("1,2,0\n" * (MOST_ROWS + 1), "10,001"),
    (",".join(["1"] * (MOST_COLUMNS + 1)) + "\n", "Line 1 needs 2 to 200 values"),
    ("1" * (MOST_BYTES + 1), "1,000 kB of text"),
]


@pytest.mark.parametrize(("text", "sentence"), MISTAKES)
def test_a_wrong_table_is_one_sentence_at_its_line_and_nothing_is_kept(home: Path, text: str, sentence: str) -> None:
    with pytest.raises(BuilderError, match=sentence) as caught:
        table_dataset(text)
    assert "\n" not in caught.value.sentence
    assert not [*(home / "tables").glob("*")]


@pytest.mark.parametrize("name", ["table:../../etc/passwd", "table:", "table:XYZ", "table:" + "0" * 19])
def test_only_a_table_s_own_name_becomes_a_path(name: str) -> None:
    with pytest.raises(BuilderError, match=r"needs a table"):
        record(name)


def test_a_damaged_file_is_a_sentence(home: Path) -> None:
    name = table_dataset(FIRST).name
    next((home / "tables").iterdir()).write_text('{"x": [[1')
    with pytest.raises(BuilderError, match="damaged"):
        record(name)


def test_large_numbers_stay_exact_in_single_precision() -> None:
    rows = np.random.default_rng(0).normal(size=(20, 3)).astype("float32") * 1e6
    text = "\n".join(",".join(map(repr, map(float, row))) for row in rows)
    assert (table_dataset(text, task="regression").load().x == rows[:, :2]).all()
