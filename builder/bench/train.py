"""Benchmark of training overhead: a run beside a bare `model.fit`; same network, data, epochs and validation, in interleaved pairs."""

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

import numpy as np

from builder import zoo
from builder.bench import Row
from builder.datasets import Arrays
from builder.network.records import Network
from builder.recipes import Proposal
from builder.recipes import compile as compile_model
from builder.runs.record import Settings
from builder.store import default_store

IMAGES, VALIDATION = 20_000, 0.2  # 28 × 28 × 1, random; the last share is for validation
EPOCHS, PAIRS = 3, 7
PROPOSAL = Proposal(loss="sparse_categorical_crossentropy", metrics=("accuracy",), units=10)

Data = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # training images and classes, then validation's


class Took(NamedTuple):
    """Seconds on the clock, and seconds of processor time in all threads."""

    clock: float
    cpu: float


@contextmanager
def timed(took: list[Took]) -> Iterator[None]:
    """Add what a block took."""
    clock, cpu = perf_counter(), process_time()
    yield
    took.append(Took(perf_counter() - clock, process_time() - cpu))


def run() -> list[Row]:
    """Training `digit_cnn` as a run's worker does (rows, files and control included) and with `model.fit` alone.

    Two rows: `train` is seconds on the clock, `train cpu` seconds of processor time, which other work on the machine disturbs less.
    """
    network, settings = zoo.network("digit_cnn"), Settings(dataset="digits28", epochs=EPOCHS, validation_share=VALIDATION)
    data = random_images()
    pairs: list[tuple[Took, Took]] = []
    with data_folder():
        for number in range(PAIRS + 1):
            # the order changes from pair to pair: who goes second finds warm caches
            sides = (ours, theirs) if number % 2 else (theirs, ours)
            took = {side: side(network, settings, data) for side in sides}
            if number:  # the first pair warms TensorFlow up
                pairs.append((took[ours], took[theirs]))
                print(f"pair {number} of {PAIRS}: {took[ours].clock:.2f} s, bare {took[theirs].clock:.2f} s", file=sys.stderr)
    return [row("train", [(a.clock, b.clock) for a, b in pairs]), row("train cpu", [(a.cpu, b.cpu) for a, b in pairs])]


def row(name: str, pairs: list[tuple[float, float]]) -> Row:
    """The median of the pairs' ratios, with the smallest and the largest."""
    ratios = sorted(a / b for a, b in pairs)
    ours, theirs = (round(median(side), 3) for side in zip(*pairs, strict=True))
    spread = [round(ratios[0], 3), round(ratios[-1], 3)]
    return {"name": name, "ratio": round(median(ratios), 3), "ours": ours, "theirs": theirs, "unit": "s", "spread": spread}


def random_images() -> Data:
    """Training and validation: images (samples, 28, 28, 1) float32 from 0 to 1, classes (samples,) int64."""
    random = np.random.default_rng(1)
    x, y = random.random((IMAGES, 28, 28, 1), dtype="float32"), random.integers(0, 10, IMAGES)
    cut = round(IMAGES * (1 - VALIDATION))
    return x[:cut], y[:cut], x[cut:], y[cut:]


@contextmanager
def data_folder() -> Iterator[None]:
    """A data folder that is gone afterwards."""
    before = {name: os.environ.pop(name, None) for name in ("BUILDER_HOME", "BUILDER_DATABASE_URL")}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BUILDER_HOME"] = folder
        try:
            yield
        finally:
            default_store().close()
            os.environ.pop("BUILDER_HOME")
            os.environ.update({name: value for name, value in before.items() if value is not None})


def compiled(network: Network, settings: Settings) -> Any:
    """A fresh model; building it is on nobody's clock."""
    import keras

    from builder.keras_bridge import to_keras

    keras.backend.clear_session()
    gc.collect()
    keras.utils.set_random_seed(settings.seed)
    model = to_keras(network)
    compile_model(model, settings, PROPOSAL)
    return model


def theirs(network: Network, settings: Settings, data: Data) -> Took:
    """What `model.fit` takes."""
    x, y, inside, expected = data
    model, took = compiled(network, settings), list[Took]()
    with timed(took):
        model.fit(x, y, batch_size=settings.batch_size, epochs=settings.epochs, validation_data=(inside, expected), verbose=0)
    return took[0]


def ours(network: Network, settings: Settings, data: Data) -> Took:
    """What a run takes, from its row to `model.keras`."""
    from builder.training.feed import as_it_is
    from builder.training.pictures import scene_of
    from builder.training.report import Reporter
    from builder.training.training import Task, fit

    x, y, inside, expected = data
    run = default_store().create_run(None, network, settings)
    model, took = compiled(network, settings), list[Took]()
    shown = scene_of(model, network, settings)
    with timed(took):
        model.optimizer.build(model.trainable_variables)
        fit(run, model, Task((x,), y, ((inside,), expected), PROPOSAL, as_it_is, shown, Arrays(inside, expected)), Reporter(run.id))
    return took[0]
