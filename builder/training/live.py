"""Progress callback: reports batches, and obeys pause and stop within a batch."""

import time
from collections import deque
from typing import Any

import keras

from builder.runs.record import TOO_LARGE, Status

from .report import Reporter, Stopped

TELL_SECONDS = 0.1  # at most ten batch events a second
MOST_EVENTS = 3000  # about: from then on fewer a second, so that a long run's curve stays one that a browser can hold


class Live(keras.callbacks.Callback):
    """Progress callback: batch events, throughput (examples a second) and time left (seconds).

    It works when a batch begins, because Keras hands no metrics over then: reading them at each batch would make the host wait
    for the accelerator each time.

    Args:
        samples: training examples in an epoch.
        batches: steps in an epoch.
    """

    def __init__(self, reporter: Reporter, samples: int, batches: int, batch_size: int, learning_rate: float, epochs: int) -> None:
        super().__init__()
        self.reporter = reporter
        self.samples, self.batches, self.batch_size, self.epochs = samples, batches, batch_size, epochs
        self.learning_rate = learning_rate
        self.began = self.next_tell = time.monotonic()
        self.epoch = 0  # the one in progress, from 1
        self.epoch_began = self.began
        self.epoch_seconds: float | None = None  # what the last whole epoch took
        self.marks: deque[tuple[float, int]] = deque(maxlen=25)  # (moment, examples by then in this epoch)
        self.last_rate: float | None = None
        self.owed = False  # a step was asked for during a validation: the next batch is that step
        self.sums: dict[str, tuple[float, float]] = {}
        self.metrics: dict[str, Any] = {}

    def moment(self) -> float:
        """Seconds of training: a clock that stands still while the run is paused."""
        return time.monotonic() - self.reporter.waited

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch, self.epoch_began, self.sums = epoch + 1, self.moment(), {}
        self.marks.clear()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if batch and not self.marks:  # the first batch holds the tracing, so the clock starts after it
            self.marks.append((self.moment(), self.done(batch)))
        if batch and (time.monotonic() >= self.next_tell or self.reporter.stepping):
            self.tell(batch)
        if not self.owed:
            self.reporter.check_requests()
        self.owed = False

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        if not self.reporter.stepping:  # a step is a batch that is learned from, with the validation where an epoch ends
            self.reporter.check_requests()
            self.owed = self.reporter.stepping

    def done(self, batch: int) -> int:
        """Examples seen in this epoch when `batch` batches are done."""
        return min(batch * self.batch_size, self.samples)

    def tell(self, batch: int) -> None:
        """One batch event, and the row's progress."""
        now = time.monotonic()
        self.next_tell = now + max(TELL_SECONDS, (now - self.began) / MOST_EVENTS)
        self.marks.append((self.moment(), self.done(batch)))
        rate = self.rate()
        left = self.seconds_left(rate, batch)
        where = {"epoch": self.epoch, "batch": batch, "batches": self.batches, "rate": rate, "seconds_left": left}
        metrics = self.recent()
        self.expect_numbers({"loss": metrics.get("loss", 0.0)})
        event = {"step": (self.epoch - 1) * self.batches + batch, "metrics": metrics, **where}
        self.reporter.write(("batch", event), batch=batch, batches=self.batches, rate=rate, seconds_left=left)

    def expect_numbers(self, losses: dict[str, float | None]) -> None:
        """Stop on NaN: end the run where a loss is NaN or infinite (None here), because from there on nothing is learned."""
        if None in losses.values():
            which = "validation loss" if losses.get("loss") is not None else "loss"
            kept = f"The weights of epoch {self.epoch - 1} are kept." if self.epoch > 1 else "The untrained weights are kept."
            lower = f"Try a lower learning rate, {self.learning_rate / 10:g} instead of {self.learning_rate:g}, or check the inputs' range."
            raise Stopped(Status.failed, f"The {which} is no longer a number since epoch {self.epoch}: {TOO_LARGE}. {lower} {kept}")

    def rate(self) -> float | None:
        """Throughput in examples a second over the last marks; an epoch's first batch has none of its own."""
        (then, before), (now, done) = self.marks[0], self.marks[-1]
        if now > then and done > before:
            self.last_rate = round((done - before) / (now - then), 1)
        return self.last_rate

    def seconds_left(self, rate: float | None, batch: int) -> float | None:
        """Estimated seconds to the last epoch's end, by the last whole epoch's time, else by the throughput."""
        whole = self.epoch_seconds or (self.samples / rate if rate else None)
        if whole is None:
            return None
        here = max(whole * (1 - batch / self.batches), 0)
        return round(here + whole * (self.epochs - self.epoch), 1)

    def recent(self) -> dict[str, float | None]:
        """Metrics as means since the last event, rather than since the epoch's begin; metrics that are no means as Keras has them."""
        self.metrics = self.metrics or self.all_metrics()
        values = {}
        for name, metric in self.metrics.items():
            values[name] = self.mean(name, metric) if isinstance(metric, keras.metrics.Mean) else plain(metric.result())
        return values

    def mean(self, name: str, metric: Any) -> float | None:
        """A Keras Mean over the samples since the last event: the difference of totals over that of counts."""
        total, count = float(metric.total), float(metric.count)
        total_before, count_before = self.sums.get(name, (0.0, 0.0))
        self.sums[name] = total, count
        return plain((total - total_before) / (count - count_before)) if count > count_before else None

    def all_metrics(self) -> dict[str, Any]:
        """Keras's metrics by name, the loss among them; a container of metrics gives what it holds."""
        flat = [each for metric in self.model.metrics for each in (getattr(metric, "metrics", None) or [metric])]
        return {metric.name: metric for metric in flat if metric.name != "compile_metrics"}


def plain(value: Any) -> float | None:
    """A number for JSON, to six significant digits; None for NaN and infinity."""
    number = float(value)
    return float(f"{number:.6g}") if number - number == 0 else None
