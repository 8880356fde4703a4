"""Client of the kernels (remote procedure calls) with an LRU cache of analyses: for pages and routes, thread-safe, without Keras.

There are two kernels, so that a slow probe never delays an edit: `analysis` and `probes`. Each answers one call at a
time; a call waits its turn, and for a kernel that is still loading, within its own time limit. A kernel that dies or
overruns is replaced, its caller gets a BuilderError, and the next call works.
"""

import atexit
import json
import os
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from builder.engine.messages import Op
from builder.engine.process import Kernel
from builder.errors import BuilderError
from builder.network.analysis import Analysis
from builder.network.records import Network

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_ANALYSIS = ROOT / "assets" / "default" / "analysis.json"
KEPT = 512  # analyses kept in this process, the last used ones: a network for each person of a course, and the ones before

_kernels = {kind: Kernel(kind) for kind in ("analysis", "probes")}
_kept: OrderedDict[tuple[str, bool], Analysis] = OrderedDict()
_kept_lock = threading.Lock()
_second_look = threading.Lock()  # one at a time asks for it, so that an edit waits for one slice of it, however many look


def call(
    kernel: str, op: str, arguments: Mapping[str, Any], arrays: Mapping[str, np.ndarray] | None = None, *, timeout: float = 30
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Run an operation in a kernel, `analysis` or `probes`, and return its JSON values and arrays.

    Args:
        kernel, op: which kernel, and the name of one of its operations.
        arguments, arrays: what the operation gets, JSON values and arrays.
        timeout: seconds for all of it, waiting included.

    Raises:
        BuilderError: the operation's own, or that the kernel ended, ran too long or is still loading.
    """
    return _kernels[kernel].call(op, arguments, arrays or {}, timeout)


def analyse(network: Network, deep: bool = False, timeout: float = 10) -> Analysis:
    """Shape inference, parameter counts and problems of a network, cached (LRU); the network that ships needs no kernel.

    The `deep` second look finds all that the quick one does and more, so that once it was taken it answers both.
    """
    text = network.model_dump_json(exclude={"name", "version"})
    shipped = _shipped()
    if shipped and text == shipped[0]:
        return _named(shipped[1], network)
    with _kept_lock:
        for key in ((text, True), (text, deep)):
            if known := _kept.get(key):
                _kept.move_to_end(key)
                return _named(known, network)
    analysis = _asked(network, deep, timeout)
    with _kept_lock:
        _kept[(text, deep)] = analysis
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return analysis


def _asked(network: Network, deep: bool, timeout: float) -> Analysis:
    """The kernel's analysis; a second look comes in slices of time, and edits that wait are answered between them."""
    deadline = time.monotonic() + timeout
    arguments = {"network": network.model_dump(mode="json"), "deep": deep}
    while (left := deadline - time.monotonic()) > 0:
        if deep and not _second_look.acquire(timeout=left):
            break
        try:
            found, _ = call("analysis", "analyse", arguments, timeout=max(deadline - time.monotonic(), 0))
        finally:
            if deep:
                _second_look.release()
        if "analysis" in found:
            return Analysis.model_validate(found["analysis"])
        time.sleep(0.002)  # a lock is not fair: let go of it for long enough that another thread takes it
    raise BuilderError("The analysis", f"an answer within {timeout:.3g} s", "none yet", "It goes on from where it is when asked again.")


def _named(analysis: Analysis, network: Network) -> Analysis:
    return analysis if analysis.name == network.name else analysis.model_copy(update={"name": network.name})


@cache
def _shipped() -> tuple[str, Analysis] | None:
    """Precomputed analysis: the network that is on the canvas at the first visit, as JSON text, and its analysis; None without the file."""
    if not DEFAULT_ANALYSIS.exists():
        return None
    data = json.loads(DEFAULT_ANALYSIS.read_text())
    network = Network.model_validate(data["network"])
    return network.model_dump_json(exclude={"name", "version"}), Analysis.model_validate(data["analysis"])


def probe(
    run_folder: str, operation: Op, *, arrays: Mapping[str, np.ndarray] | None = None, timeout: float = 30, **arguments: Any
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Call an operation of the probes kernel on a run: its JSON values and its arrays.

    Args:
        operation: the function itself, which the kernel knows by its name; it is not run here.
        arguments: its own, such as epoch and sample.
    """
    return call("probes", operation.__name__, {"run": run_folder, **arguments}, arrays, timeout=timeout)


def warm_up() -> None:
    """Warm-up: start both kernels and return at once; they load Keras while the first page draws."""
    for kernel in _kernels.values():
        kernel.start()


def shut_down() -> None:
    """Shut down: end both kernels."""
    for kernel in _kernels.values():
        kernel.stop()


def status() -> dict[str, Any]:
    """Readiness: the `device` (GPU or CPU) in words, and whether the kernels of analysis (`ready`) and probes (`looks`) are loaded."""
    known = _kernels["probes"].ready_device()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    guess = "Looking for a GPU" if shutil.which("nvidia-smi") else f"CPU, {cores} core{'s' if cores > 1 else ''}"
    return {"device": known or guess, "ready": bool(_kernels["analysis"].ready_device()), "looks": bool(known)}


atexit.register(shut_down)
