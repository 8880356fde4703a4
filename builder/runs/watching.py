"""Live view of a run (heartbeat, mailbox of one frame): what whoever watches it wishes to see, and the newest frame that its worker has drawn.

Files of the run's folder, each replaced as a whole and never synced: `watch.json`, what is wished for, whose time says when somebody last
looked; `own.npz`, an input of their own; `frame.json`, the newest frame; `bell`, whose time says when the run last told something.
No Keras here: routes read them.
"""

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple
from zipfile import BadZipFile

import numpy as np

from builder import files

FRESH = 3.0  # seconds after a look for which frames are drawn
PRESENT = 150.0  # seconds for which a page that is hidden still counts as there: a browser lets it look once a minute

Pace = Literal["full", "slow"]
PACES: tuple[Pace, ...] = ("full", "slow")


class Wish(NamedTuple):
    """What a watcher wants: frames of a sample of the test part, or of their own input of this mark, if any, and how fast the run should go.

    `gradients`: whether a frame tells the size of each layer's gradient.
    """

    sample: int = 0
    pace: Pace = "full"
    frames: bool = True
    own: str = ""
    gradients: bool = False


def look(place: Path, wish: Wish | None) -> None:
    """Say that somebody looks now, and what they wish for; None: whatever was wished for before."""
    path = place / "watch.json"
    with suppress(OSError):  # a disk that is full ends no look
        if wish is None or wish == wished(place):
            os.utime(path)
        else:
            files.write_text(path, json.dumps(wish._asdict()), durable=False)


def wished(place: Path) -> Wish | None:
    """What was last wished for; None where nobody has ever looked."""
    try:
        return Wish(**json.loads((place / "watch.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def put_own(place: Path, mark: str, raw: np.ndarray, last: int) -> None:
    """Hand over an input of the watcher's own in the dataset's shape, with the place of its last token; `mark` is what a wish calls it."""
    with suppress(OSError):
        files.write(place / "own.npz", lambda new: files.pack(new, {mark: raw, "last": np.array(last)}), durable=False)


def own(place: Path, mark: str) -> tuple[np.ndarray, int] | None:
    """The watcher's own input of this mark, and the place of its last token; None where it is not there (yet)."""
    try:
        found = files.unpack(place / "own.npz")
    except (OSError, ValueError, BadZipFile):
        return None
    return (found[mark], int(found["last"])) if mark in found else None


def unseen_for(place: Path) -> float:
    """Seconds since somebody last looked; infinite where nobody did."""
    try:
        return time.time() - (place / "watch.json").stat().st_mtime
    except OSError:
        return float("inf")


def ring(place: Path) -> None:
    """Wake who waits for the run's next event."""
    with suppress(OSError):
        (place / "bell").touch()


def put_frame(place: Path, frame: str) -> None:
    """Put the newest frame in the place of the one before."""
    with suppress(OSError):
        files.write_text(place / "frame.json", frame, durable=False)


def mark(place: Path) -> tuple[int, int]:
    """A mark (mtimes) that differs once there is a newer frame or event."""
    return files.changed(place / "frame.json"), files.changed(place / "bell")


def frame(place: Path) -> str | None:
    """The newest frame, None where there is none yet."""
    try:
        return (place / "frame.json").read_text()
    except OSError:
        return None
