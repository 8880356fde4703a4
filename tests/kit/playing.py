"""A play that trains in the test's own thread, and what another thread does meanwhile."""

import threading
import time
from collections.abc import Callable
from typing import Any

from builder.runs import Run, folder
from builder.runs.record import Lineage
from builder.store import default_store
from tests.kit.training_here import DENSE, a_run, train


def a_play(network: Any = DENSE, lineage: Lineage | None = None, **settings: Any) -> Run:
    run = a_run(network, **settings)
    run = default_store().update_run(run.id, played=True, lineage=lineage)
    folder(run.id).mkdir(parents=True, exist_ok=True)
    return run


def meanwhile(run: Run, doing: Callable[[], None]) -> Any:
    """Train in this thread while another one does something; what ended it."""
    from builder.training.report import Stopped

    other = threading.Thread(target=doing)
    other.start()
    try:
        train(run)
    except Stopped as end:
        return end
    finally:
        other.join()
    return None


def until(true: Callable[[], Any]) -> None:
    """Wait until something is so; the test's own time limit is the pipeline's."""
    while not true():
        time.sleep(0.02)
