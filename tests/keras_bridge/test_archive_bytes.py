"""A saved model's file with wrong bytes: an architecture comes out of it, or a sentence; never another error."""

import json
import random
import zipfile
from pathlib import Path

import h5py
import pytest

from builder.errors import BuilderError
from builder.keras_bridge.from_keras import config_of


@pytest.mark.parametrize("seed", range(8))
def test_an_archive_with_wrong_bytes_is_read_or_refused_by_a_sentence(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "it.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", '{"layers": [' + ", ".join(map(str, range(300))) + "]}")
    assert refused_of(path, random.Random(seed), 2, range(4, path.stat().st_size)) > 20


@pytest.mark.parametrize("seed", range(8))
def test_an_hdf5_file_with_wrong_bytes_in_its_text_is_read_or_refused_by_a_sentence(tmp_path: Path, seed: int) -> None:
    """Wrong bytes elsewhere can make the HDF5 library loop without end, which ends with the process that reads: see `opening.py`."""
    path = tmp_path / "it.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"layers": list(range(300))})
    start = path.read_bytes().index(b'{"layers"')
    assert refused_of(path, random.Random(seed), 4, range(start, start + 1000)) > 20


def refused_of(path: Path, chance: random.Random, count: int, where: range) -> int:
    """How many of 40 copies with so many wrong bytes there are refused by a sentence; the others give an architecture."""
    refused, sound = 0, path.read_bytes()
    for _ in range(40):
        wrong = bytearray(sound)
        for at in chance.sample(where, count):
            wrong[at] = chance.randrange(256)
        path.write_bytes(wrong)
        try:
            assert isinstance(config_of(path), dict)
        except BuilderError as error:
            refused += path.name in error.sentence
    return refused
