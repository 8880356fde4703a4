"""CSV parser of a table that a person typed: every mistake is one sentence with its line."""

import csv
import re
from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

from builder.errors import BuilderError

from .dataset import Task

MOST_BYTES = 1_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 200
MOST_CLASSES = 100
FEW = 10  # different whole numbers that still count as classes
FEWEST_ROWS = 3
TASKS = ("classification", "regression")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class Table(NamedTuple):
    """A table in JSON values: `x` rows of numbers, `y` class numbers or values, one a row."""

    task: Task
    features: list[str]
    target: str
    classes: list[str]
    x: list[list[float]]
    y: list[float]


Line = tuple[int, list[str]]  # its number in the text, and its cells


def read_table(text: str, task: str = "") -> Table:
    """The numbers of a table, its last column as the target."""
    if task not in ("", *TASKS):
        raise BuilderError("The task", f"one of {', '.join(TASKS)}", repr(task))
    lines = list(_lines(text))
    if not lines:
        raise BuilderError("The table", "rows of numbers", "no text", "Write one sample a line, its target last: 1, 2, 0")
    width = len(lines[0][1])
    if not 2 <= width <= MOST_COLUMNS:
        raise BuilderError(f"Line {lines[0][0]}", f"2 to {MOST_COLUMNS} values, the target last", str(width))
    names = lines.pop(0)[1] if all(_number(cell) is None for cell in lines[0][1][:-1]) else []
    if not FEWEST_ROWS <= len(lines) <= MOST_ROWS:
        raise BuilderError("The table", f"{FEWEST_ROWS} to {MOST_ROWS:,} rows of numbers", f"{len(lines):,}")
    x = [_row(line, width, width - 1) for line in lines]
    classes, y = _targets([(number, cells[-1]) for number, cells in lines], task)
    features = [name[:80] or f"x{place}" for place, name in enumerate(names[:-1], 1)] or [f"x{place}" for place in range(1, width)]
    return Table("classification" if classes else "regression", features, (names[-1][:80] if names else "") or "target", classes, x, y)


def rows_of_numbers(text: str) -> list[list[float]]:
    """A matrix: rows of as many numbers each, at least one."""
    lines = list(_lines(text))
    if not lines:
        raise BuilderError("The matrix", "rows of numbers", "no text", "Write one row a line: 1 3")
    width = len(lines[0][1])
    return [_row(line, width, width) for line in lines]


def _lines(text: str) -> Iterator[Line]:
    """Every line that is not empty, as cells."""
    if len(text.encode()) > MOST_BYTES:
        raise BuilderError("The table", f"at most {MOST_BYTES // 1000:,} kB of text", f"{len(text.encode()) // 1000:,} kB")
    text = text.removeprefix("\ufeff")
    head = next((line for line in text.splitlines() if line.strip()), "")
    mark = _mark(head)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            cells = line.split() if mark == " " else next(csv.reader([line], delimiter=mark, skipinitialspace=True, strict=True))
        except csv.Error as error:
            raise BuilderError(f"Line {number}", f"values between “{mark}”", repr(line[:40]), "A quotation mark is not closed.") from error
        if mark == "," and '"' not in line and re.search(r"\d,\d", line) and re.search(r",\s+\S", line):
            hint = "Put semicolons between the values, and commas are decimal commas."
            raise BuilderError(f"Line {number}", "a space after each comma or after none", repr(line[:40]), hint)
        cells = [cell.strip() for cell in cells]
        # a comma inside a number is a decimal comma where it does not part the values
        yield number, cells if mark == "," else [re.sub(r"^([+-]?\d*),(\d+)$", r"\1.\2", cell) for cell in cells]


def _mark(head: str) -> str:
    """Delimiter: what parts the values of the first line; a comma that only stands between digits parts none where spaces do."""
    decimal = re.search(r"\d,\d", head) and re.search(r"\d\s+[+-]?\d", head) and not re.search(r",\s|\s,", head)
    marks = ";\t" if decimal else ";\t,"
    return next((mark for mark in marks if mark in head), " ")


def _number(cell: str) -> float | None:
    """The finite number that a cell holds, or None."""
    value = float(cell) if NUMBER.fullmatch(cell) else None
    return value if value is not None and isfinite(value) and abs(value) < 1e30 else None


def _row(line: Line, width: int, count: int) -> list[float]:
    """The first `count` numbers of a row, which must have `width` cells."""
    number, cells = line
    if len(cells) != width:
        raise BuilderError(f"Line {number}", f"{width} values, as the first line has", str(len(cells)))
    return [_checked(f"Line {number}, column {column}", cell) for column, cell in enumerate(cells[:count], 1)]


def _checked(where: str, cell: str) -> float:
    value = _number(cell)
    if value is None:
        came = repr(cell[:40]) if cell else "nothing"
        raise BuilderError(where, "a number", came, "Write 1.5, -2 or 3e-4.")
    return value


def _targets(cells: list[tuple[int, str]], task: str) -> tuple[list[str], list[float]]:
    """Classes with each row's class number, or no classes and each row's value."""
    values = [_number(cell) for _, cell in cells]
    whole = all(value is not None and value == int(value) for value in values)
    if task == "regression" or (not task and None not in values and not (whole and _few(values))):
        return [], [_checked(f"Line {line}, last column", cell) for line, cell in cells]
    for line, cell in cells:
        if not cell:
            raise BuilderError(f"Line {line}", "a target in its last column", "nothing")
    names = [str(int(value)) for value in values if value is not None] if whole else [cell[:80] for _, cell in cells]
    classes = sorted(set(names), key=int) if whole else sorted(set(names))
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise BuilderError(
            "The last column", f"2 to {MOST_CLASSES} different classes", str(len(classes)), "For numbers, choose regression."
        )
    return classes, [float(classes.index(name)) for name in names]


def _few(values: list[float | None]) -> bool:
    """Whether whole numbers look like classes: at most ten, and each more than once on average."""
    return len(set(values)) <= min(FEW, max(len(values) // 2, 2))
