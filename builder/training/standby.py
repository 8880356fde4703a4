"""Standby (warm) worker: `python -m builder.training.standby SOCKET [rehearse]` loads Keras, says so, and waits for the one run that it will train.

SOCKET is the descriptor of its end of a socket pair with the supervisor. One message comes: {run, environment} as JSON, with the
descriptors of the run's lock and log. It ends with the supervisor, whose end of the socket closes then. It trains one run and ends,
as any worker does. With `rehearse` it has trained one batch before, which starts TensorFlow's runtime: not where there is a GPU, which
is not touched before the run, so that no memory of it is held.
"""

import json
import os
import select
import socket
import sys
from contextlib import suppress
from importlib import import_module
from threading import Thread, get_native_id

from . import worker

LARGEST = 2**16  # bytes of the message
GIVE_WAY = 10  # niceness while loading


def main(descriptor: int, rehearses: bool = False) -> None:
    """Entry point: load, wait, and be the run's worker."""
    load()
    with socket.socket(fileno=descriptor) as pipe:
        if rehearses and not select.select([pipe], [], [], 0)[0]:
            rehearse()
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


def rehearse() -> None:
    """Warm-up: train a layer for one batch, so that the runtime's threads are there and Keras's training step has been traced once.

    In the main thread: the runtime's threads keep the priority of the one that starts them.
    """
    import keras
    import numpy as np

    from .feed import fixed, stream

    x, y = np.zeros((2, 1), np.float32), np.zeros(2, np.int32)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    model.fit(stream((x,), y, 2, 0, 0, 1), steps_per_epoch=1, validation_data=fixed((x,), y, 2), verbose=0)
    keras.utils.clear_session()  # names and seeds begin anew


if __name__ == "__main__":
    main(int(sys.argv[1]), "rehearse" in sys.argv[2:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # see worker.py
