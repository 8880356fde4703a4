"""Benchmark of interference: milliseconds a batch of a running training takes while a person explores it, beside undisturbed.

The person's clicks run the Explore page and the probes kernel as the server does; the browser that would draw the answer is
on the person's own machine, so none is started here.
"""

import time
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import Any

from builder import zoo
from builder.runs.record import Settings

from .browser import ratio_row
from .train import data_folder

PAIRS, SECONDS = 8, 6.0  # windows of each kind, and the length of one
PAUSE = 1.0  # seconds that the person looks before the next click
LIMIT = 1 / 0.85  # throughput falls by at most 15 %
VIEWS = ("layers", "heat", "arithmetic")
PAGE = Path(__file__).resolve().parent.parent.parent / "pages" / "3_explore.py"
ME = "session-bench"


class Training:
    """A training that goes on until it is stopped, in a worker of its own."""

    def __init__(self) -> None:
        from builder.engine.launch import launch
        from builder.store import default_store

        self.store, network = default_store(), zoo.network("digit_cnn")
        self.project = self.store.create_project(ME, "Bench", [network])
        self.run = self.store.create_run(self.project.id, network, Settings(dataset="digits28", epochs=10_000))
        launch(self.run)
        while self.store.run(self.run.id).epoch < 3:
            time.sleep(0.2)

    def batches(self) -> int:
        """Done so far."""
        now = self.store.run(self.run.id)
        return now.epoch * (now.batches or 0) + (now.batch or 0)

    def stop(self) -> None:
        """Ask for the end and wait until the worker is gone, with all that it writes."""
        from builder.engine.launch import lock_of
        from builder.locks import held

        self.store.ask(self.run.id, "stop")
        while self.store.run(self.run.id).status.alive or held(lock_of(self.run.id)):
            time.sleep(0.2)


class Person:
    """Somebody who goes from view to view and from sample to sample of the run."""

    def __init__(self, project: str, run: str) -> None:
        from streamlit.testing.v1 import AppTest

        self.page = AppTest.from_file(str(PAGE), default_timeout=120)
        self.page.session_state["_owner"] = ME
        self.page.query_params["project"], self.page.query_params["run"] = project, run
        self.page.run()
        self.next = zip(cycle(VIEWS), count(), strict=False)
        self.waited: list[float] = []  # ms for each answer

    def click(self) -> None:
        """Another view of another sample, so that no answer is known already."""
        view, sample = next(self.next)
        self.page.session_state["_choices"] = {**self.page.session_state["_choices"], "view": view, "sample": sample}
        began = time.perf_counter()
        self.page.run()
        self.waited.append(1000 * (time.perf_counter() - began))
        if self.page.exception:
            raise RuntimeError(self.page.exception[0].value)


def window(training: Training, person: Person | None) -> float:
    """Milliseconds of a batch over some seconds, while a person clicks or nobody does."""
    before, began = training.batches(), time.perf_counter()
    while (left := began + SECONDS - time.perf_counter()) > 0:
        if person:
            person.click()
        time.sleep(min(PAUSE, max(left, 0.05)))
    return 1000 * (time.perf_counter() - began) / (training.batches() - before)


def run() -> list[dict[str, Any]]:
    """The row `probe training`; `answer_ms` is how long the person waited for a view, in the middle and at most."""
    from builder.engine import calls

    with data_folder():
        training = Training()
        try:
            person = Person(training.project.id, training.run.id)
            for _ in VIEWS:  # the kernel loads Keras, each view is traced
                person.click()
            person.waited.clear()
            pairs = [(window(training, person), window(training, None)) for _ in range(PAIRS)]
        finally:
            training.stop()
            calls.shut_down()
    row = ratio_row("probe training", [a for a, _ in pairs], [b for _, b in pairs], LIMIT, "ms a batch")
    return [row | {"clicks": len(person.waited), "answer_ms": [round(median(person.waited)), round(max(person.waited))]}]
