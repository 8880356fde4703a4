"""Tables typed or pasted by hand: text in, a dataset out, kept under `tables/` in the data folder.

The last column is the target. A first line of names is optional; values stand between commas, semicolons, tabs or spaces.
"""

import json
import re
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

import numpy as np

from builder import files
from builder.errors import BuilderError, Missing, Unavailable
from builder.home import home

from .dataset import Arrays, Dataset
from .table_parser import Table, read_table

PREFIX = "table:"


def table_dataset(text: str, title: str = "", task: str = "") -> Dataset:
    """Read a table, keep it, and return its dataset, named `table:ID`; the same table gets the same name.

    Args:
        text: rows of numbers, the target last.
        title: what to call it.
        task: "classification" or "regression"; "" takes classes where the targets are words or few whole numbers.

    Raises:
        BuilderError: a row is wrong (with its line), the table is too large, or it cannot be written.
    """
    table = read_table(text, task)
    data = {"version": 1, "title": " ".join(title.split())[:80] or "My table", **table._asdict()}
    kept = json.dumps(data, ensure_ascii=False, allow_nan=False)
    name = sha256(kept.encode()).hexdigest()[:20]
    _write(folder() / f"{name}.json", kept)
    return table_record(PREFIX + name)


def folder() -> Path:
    """Where tables are kept."""
    return home() / "tables"


def table_record(name: str) -> Dataset:
    """The dataset of a table that was kept.

    Raises:
        Missing: it is not here any more, or damaged.
        Unavailable: its file cannot be read now.
    """
    path = _path(name)
    try:
        return _dataset(name, path, path.stat().st_mtime_ns)
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise Missing(
            "The dataset", "a table that is here", repr(name), "It was deleted, or its file is damaged: type it again."
        ) from error
    except OSError as error:
        raise Unavailable("The dataset", f"to read {path}", f"“{error.strerror or error}”", "Try again in a moment.") from error


def _path(name: str) -> Path:
    """The file of a table; only names that `table_dataset` gives become a path."""
    key = name.removeprefix(PREFIX)
    if not re.fullmatch(r"[0-9a-f]{20}", key):
        raise Missing("The dataset", f"a table's name, {PREFIX} and its id", repr(name))
    return folder() / f"{key}.json"


@lru_cache(maxsize=16)
def _dataset(name: str, path: Path, changed: int) -> Dataset:
    """The record of a table's file; `changed` lets a new file be read anew."""
    data = json.loads(path.read_text())
    table = Table(*(data[field] for field in Table._fields))
    rows = [[*x, y] for x, y in zip(table.x, table.y, strict=True)]
    read = partial(numbers if table.task == "regression" else classes, rows)
    arrays = read()
    x = arrays.x
    return Dataset(
        name=name,
        title=data["title"],
        summary=_summary(table),
        source="typed by hand",
        kind="points" if x.shape[1] == 2 else "table",
        task=table.task,
        input_shape=(x.shape[1],),
        count=len(x),
        low=float(x.min()),
        high=float(x.max()),
        classes=tuple(table.classes),
        target_names=(table.target,) if table.task == "regression" else (),
        features=tuple(table.features),
        network="first_model" if x.shape[1] == 2 and len(table.classes) == 2 else "",
        epochs=100,
        load=read,
    )


def numbers(rows: list[list[float]]) -> Arrays:
    """Rows of numbers, of which the last is the target."""
    table = np.array(rows, "float32")
    return Arrays(table[:, :-1], table[:, -1:])


def classes(rows: list[list[float]]) -> Arrays:
    """Rows of numbers, of which the last is the number of a class."""
    table = np.array(rows, "float32")
    return Arrays(table[:, :-1], table[:, -1].astype("int64"))


def _summary(table: Table) -> str:
    size = f"{len(table.x):,} rows of {len(table.features)} numbers, as they were typed."
    return (
        f"{size} The target is {table.target}." if table.task == "regression" else f"{size} {len(table.classes)} classes of {table.target}."
    )


def _write(path: Path, text: str) -> None:
    """A whole file or none."""
    try:
        files.write_text(path, text)
    except OSError as error:
        raise BuilderError(
            "The table", f"a place to be kept in {path.parent}", f"“{error.strerror or error}”", "Free some space."
        ) from error
