"""Where a run's pictures lie: `pictures/probe.npz`, what is the same at every epoch, and `pictures/00003.npz` after epoch 3.

Arrays are named `KIND/NAME`. No Keras here: pages and routes read them.
"""

from pathlib import Path

import numpy as np

from builder.errors import BuilderError

from .record import Found


def probe_path(run_folder: Path | str) -> Path:
    """The file of what was chosen before training."""
    return Path(run_folder) / "pictures" / "probe.npz"


def picture_path(run_folder: Path | str, epoch: int) -> Path:
    """The file of the picture after an epoch; 0: untrained."""
    return Path(run_folder) / "pictures" / f"{epoch:05d}.npz"


def pictured(run_folder: Path | str) -> list[int]:
    """The epochs that have a picture, in order."""
    return sorted(int(path.stem) for path in (Path(run_folder) / "pictures").glob("[0-9]*.npz"))


def read_probe(run_folder: Path | str) -> dict[str, Found]:
    """What was chosen before training, by kind; empty where nothing was."""
    path = probe_path(run_folder)
    return by_kind(read(path)) if path.exists() else {}


def read_picture(run_folder: Path | str, epoch: int) -> dict[str, Found]:
    """What the network made of it after an epoch, by kind.

    Raises:
        BuilderError: there is no picture of this epoch.
    """
    path = picture_path(run_folder, epoch)
    if not path.exists():
        kept = ", ".join(map(str, pictured(run_folder))) or "none"
        raise BuilderError("The epoch", f"one that has a picture ({kept})", str(epoch))
    return by_kind(read(path))


def read(path: Path) -> Found:
    """The arrays of a file."""
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def by_kind(arrays: Found) -> dict[str, Found]:
    """`KIND/NAME` as arrays by name, by kind."""
    found: dict[str, Found] = {}
    for name, value in arrays.items():
        kind, _, rest = name.partition("/")
        found.setdefault(kind, {})[rest] = value
    return found


def flat(found: dict[str, Found]) -> Found:
    """Arrays by kind as `KIND/NAME`."""
    return {f"{kind}/{name}": value for kind, arrays in found.items() for name, value in arrays.items()}
