"""The footer names the GPU that TensorFlow uses, whatever the driver's tool lists first, and a tool that fails delays nothing."""

from pathlib import Path

import pytest
import tensorflow as tf

from builder.keras_bridge import device

LISTED = (
    "NVIDIA H100 80GB HBM3, 81559\nNVIDIA H200, 143771\nNVIDIA H200, 143771\nNVIDIA GeForce RTX 3080, 10240\nNVIDIA GeForce RTX 3080, 12288"
)


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An nvidia-smi of the test's own, which lists LISTED."""
    path = tmp_path / "nvidia-smi"
    path.write_text(f"#!/bin/sh\ncat <<END\n{LISTED}\nEND\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return path


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("NVIDIA H200", "NVIDIA H200, 140 GiB"),
        ("NVIDIA H100 80GB HBM3", "NVIDIA H100 80GB HBM3, 79 GiB"),
        ("NVIDIA H200 MIG 1g.18gb", "NVIDIA H200 MIG 1g.18gb"),
        ("NVIDIA GeForce RTX 3080", "NVIDIA GeForce RTX 3080"),
    ],
    ids=["not the first one", "the first one", "a MIG part", "two kinds of one name"],
)
def test_a_gpu_is_named_with_its_own_memory_or_none(tool: Path, name: str, told: str) -> None:
    assert device.with_memory(name) == told


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\nexec sleep 60",
        "#!/bin/sh\necho NVIDIA-SMI has failed\nexit 9",
        "#!/nowhere/at/all",
        "#!/bin/sh\necho 'NVIDIA H200, [N/A]'",
    ],
    ids=["hangs", "fails", "cannot be run", "does not know"],
)
def test_a_tool_that_cannot_say_leaves_tensorflow_s_own_name(tool: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(device, "PATIENCE", 0.5)
    tool.write_text(text)
    assert device.with_memory("NVIDIA H200") == "NVIDIA H200"


def test_without_a_tool_the_name_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert device.with_memory("NVIDIA H200") == "NVIDIA H200"


def test_the_device_named_is_one_that_tensorflow_has(tool: Path) -> None:
    gpus = tf.config.list_physical_devices("GPU")
    name = tf.config.experimental.get_device_details(gpus[0])["device_name"] if gpus else "CPU, "
    assert device.device().startswith(name)
