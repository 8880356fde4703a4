"""What is typed is understood or refused with a sentence, and never becomes another number."""

import random
import re
from pathlib import Path
from typing import Any

import pytest

from builder.errors import BuilderError
from builder.typed import read_number, read_numbers, written

READ = [
    ("0.01", 0.01),
    ("0,01", 0.01),
    ("0,001", 0.001),
    ("1,5", 1.5),
    (",5", 0.5),
    (".5", 0.5),
    ("1e-3", 0.001),
    ("1,5e-3", 0.0015),
    ("−2,5", -2.5),
    ("+3", 3.0),
    ("1 000", 1000.0),
    ("1\u00a0000,5", 1000.5),
    ("1\u202f000", 1000.0),
    ("1'000.25", 1000.25),
    ("1_000", 1000.0),
    ("1,234,567", 1234567.0),
    ("1.234.567", 1234567.0),
    ("1,234.5", 1234.5),
    ("1.234,5", 1234.5),
    ("12345,678", 12345.678),
    ("  7  ", 7.0),
    ("１２", 12.0),
    ("", None),
    ("  ", None),
]
WHOLE = [
    ("16", 16),
    ("1,568", 1568),
    ("1 568", 1568),
    ("1,000,000", 10**6),
    ("1e3", 1000),
    ("3.0", 3),
    ("3,0", 3),
    ("−4", -4),
    (str(10**17 + 1), 10**17 + 1),
]
REFUSED = [
    "1,000",
    "12,345",
    "-1,500",
    "abc",
    "1.2.3",
    "1,2,3",
    "1 2",
    "28 28",
    "1,23 4",
    "nan",
    "inf",
    "1e999",
    "0x10",
    "20 %",
    "1/3",
    "--1",
    "1e",
    "٣",
    "1" * 70,
]
NOT_WHOLE = ["3.7", "3,7", "1.568", "0.5", "1e-3", "2.5.1"]


@pytest.mark.parametrize(("text", "value"), READ)
def test_a_number_is_read_as_people_write_it(text: str, value: float | None) -> None:
    assert read_number(text, "it") == value


@pytest.mark.parametrize(("text", "value"), WHOLE)
def test_a_whole_number_is_read_exactly(text: str, value: int) -> None:
    found = read_number(text, "it", whole=True)
    assert found == value and type(found) is int


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("whole", [False, True])
def test_what_is_no_number_or_may_be_two_is_refused_with_a_sentence(text: str, whole: bool) -> None:
    if whole and text in ("1,000", "12,345", "-1,500"):
        assert read_number(text, "it", whole=True) == int(text.replace(",", ""))
        return
    with pytest.raises(BuilderError) as error:
        read_number(text, "learning_rate", whole=whole)
    assert error.value.sentence.startswith("learning_rate needs a") and text.strip()[:60] in error.value.sentence


@pytest.mark.parametrize("text", NOT_WHOLE)
def test_decimals_in_a_whole_number_are_refused_not_cut(text: str) -> None:
    with pytest.raises(BuilderError, match="whole number"):
        read_number(text, "filters", whole=True)


def test_both_readings_of_an_ambiguous_number_are_named() -> None:
    with pytest.raises(BuilderError) as error:
        read_number("1,568", "it")
    assert error.value.hint == "Write 1568 or 1.568, whichever is meant."


@pytest.mark.parametrize("whole", [False, True])
def test_what_a_field_shows_reads_back_as_itself(whole: bool) -> None:
    draw = random.Random(3)
    for _ in range(2000):
        value = draw.randint(-(10**9), 10**9) if whole else draw.choice([1, -1]) * draw.random() * 10 ** draw.randint(-12, 12)
        assert read_number(written(value), "it", whole=whole) == value


LISTS = [
    ("28, 28, 1", [28, 28, 1]),
    ("28,28,1", [28, 28, 1]),
    ("28 x 28", [28, 28]),
    ("28x28x1", [28, 28, 1]),
    ("28×28", [28, 28]),
    ("28;28;1", [28, 28, 1]),
    ("28 28 1", [28, 28, 1]),
    ("(28, 28, 1)", [28, 28, 1]),
    ("[5]", [5]),
    ("any, 3", [None, 3]),
    ("None, 28, 1", [None, 28, 1]),
    ("-1", [-1]),
    ("224,224,3", [224, 224, 3]),
    ("28, 28,", [28, 28]),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), LISTS)
def test_a_list_of_whole_numbers_is_read_as_people_write_it(text: str, value: Any) -> None:
    assert read_numbers(text, "shape", whole=True) == value


@pytest.mark.parametrize("text", ["28 by 28", "1,000, 28", "28,000,1", "3.7, 2", "28..1", "1.000.000, 3", "007"])
def test_a_list_that_may_mean_something_else_is_refused(text: str) -> None:
    with pytest.raises(BuilderError, match="whole numbers with commas"):
        read_numbers(text, "shape", whole=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1, 0.2", [0.1, 0.2]),
        ("0.1,0.2", [0.1, 0.2]),
        ("0,1; 0,2", [0.1, 0.2]),
        ("0,1", None),
        ("0.5", [0.5]),
        ("0 255", [0.0, 255.0]),
        ("0, 255", [0.0, 255.0]),
        ("1,2", None),
    ],
)
def test_a_list_of_numbers_has_no_comma_of_two_meanings(text: str, value: list[float] | None) -> None:
    if value is None:
        with pytest.raises(BuilderError, match="numbers with commas"):
            read_numbers(text, "mean")
    else:
        assert read_numbers(text, "mean") == value


ROOT = Path(__file__).resolve().parent.parent


def test_no_field_lets_the_browser_read_a_number() -> None:
    """A number box of the browser drops what it does not know, "0,01" becomes 1: pages have boxes that `builder.typed` reads."""
    own = [path for folder in ("pages", "builder", "assets") for path in (ROOT / folder).rglob("*.*") if path.suffix in (".py", ".js")]
    wrong = re.compile(r"number_input\(|NumberColumn|type: \"number\"|type=\"number\"")
    assert [path.name for path in own if wrong.search(path.read_text())] == []
    assert [path.name for path in own if "data_editor(" in path.read_text()] == ["number_table.py"]
