"""Kernel subprocess (server loop) for Keras: `python -m builder.engine.kernel KIND FD` answers operations over an inherited socket.

KIND is `analysis` or `probes`. The kernel says hello with its device when Keras is loaded, then answers one message
after the other, and ends when the other end of its socket closes, even in the middle of an answer.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from builder.engine.messages import Arrays, Closed, Op, receive, send
from builder.errors import BuilderError

GROWTH = 512 * 2**20  # bytes of memory that an analysis kernel may gain before it asks to be replaced (lookup tables are never freed)

NICE = 5  # of the probes: on shared cores a training goes first
PATIENCE = 0.1  # seconds of a second look, before an edit that waits gets its turn


def ping(arguments: dict[str, Any], arrays: Arrays) -> tuple[dict[str, Any], Arrays]:
    """Echo: the arguments and arrays unchanged."""
    return arguments, arrays


def analyse(arguments: dict[str, Any], arrays: Arrays) -> tuple[dict[str, Any], Arrays]:
    """The Analysis of `network`; with `deep` the traced second look, a piece at a time: `unfinished` asks for another call."""
    from builder.keras_bridge import Unfinished, analyse
    from builder.network.records import Network

    network = Network.model_validate(arguments["network"])
    try:
        return {"analysis": analyse(network, arguments.get("deep", False), PATIENCE).model_dump(mode="json")}, {}
    except Unfinished:
        return {"unfinished": True}, {}


def operations(kind: str) -> dict[str, Op]:
    """Dispatch table: the operations of a kernel, by name; this is where Keras is loaded."""
    if kind == "analysis":
        _try_once()
        return {"ping": ping, "analyse": analyse}
    from builder.probes import OPERATIONS
    from builder.training.model_file import model_of_play
    from builder.training.pictures.check import pictured

    _leave_graphs_as_they_are()
    return {"ping": ping, **OPERATIONS, "pictured": pictured, "model_of_play": model_of_play}


def _leave_graphs_as_they_are() -> None:
    """Switch off Grappler, TensorFlow's graph optimizer: most graphs are run once or twice, and rewriting that of ResNet-152 takes 2 s."""
    import tensorflow as tf

    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


def _try_once() -> None:
    """Warm-up: analyse a usual network, so that the first person's edit doesn't pay for Keras's lazy imports."""
    from builder import zoo

    analyse({"network": zoo.network("digit_cnn").model_dump(mode="json"), "deep": True}, {})


def _step_back() -> None:
    """Lower the scheduling priority (nice), also where Linux shares its cores out by session (autogroup) rather than by process."""
    os.nice(NICE)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):  # only Linux has it
            Path("/proc/self/autogroup").write_text(str(NICE))


def _end_with(pipe: socket.socket) -> None:
    """Exit on hang-up (POLLHUP): end this process as soon as the other end of the pipe is closed."""
    poll = select.poll()
    poll.register(pipe.fileno(), 0)  # hang-ups are reported without being asked for
    poll.poll()
    os._exit(0)


def answer(ops: Mapping[str, Op], body: dict[str, Any], arrays: Arrays) -> tuple[dict[str, Any], Mapping[str, np.ndarray]]:
    """Dispatch one request: the operation's result, a person's mistake, or a calm sentence for a bug whose traceback is in the log."""
    try:
        result, found = ops[body["op"]](body["arguments"], arrays)
        return {"result": result}, found
    except BuilderError as error:
        return {"error": error.as_dict()}, {}
    except Exception as error:
        traceback.print_exc()
        sys.stderr.flush()
        hint = "Nothing is lost. The log in the data folder has the details."
        wrong = BuilderError(body.get("op", "This step"), "a computation that ends well", f"an unexpected {type(error).__name__}", hint)
        return {"error": wrong.as_dict()}, {}


def serve(pipe: socket.socket, kind: str) -> None:
    """Server loop: load Keras, send the device, then answer requests until the pipe closes."""
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    from builder.keras_bridge.device import device

    named = device()
    ops = operations(kind)
    gc.freeze()  # what Keras brought along is never garbage, and looking through it takes longer than an answer
    send(pipe, {"device": named})
    process = psutil.Process()
    at_start = process.memory_info().rss
    while True:
        head, arrays = answer(ops, *receive(pipe))
        restart_wanted = kind == "analysis" and process.memory_info().rss - at_start > GROWTH
        send(pipe, {**head, "restart_wanted": restart_wanted}, arrays)


def main(kind: str, descriptor: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the app, and its end of the pipe with it
    if kind == "probes":
        _step_back()
    try:
        serve(socket.socket(fileno=int(descriptor)), kind)
    except Closed:
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
