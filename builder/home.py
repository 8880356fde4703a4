"""Data folder (user data directory): where everything persistent is stored."""

import math
import os
from pathlib import Path

from platformdirs import user_data_dir

from builder.errors import BuilderError

# SQLite's write-ahead log needs shared memory, which these don't give to two machines.
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs"}


def home_path() -> Path:
    """Path of the data folder, whether it is there or not: `BUILDER_HOME`, or the user's data directory for Layerloom (platformdirs)."""
    return Path(os.environ.get("BUILDER_HOME") or user_data_dir("layerloom")).expanduser().absolute()


def home() -> Path:
    """Path of the data folder, made where it is missing.

    Raises:
        BuilderError: the folder cannot be made.
    """
    folder = home_path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BuilderError(
            "Layerloom", f"a data folder it can write, {folder}", f"“{reason}”", "Set BUILDER_HOME to another folder."
        ) from error
    return folder


def number(name: str, default: float) -> float:
    """The number that an environment variable sets; `default` where it is not set or empty.

    Raises:
        BuilderError: it is no number.
    """
    text = os.environ.get(name, "").strip()
    try:
        value = float(text or default)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BuilderError(name, "a number", f"“{text}”", f"Without it, {default:g} is taken.")
    return value


def file_system(folder: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The type of the file system a folder is on, such as "ext4"; "" where the system does not say."""
    try:
        rows = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return ""
    above = {str(folder), *map(str, folder.parents)}
    held = [(len(row[1]), row[2]) for row in rows if len(row) > 2 and row[1].replace("\\040", " ") in above]
    return max(held, key=lambda each: each[0])[1] if held else ""
