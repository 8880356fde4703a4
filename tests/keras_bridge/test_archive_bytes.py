"""A saved model's archive with wrong bytes: an architecture comes out of it, or a sentence; never another error."""

import random
import zipfile
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.keras_bridge.from_keras import config_of


@pytest.mark.parametrize("seed", range(8))
def test_an_archive_with_wrong_bytes_is_read_or_refused_by_a_sentence(tmp_path: Path, seed: int) -> None:
    path, chance, refused = tmp_path / "it.keras", random.Random(seed), 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", '{"layers": [' + ", ".join(map(str, range(300))) + "]}")
    sound = path.read_bytes()
    for _ in range(40):
        wrong = bytearray(sound)
        for at in chance.sample(range(4, len(sound)), 2):
            wrong[at] = chance.randrange(256)
        path.write_bytes(wrong)
        try:
            assert isinstance(config_of(path), dict)
        except BuilderError as error:
            refused += path.name in error.sentence
    assert refused > 20
