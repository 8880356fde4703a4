"""Numbers, shapes, counts and bytes as text, and that no other file formats them."""

import re
from pathlib import Path

import pytest

from builder.words import format_bytes, format_count, format_exact, format_number, format_shape

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "builder" / "words.py"
SHAPE, MINUS = re.compile(r"""["'] × ["']\.join"""), re.compile(r"""\.replace\(["'][^"']*-[^"']*["'], ["'][^"']*−""")


@pytest.mark.parametrize("spelling", [SHAPE, MINUS], ids=["shape", "minus"])
def test_only_one_file_writes_shapes_and_the_minus_sign(spelling: re.Pattern[str]) -> None:
    found = [path for top in ("builder", "pages") for path in (ROOT / top).rglob("*.py") if spelling.search(path.read_text())]
    assert found == [HOME]


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
