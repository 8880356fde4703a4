"""A worker whose part a test plays: nothing is trained, and every moment of a run is known."""

import os
import time
from typing import Any

from builder import zoo
from builder.engine.launch import lock_of
from builder.locks import take
from builder.runs import Run, Settings, Status
from builder.store import Store


class Worker:
    """A run that does what the test says: it holds the run's lock, as a worker does."""

    def __init__(self, store: Store, project: str, epochs: int, **fields: Any) -> None:
        self.store = store
        self.run = store.create_run(project, zoo.network("digit_cnn"), Settings(dataset="digits28", epochs=epochs), **fields)
        self.lock = take(lock_of(self.run.id))
        self.epoch = 0
        self.tell(Status.running)

    def tell(self, status: Status, **fields: Any) -> Run:
        return self.store.update_run(self.run.id, status=status, heartbeat=time.time(), **fields)

    def learn(self, epochs: int) -> None:
        """Whole epochs of four batches each."""
        for _ in range(epochs):
            self.epoch += 1
            loss = 2 / self.epoch
            batches = [
                {"step": i, "epoch": self.epoch, "batch": i, "batches": 4, "metrics": {"loss": loss, "accuracy": 0.5}} for i in range(1, 5)
            ]
            metrics = {"loss": loss, "accuracy": 0.6, "val_loss": loss + 0.1, "val_accuracy": 0.7}
            done = ("epoch", {"epoch": self.epoch, "step": 4 * self.epoch, "metrics": metrics})
            self.store.add_events(self.run.id, [*(("batch", batch) for batch in batches), done])
        self.tell(Status.running, epoch=self.epoch, best_epoch=self.epoch, batches=4, rate=1840.0, seconds_left=6.0)

    def hear(self, action: str) -> None:
        """Wait for this wish."""
        deadline = time.monotonic() + 10
        while self.store.asked(self.run.id) != action:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def end(self, status: Status) -> None:
        self.tell(status, ended=time.time())
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None
