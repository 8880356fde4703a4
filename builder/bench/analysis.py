"""Benchmark of the analysis (shape inference) in its kernel, beside building with Keras and against fixed limits of time and memory."""

import gc
import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

from builder import zoo
from builder.engine.process import Kernel
from builder.network import layout
from builder.network.records import Edge, Network, Node

from .browser import ratio_row

PAIRS = 7
STARTS = 5  # fresh kernels for the figures that a warm one would flatter
MEMORY_LIMIT, COLD_LIMIT, EDIT_LIMIT, LAYOUT_LIMIT = 30.0, 150.0, 30.0, 30.0  # MiB, then ms
BUILD_LIMIT = 1 / 50


def milliseconds(action: Callable[[], Any]) -> float:
    """Wall time of an action in milliseconds, after a garbage collection."""
    gc.collect()
    began = perf_counter()
    action()
    return 1000 * (perf_counter() - began)


def limit_row(name: str, ours: list[float], limit: float, unit: str) -> dict[str, Any]:
    """A row whose `theirs` is a fixed limit."""
    return ratio_row(name, ours, [limit] * len(ours), 1.0, unit)


def with_middle_activation(network: Network) -> Network:
    """The network with an Activation inserted on the wire in its middle."""
    middle = network.edges[len(network.edges) // 2]
    added = Node(name="inserted", layer="Activation", params={"activation": "tanh"})
    wires = (Edge(source=middle.source, target=added.name), middle.model_copy(update={"source": added.name, "source_port": "output"}))
    at = network.edges.index(middle)
    return network.model_copy(update={"nodes": (*network.nodes, added), "edges": (*network.edges[:at], *wires, *network.edges[at + 1 :])})


def _peak_mib(pid: int) -> float:
    """The largest resident size of a process since the last reset."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def vgg16_memory() -> list[dict[str, Any]]:
    """Peak resident memory (RSS): how far a fresh kernel's grows while it analyses VGG-16, in MiB."""
    network = zoo.network("vgg16").model_dump(mode="json")
    grown = []
    for _ in range(STARTS):
        kernel = Kernel("analysis")
        try:
            kernel.call("ping", {}, {}, 120)
            pid = kernel.pid or 0
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # forget the peak of loading Keras
            before = psutil.Process(pid).memory_info().rss / 2**20
            kernel.call("analyse", {"network": network}, {}, 120)
            grown.append(_peak_mib(pid) - before)
        finally:
            kernel.stop()
    return [limit_row("analyse vgg16: growth of the kernel's peak memory", grown, MEMORY_LIMIT, "MiB")]


def analyse_and_build() -> dict[str, list[float]]:
    """VGG-16 analysed and built in this process, in milliseconds: `first` of all, and `again` when each has been done before.

    Both gain from a first time: the analysis keeps each layer's answer, the allocator keeps the model's 0.5 GiB.
    """
    from builder.engine.kernel import operations
    from builder.keras_bridge import analyse, to_keras

    operations("analysis")  # loads what a kernel loads before it says that it is ready
    gc.freeze()  # as the kernel does
    network = zoo.network("vgg16")
    first, again = ([milliseconds(lambda: analyse(network)), milliseconds(lambda: to_keras(network))] for _ in range(2))
    return {"first": first, "again": again}


def vgg16_speed() -> list[dict[str, Any]]:
    """Analysing VGG-16 beside building it, each pair in a fresh process."""
    command = [sys.executable, "-m", "builder.bench.analysis"]
    done = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(STARTS)]
    pairs = [json.loads(text.splitlines()[-1]) for text in done]
    names = {"first": "analyse vgg16, beside building it", "again": "analyse vgg16 again, beside building it again"}
    return [ratio_row(name, [pair[key][0] for pair in pairs], [pair[key][1] for pair in pairs], BUILD_LIMIT) for key, name in names.items()]


def resnet152() -> list[dict[str, Any]]:
    """ResNet-152, nothing cached; then with an Activation inserted in its middle."""
    from builder.keras_bridge import analyse
    from builder.keras_bridge.examine import forget

    network = zoo.network("resnet152")
    edited = with_middle_activation(network)
    analyse(network)
    cold, again = [], []
    for _ in range(PAIRS):
        forget()
        cold.append(milliseconds(lambda: analyse(network)))
        again.append(milliseconds(lambda: analyse(edited)))
    return [
        limit_row("analyse resnet152, nothing cached", cold, COLD_LIMIT, "ms"),
        limit_row("analyse resnet152 after inserting an Activation", again, EDIT_LIMIT, "ms"),
    ]


def first_resnet152() -> list[dict[str, Any]]:
    """ResNet-152 as the first network that a fresh kernel sees, there and back through its pipe."""
    network = zoo.network("resnet152").model_dump(mode="json")
    took = []
    for _ in range(STARTS):
        kernel = Kernel("analysis")
        try:
            kernel.call("ping", {}, {}, 120)
            took.append(milliseconds(partial(kernel.call, "analyse", {"network": network}, {}, 120)))
        finally:
            kernel.stop()
    return [limit_row("analyse resnet152, first in a fresh kernel, pipe included", took, COLD_LIMIT, "ms")]


def layout_resnet152() -> list[dict[str, Any]]:
    """Graph layout of ResNet-152, nothing cached."""
    network = zoo.network("resnet152")
    return [limit_row("layout of resnet152", [milliseconds(lambda: layout(network)) for _ in range(PAIRS)], LAYOUT_LIMIT, "ms")]


def run() -> list[dict[str, Any]]:
    """Every row."""
    return [row for bench in (vgg16_memory, vgg16_speed, resnet152, first_resnet152, layout_resnet152) for row in bench()]


if __name__ == "__main__":
    print(json.dumps(analyse_and_build()))
