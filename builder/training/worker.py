"""Trains one run: `python -m builder.training.worker RUN LOCK`, where LOCK is the descriptor of the folder's lock, held for life.

The rows and the folder are all it shares with the rest: it may be killed at any time, and another one goes on.
"""

import os
import signal
import sys
import time
import traceback
from typing import Any

from builder.errors import BuilderError
from builder.locks import sign
from builder.runs.record import Status

from .report import Reporter, Stopped

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # by which a system or a person asks a process to end


def main(run_id: str, lock: int) -> None:
    """Entry point: train, and write the final status."""
    os.set_inheritable(lock, False)
    reporter = Reporter(run_id)
    try:
        for each in ENDING:
            signal.signal(each, _terminated)  # a terminal's Ctrl-C does not come here: we have a session of our own
        reporter.retry_when_refused(
            "its worker's name", lambda: sign(lock, pid=os.getpid(), slot=int(os.environ.get("BUILDER_SLOT", "-1")))
        )
        reporter.status(Status.running, "Loading Keras", started=time.time(), ended=None, traceback="")
        from .training import train

        train(reporter)
        reporter.end(Status.finished, "")
    except Stopped as end:
        reporter.end(end.status, end.message)
    except BuilderError as error:
        reporter.end(Status.failed, error.sentence, traceback=traceback.format_exc())
    except Exception as error:
        reporter.end(Status.failed, sentence(error), traceback=traceback.format_exc())


def _terminated(number: int, _frame: Any) -> None:
    """Signal handler: the machine goes down, or a person ends the worker; the last whole epoch is on the disk."""
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    name = signal.Signals(number).name
    raise Stopped(Status.interrupted, f"The worker was asked to end ({name}). Resume goes on after the last whole epoch.")


def sentence(error: Exception) -> str:
    """An error of Keras, TensorFlow or Python as a sentence, with what to try where that is known."""
    name = type(error).__name__
    if name == "ResourceExhaustedError" or isinstance(error, MemoryError):
        return "The memory ran out. Try a smaller batch size, smaller images or a smaller network."
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return f"{name}: {first[:500]}" if first else name


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # all is said and written: TensorFlow would take a second or more to take itself apart, with the lock still held
