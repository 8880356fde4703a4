"""Files that are whole or not there: written under another name, synced, then renamed."""

import errno
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

FULL = (errno.ENOSPC, errno.EDQUOT)


def write(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a temporary file, then put it in the place of `path`; on any error the old file stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"new-{path.name}")
    try:
        fill(new)
        sync(new)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    sync(path.parent)


def write_text(path: Path, text: str) -> None:
    """`write` for a text."""
    write(path, lambda new: new.write_text(text, encoding="utf-8"))


def write_json(path: Path, value: Any) -> None:
    """`write` for JSON values."""
    write_text(path, json.dumps(value))


def pack(file: Any, arrays: Mapping[str, Any], compressed: bool = False) -> None:
    """Arrays by name as an `.npz`, into a path or an open file."""
    save: Callable[..., None] = np.savez_compressed if compressed else np.savez
    save(file, **arrays)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_full(error: BaseException) -> bool:
    """Whether an error says that the disk is full; h5py and TensorFlow wrap it in their own words."""
    seen: BaseException | None = error
    while seen is not None:
        if (isinstance(seen, OSError) and seen.errno in FULL) or "No space left on device" in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
