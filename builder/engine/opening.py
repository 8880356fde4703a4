"""Sandboxed import of a model file: read in a throw-away process with resource limits, so that a file is data and nothing else."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from builder.engine.process import ROOT
from builder.errors import BuilderError
from builder.network.files import from_json
from builder.network.records import Network

PATIENCE = 30  # seconds
LONGEST = 8 * 2**20  # bytes of an answer
SUFFIXES = (".keras", ".h5", ".hdf5")
NO_WEIGHTS = "The layers of the file were read, its weights were not: the network starts untrained."


def open_keras(path: Path) -> tuple[Network, list[str]]:
    """Import a saved Keras model (.keras, .h5, .json): its network, and in words what of the file the network does not have.

    Raises:
        BuilderError: the file cannot be read, is none of Keras's, brings code along, or takes too much.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        raise BuilderError(path.name, "a file that can be read", f"“{error.strerror}”", "Check the path.") from error
    said = json.loads(_asked(path))
    if "error" in said:
        raise BuilderError.from_dict(said["error"])
    return from_json(said["network"]), said["notes"]


def open_bytes(content: bytes, name: str) -> tuple[Network, list[str]]:
    """The same for a file that was uploaded; its name is a label, never a path."""
    suffix = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="opened-") as place:
        path = Path(place) / f"model{suffix if suffix in SUFFIXES else ''}"
        path.write_bytes(content)
        try:
            return open_keras(path)
        except BuilderError as error:
            where = Path(name).name[:100] if error.where == path.name else error.where
            raise BuilderError(where, error.needed, error.came, error.hint, fixes=error.fixes) from error


def _asked(path: Path) -> bytes:
    """The sandbox process's standard output, if it ends well and in time."""
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "SYSTEMROOT") if key in os.environ}
    command = [sys.executable, "-m", "builder.keras_bridge.from_keras.child", str(path.resolve())]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BuilderError(path.name, f"to be read within {PATIENCE} s", "a file that takes longer") from error
    if ended.returncode or len(ended.stdout) > LONGEST:
        sys.stderr.buffer.write(ended.stderr[-4000:])
        raise BuilderError(path.name, "an architecture within the limits of memory and time", "one beyond them", "Nothing was changed.")
    return ended.stdout
