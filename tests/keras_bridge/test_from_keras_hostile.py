"""What a file from elsewhere may try: nothing in it runs, and nothing of it takes the app along."""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import keras
import pytest

from builder import zoo
from builder.engine.opening import open_keras
from builder.errors import BuilderError
from builder.keras_bridge import to_keras


def archive(path: Path, config: Any, member: str = "config.json") -> Path:
    """A `.keras` archive with this architecture."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(member, config if isinstance(config, str) else json.dumps(config))
    return path


def digits() -> dict[str, Any]:
    """The configuration of a sound model."""
    return dict(json.loads(to_keras(zoo.network("digit_cnn")).to_json()))


def with_layer(**changed: Any) -> dict[str, Any]:
    """The same with something else about its second layer."""
    config = digits()
    config["config"]["layers"][1]["config"].update(changed)
    return config


CODE = {"class_name": "__lambda__", "config": {"code": "4wEAAAAA", "defaults": None, "closure": None}}
CALLS = {"module": "os", "class_name": "function", "config": "system", "registered_name": "function"}


@pytest.mark.parametrize(
    "config",
    [
        with_layer(activation=CODE),
        with_layer(activation=CALLS),
        with_layer(kernel_initializer={"module": "builtins", "class_name": "function", "config": "eval"}),
        with_layer(filters=10**12),
        with_layer(filters="__import__('os')"),
        {**digits(), "class_name": "Mine"},
        {**digits(), "config": {"layers": [{"class_name": "Dense", "name": "a", "inbound_nodes": [[["b", 0, 0, {}]]]}]}},
        {**digits(), "config": {"layers": "many"}},
        {"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {"function": CODE}}]}},
        [],
        "[" * 100_000,
        "no JSON",
        json.dumps({"class_name": "Functional", "config": {"x": "y" * (17 * 2**20)}}),
    ],
    ids=lambda _: "",
)
def test_an_architecture_that_cannot_be_is_a_sentence(tmp_path: Path, config: Any) -> None:
    with pytest.raises(BuilderError):
        open_keras(archive(tmp_path / "it.keras", config))


def test_a_lambda_layer_refuses_the_whole_file_and_never_runs(tmp_path: Path) -> None:
    start = keras.Input((2,))
    model = keras.Model(start, keras.layers.Lambda(lambda x: x * 2)(start))
    model.save(tmp_path / "code.keras")
    with pytest.raises(BuilderError, match="code"):
        open_keras(tmp_path / "code.keras")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"\x89HDF\r\n\x1a\n",
        b"\x89HDF\r\n\x1a\n" + os.urandom(4096),
        b"cos\nsystem\n(S'true'\ntR.",
        b"PK\x03\x04" + os.urandom(4096),
    ],
)
def test_a_file_that_is_broken_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "it.keras").write_bytes(content)
    with pytest.raises(BuilderError, match=r"it\.keras"):
        open_keras(tmp_path / "it.keras")


def test_an_archive_that_unpacks_to_gigabytes_is_refused_within_its_memory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as file, file.open("config.json", "w") as member:
        for _ in range(512):
            member.write(b" " * 2**20)
    with pytest.raises(BuilderError, match="16 MiB"):
        open_keras(tmp_path / "bomb.keras")


def test_weights_alone_and_an_archive_without_an_architecture_say_how_to_save(tmp_path: Path) -> None:
    to_keras(zoo.network("first_model")).save_weights(tmp_path / "only.weights.h5")
    other = archive(tmp_path / "other.keras", {}, "something.json")
    for path in (tmp_path / "only.weights.h5", other):
        with pytest.raises(BuilderError, match=r"model\.save"):
            open_keras(path)


def test_a_truncated_file_is_a_sentence_wherever_it_ends(tmp_path: Path) -> None:
    model = to_keras(zoo.network("first_model"))
    model.save(tmp_path / "whole.keras")
    whole = (tmp_path / "whole.keras").read_bytes()
    for part in (0.1, 0.5, 0.9, 0.999):
        (tmp_path / "cut.keras").write_bytes(whole[: int(part * len(whole))])
        with pytest.raises(BuilderError):
            open_keras(tmp_path / "cut.keras")
    assert io.BytesIO(whole).read(2) == b"PK"
