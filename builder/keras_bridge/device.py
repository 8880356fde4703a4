"""The device that TensorFlow computes on: a GPU by name and memory, or the CPU by cores."""

import os
import shutil
import subprocess

import tensorflow as tf

from builder.words import format_count

PATIENCE = 5  # seconds that the driver's tool gets: a driver that hangs must not keep a kernel from starting


def device() -> str:
    """The device Keras computes on, such as "NVIDIA H200, 139 GiB" or "CPU, 2 cores"."""
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    if not gpus:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return f"CPU, {format_count(cores, 'core')}"
    return with_memory(str(tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")))


def with_memory(name: str) -> str:
    """A GPU's name and, where the driver's own tool knows it, its memory.

    TensorFlow knows which GPU it uses under CUDA_VISIBLE_DEVICES (a number in CUDA's order, a UUID, a MIG part), nvidia-smi lists
    all of them in an order of its own: so a GPU's memory is what every GPU of its name has, and a MIG part's is not told.
    """
    listed = {int(memory) // 1024 for each, memory in _listed() if each == name and memory.isdigit()}
    return f"{name}, {listed.pop()} GiB" if len(listed) == 1 else name


def _listed() -> list[tuple[str, str]]:
    """Name and MiB of every GPU of this machine; none where the tool is not there, fails or hangs."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return []
    asked = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    rows = [line.rpartition(", ") for line in found.splitlines()]
    return [(name, memory) for name, _, memory in rows]
