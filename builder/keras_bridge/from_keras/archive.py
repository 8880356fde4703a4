"""The architecture's JSON inside a `.keras` archive, a legacy `.h5` or a `.json`; sizes are checked before anything is read."""

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

from builder.errors import BuilderError

LARGEST = 16 * 2**20  # bytes of an architecture; ResNet-152's is 0.6 MiB
MEMBER = "config.json"
# What wrong bytes come to: a directory or checksum that disagrees, an offset or length that cannot be, an end too soon, a stream
# that does not unpack; a RuntimeError where the member is encrypted or packed in a way that Python does not know.
UNREADABLE = (zipfile.BadZipFile, ValueError, EOFError, zlib.error, OSError, RuntimeError)
# What wrong bytes come to in HDF5: a header or tree that disagrees (OSError, RuntimeError), an attribute of another kind, text that is none.
UNREADABLE_HDF5 = (OSError, RuntimeError, ValueError, TypeError, KeyError)
WRITE = 'Save the whole model with model.save("name.keras").'


def config_of(path: Path) -> dict[str, Any]:
    """The model's configuration, as Keras wrote it.

    Raises:
        BuilderError: the file is none that Keras saved, holds weights alone, or its architecture is too long.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        text = _from_archive(path)
    elif start == b"\x89HDF\r\n\x1a\n":
        text = _from_hdf5(path)
    else:
        raise BuilderError(path.name, "a model that Keras saved (.keras or .h5)", "another kind of file", WRITE)
    return _parsed(path, text)


def _from_archive(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(MEMBER) as member:
            return _short(path, member.read(LARGEST + 1))
    except KeyError as error:
        raise BuilderError(path.name, f"an architecture ({MEMBER})", "an archive without one", WRITE) from error
    except UNREADABLE as error:
        raise BuilderError(path.name, "a whole archive", f"one that cannot be read ({error})"[:200], WRITE) from error


def _from_hdf5(path: Path) -> bytes:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            if "model_config" not in file.attrs:
                raise BuilderError(path.name, "an architecture", "weights alone", WRITE)
            text = file.attrs["model_config"]
    except UNREADABLE_HDF5 as error:
        raise BuilderError(path.name, "a whole HDF5 file", f"one that cannot be read ({error})"[:200], WRITE) from error
    return _short(
        path, text if isinstance(text, bytes) else str(text).encode(errors="surrogateescape")
    )  # the bytes as they stand in the file


def _short(path: Path, text: bytes) -> bytes:
    if len(text) > LARGEST:
        raise BuilderError(path.name, f"an architecture of at most {LARGEST // 2**20} MiB", "a longer one")
    return text


def _parsed(path: Path, text: bytes) -> dict[str, Any]:
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BuilderError(path.name, "an architecture in JSON", "something else", WRITE) from error
    if not isinstance(config, dict):
        raise BuilderError(path.name, "an architecture in JSON", f"a {type(config).__name__}", WRITE)
    return config
