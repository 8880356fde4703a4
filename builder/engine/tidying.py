"""Retention policy of the data folder: what is used, and what of old runs goes.

The rule: of a run that ended more than KEEP_DAYS ago, that nobody has named, that its project does not show and that nobody has
looked at since, the weights of its first, best and last epoch stay, with its history, pictures and model.keras; the epochs between
go, and the state that a finished run no longer resumes from. A play that nobody has kept goes as a whole, PLAYS days after it ended or was
last looked at.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from builder.home import home, number
from builder.runs.record import RunSummary, Status
from builder.runs.run_folder import epoch_path, epochs, folder
from builder.store import default_store

KEEP_DAYS = 90
PLAYS = 1.0  # days
DAY = 24 * 3600  # seconds


class Used(NamedTuple):
    """What one entry of the data folder holds; a file with several names (hard links) counts once."""

    name: str
    files: int
    bytes: int


def usage() -> list[Used]:
    """The entries of the data folder, the largest first."""
    seen: set[tuple[int, int]] = set()
    return sorted((_used(entry, seen) for entry in home().iterdir()), key=lambda used: -used.bytes)


def _used(entry: Path, seen: set[tuple[int, int]]) -> Used:
    count, size = 0, 0
    for path in [entry, *(entry.rglob("*") if entry.is_dir() else ())]:
        found = _stat(path)
        if found and path.is_file() and (found.st_dev, found.st_ino) not in seen:
            seen.add((found.st_dev, found.st_ino))
            count, size = count + 1, size + found.st_blocks * 512
    return Used(entry.name, count, size)


def _stat(path: Path) -> os.stat_result | None:
    """A file's size and times; None where it has gone meanwhile."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def keep_days() -> float:
    """Days that a run's files are left alone, by `BUILDER_KEEP_DAYS`; 0: for ever."""
    return number("BUILDER_KEEP_DAYS", KEEP_DAYS)


def old_runs(days: float) -> Iterator[RunSummary]:
    """The runs that the rule is about."""
    for run in default_store().runs():
        if not run.status.alive and run.name == f"{run.network_name} {run.number}" and _unused(run, days):
            yield run


def old_plays(days: float = PLAYS) -> list[RunSummary]:
    """The plays that nobody has kept, named or looked at for so many days."""
    return [run for run in old_runs(days) if run.passing]


def _unused(run: RunSummary, days: float) -> bool:
    """Whether nobody has used a run for so many days, and its project does not show it."""
    before, used = time.time() - days * DAY, _stat(folder(run.id))
    if (run.ended or run.created) > before or (used and used.st_mtime > before):
        return False
    return not (run.project and default_store().project(run.project).choices.get("run") == run.id)


def surplus(run: RunSummary) -> dict[Path, int]:
    """The files of an old run that go, with the bytes that this frees: what has another name as well frees none, and stays."""
    place = folder(run.id)
    kept = epochs(place)
    stays = {*kept[:1], *kept[-1:], run.best_epoch}
    gone = [epoch_path(place, epoch) for epoch in kept if epoch not in stays]
    gone += [place / "state.npz"] if run.status == Status.finished else []
    found = {path: _stat(path) for path in gone}
    return {path: stat.st_blocks * 512 for path, stat in found.items() if stat and stat.st_nlink == 1}


def whole(run: RunSummary) -> int:
    """The bytes of a run's folder."""
    return _used(folder(run.id), set()).bytes if folder(run.id).exists() else 0


def tidy(days: float) -> dict[str, int]:
    """Delete old plays and the surplus of all other old runs; the bytes that each has freed, by its id."""
    freed = {run.id: whole(run) for run in old_plays()}
    default_store().delete_runs(list(freed))
    for run in old_runs(days):
        for path, size in surplus(run).items():
            path.unlink(missing_ok=True)
            freed[run.id] = freed.get(run.id, 0) + size
    return freed
