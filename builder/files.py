"""Atomic file writes (temporary name, fsync, rename) and memory-mapped (mmap) `.npz` archives."""

import errno
import io
import json
import mmap
import os
import struct
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

ALIGNED = 64  # bytes: where TensorFlow wants an array to begin
HEADER = 30 + 20  # bytes of a member's header, beside its name: what every zip file has, and the sizes of a large one
FILLING = 0xD935  # the field that Android's archives are aligned with
# What a disk that takes no write says: the errors, how a person reads it, what to do.
REFUSALS = (
    ((errno.ENOSPC, errno.EDQUOT), "The disk is full", "Free some space"),
    ((errno.EIO,), "The disk met an input or output error", "Check the disk"),
    ((errno.EROFS, errno.EACCES, errno.EPERM), "The data folder may not be written", "Check its permissions"),
)


def write(path: Path, fill: Callable[[Path], object], durable: bool = True) -> None:
    """Atomic write: `fill` writes a temporary file, which then takes the place of `path`; on any error the old file stays as it was.

    Several threads and processes may write the same file at once: the last one's stays. What is not `durable` may be lost with the
    machine: nothing is synced, and no folder is made for it.
    """
    if durable:
        path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"new-{os.getpid()}-{threading.get_ident()}-{path.name}")
    try:
        fill(new)
        if durable:
            sync(new)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    if durable:
        sync(path.parent)


def write_text(path: Path, text: str, durable: bool = True) -> None:
    """Atomic write of a text, in UTF-8."""
    write(path, lambda new: new.write_text(text, encoding="utf-8"), durable)


def write_json(path: Path, value: Any) -> None:
    """Atomic write of JSON values."""
    write_text(path, json.dumps(value))


def changed(path: Path) -> int:
    """When a file was last written (mtime, ns); 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def pack(file: Any, arrays: Mapping[str, Any], compressed: bool = False) -> None:
    """Write arrays by name as an `.npz`, to a path or an open file; uncompressed ones are aligned, so that TensorFlow reads them in place."""
    if compressed:
        np.savez_compressed(file, **arrays)
        return
    with zipfile.ZipFile(file, "w") as members:
        for name, values in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy")
            member.extra = _filling(members.start_dir + HEADER + len(member.filename.encode()))
            with members.open(member, "w", force_zip64=True) as out:
                np.lib.format.write_array(out, np.asanyarray(values), allow_pickle=False)


def _filling(begin: int) -> bytes:
    """Padding for alignment: an empty extra field of a member's header, so long that data at byte `begin` moves to a multiple of ALIGNED."""
    length = -begin % ALIGNED
    length += ALIGNED if 0 < length < 4 else 0
    return struct.pack("<HH", FILLING, length - 4) + bytes(length - 4) if length else b""


def unpack(path: Path, wanted: Callable[[str], bool] = lambda name: True) -> dict[str, np.ndarray]:
    """Read the wanted arrays of an `.npz`; uncompressed ones are memory-mapped (mmap, copy-on-write): read on use, the file never changed.

    Raises:
        ValueError: an array of Python objects, which would have to be unpickled.
    """
    found: dict[str, np.ndarray] = {}
    with path.open("rb") as file, zipfile.ZipFile(file) as members:
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        for member in members.infolist():
            name = member.filename.removesuffix(".npy")
            if not wanted(name):
                continue
            if member.compress_type != zipfile.ZIP_STORED:
                found[name] = np.lib.format.read_array(io.BytesIO(members.read(member)), allow_pickle=False)
                continue
            file.seek(member.header_offset + 26)  # the lengths of the name and of what follows it end the header of 30 bytes
            file.seek(sum(struct.unpack("<HH", file.read(4))), os.SEEK_CUR)
            shape, by_columns, kind = _header(file)
            found[name] = np.ndarray(shape, kind, whole, file.tell(), order="F" if by_columns else "C")
    return found


def _header(file: Any) -> tuple[tuple[int, ...], bool, np.dtype]:
    """An array's shape, order and type, read where it begins."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, kind = read(file)
    if kind.hasobject:
        raise ValueError("an array of Python objects is not read")
    return shape, by_columns, kind


def sync(path: Path) -> None:
    """fsync: wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refusal(error: BaseException) -> tuple[str, str] | None:
    """What the disk says and what to do, where an error means that it takes no write; None for any other.

    Also found in its causes, and by its words: h5py and TensorFlow wrap it in their own errors.
    """
    seen: BaseException | None = error
    while seen is not None:
        for numbers, says, hint in REFUSALS:
            if getattr(seen, "errno", None) in numbers or any(os.strerror(number) in str(seen) for number in numbers):
                return says, hint
        seen = seen.__cause__ or seen.__context__
    return None
