"""Advisory file locks (`flock`), which the system releases when their holder ends, however it ends.

A lock taken here may be handed to a child process (`pass_fds`): it is held until the last process that has it is gone.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def take(path: Path, wait: float = 0.0) -> int | None:
    """Take the exclusive lock and return its descriptor; None where someone else has held it for `wait` seconds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(0.02)


@contextmanager
def taken(path: Path, wait: float = 0.0) -> Iterator[bool]:
    """Hold the exclusive lock for the block; yields whether it could be taken within `wait` seconds."""
    descriptor = take(path, wait)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold the shared lock (LOCK_SH) for the block, together with others; waits while someone has it exclusively."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def held(path: Path) -> bool:
    """Whether someone holds the lock, exclusively or shared."""
    if not path.exists():
        return False
    with taken(path) as mine:
        return not mine


def sign(descriptor: int, **who: Any) -> None:
    """Write the holder's fields into a held lock file, as JSON."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(who).encode(), 0)


def holder(path: Path) -> dict[str, Any]:
    """The fields that the holder wrote with `sign`; empty where there are none."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}
