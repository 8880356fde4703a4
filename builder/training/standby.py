"""Standby (warm) worker: `python -m builder.training.standby SOCKET` loads Keras, says so, and waits for the one run that it will train.

SOCKET is the descriptor of its end of a socket pair with the supervisor. One message comes: {run, environment} as JSON, with the
descriptors of the run's lock and log. It ends with the supervisor, whose end of the socket closes then. It trains one run and ends,
as any worker does; no GPU is touched before, so that it holds no GPU memory.
"""

import json
import os
import socket
import sys
from contextlib import suppress
from importlib import import_module
from threading import Thread, get_native_id

from . import worker

LARGEST = 2**16  # bytes of the message
GIVE_WAY = 10  # niceness while loading


def main(descriptor: int) -> None:
    """Entry point: load, wait, and be the run's worker."""
    load()
    with socket.socket(fileno=descriptor) as pipe:
        with suppress(BrokenPipeError):  # a run was given while we loaded, and that end was closed: its message waits here
            pipe.sendall(b"ready")
        text, descriptors, _, _ = socket.recv_fds(pipe, LARGEST, 2)
    if not text:
        return
    lock, log = descriptors
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(log, stream.fileno())
    os.close(log)
    told = json.loads(text)
    os.environ.update(told["environment"])
    worker.main(told["run"], lock)


def load() -> None:
    """Import Keras and all that training needs, giving way to everybody else: in a thread of low priority (nice), which ends with it.

    NumPy comes first, as its own threads are made while it is loaded and would keep that priority.
    """
    import_module("numpy")
    thread = Thread(target=_import)
    thread.start()
    thread.join()
    import_module("builder.training.training")  # says here what went wrong there


def _import() -> None:
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), GIVE_WAY)
    with suppress(Exception):
        import_module("builder.training.training")


if __name__ == "__main__":
    main(int(sys.argv[1]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # see worker.py
