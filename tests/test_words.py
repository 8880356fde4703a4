"""Numbers, shapes, counts and bytes as text, and that no other file formats them."""

import re
from pathlib import Path

import pytest

from builder.words import format_bytes, format_count, format_exact, format_number, format_shape, told_apart

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "builder" / "words.py"
SHAPE, MINUS = re.compile(r"""["'] × ["']\.join"""), re.compile(r"""\.replace\(["'][^"']*-[^"']*["'], ["'][^"']*−""")


PLURAL = re.compile(r"""== 1 else ['"]\w*s['"]\}|else ['"]s['"]|['"]s['"] if """)  # "s" where there are several


@pytest.mark.parametrize("spelling", [SHAPE, MINUS], ids=["shape", "minus"])
def test_only_one_file_writes_shapes_and_the_minus_sign(spelling: re.Pattern[str]) -> None:
    found = [path for top in ("builder", "pages") for path in (ROOT / top).rglob("*.py") if spelling.search(path.read_text())]
    assert found == [HOME]


def test_no_text_makes_a_plural_of_its_own() -> None:
    assert not [path for top in ("builder", "pages") for path in (ROOT / top).rglob("*.py") if PLURAL.search(path.read_text())]


def test_a_number_has_three_digits_and_a_true_minus() -> None:
    assert [format_number(value) for value in (-0.012345, 1234.5, 1e-9, None)] == ["−0.0123", "1.23e+03", "1e−09", "none"]


def test_a_setting_is_written_whole() -> None:
    assert [format_exact(value) for value in (-1290, 0.001, 1e-7)] == ["−1,290", "0.001", "1e−07"]


def test_a_shape_names_its_open_axes() -> None:
    assert format_shape((None, 1024, 3)) == "any × 1,024 × 3"
    assert format_shape((None, 3), open_axis="?") == "? × 3"
    assert (format_shape(None), format_shape(())) == ("?", "")


def test_counts_and_bytes_have_units() -> None:
    assert [format_count(number, "parameter") for number in (1, 1290)] == ["1 parameter", "1,290 parameters"]
    assert [format_bytes(number) for number in (512, 900_136)] == ["512 B", "0.86 MiB"]


def test_one_is_one_and_nouns_have_their_plurals() -> None:
    nouns = ("unit", "class", "axis", "box", "category", "day", "epoch", "branch")
    assert [format_count(1, noun) for noun in nouns] == [f"1 {noun}" for noun in nouns]
    assert [format_count(2, noun) for noun in nouns] == [
        "2 units",
        "2 classes",
        "2 axes",
        "2 boxes",
        "2 categories",
        "2 days",
        "2 epochs",
        "2 branches",
    ]
    assert format_count(0, "run") == "0 runs"


def test_entries_of_a_list_differ_by_what_tells_them_apart_and_last_by_a_number() -> None:
    labels = {1: "mine", 2: "other", 3: "mine", 4: "mine"}
    assert told_apart(labels) == {1: "mine", 2: "other", 3: "mine (2)", 4: "mine (3)"}
    assert told_apart(labels, {1: "May", 3: "June", 4: "June"}) == {1: "mine, May", 2: "other", 3: "mine, June", 4: "mine, June (2)"}
