"""The worker as a process: what it obeys, and what is left when it is killed."""

import errno
import os
import signal
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import locks
from builder.engine import launch
from builder.engine.supervisor import Supervisor
from builder.network.records import Edge, Network, Node
from builder.runs import Run, Settings, Status, folder, weights
from builder.store import Store, default_store


def chain(*layers: tuple[str, dict[str, Any]]) -> Network:
    """A network of layers one after the other."""
    nodes = tuple(Node(name=f"{layer.lower()}_{index}", layer=layer, params=params) for index, (layer, params) in enumerate(layers))
    edges = tuple(Edge(source=before.name, target=after.name) for before, after in pairwise(nodes))
    return Network(name="network", nodes=nodes, edges=edges)


DIGITS = ("Input", {"shape": [8, 8, 1]})
CLASSES = ("Dense", {"units": 10, "activation": "softmax"})
CONVOLUTION = chain(
    DIGITS,
    ("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1}),
    ("RandomZoom", {"height_factor": 0.1}),
    ("Conv2D", {"filters": 8, "kernel_size": [3, 3], "activation": "relu"}),
    ("BatchNormalization", {}),
    ("Flatten", {}),
    ("Dropout", {"rate": 0.3}),
    CLASSES,
)
RECURRENT = chain(DIGITS, ("Reshape", {"target_shape": [8, 8]}), ("LSTM", {"units": 8, "dropout": 0.2, "recurrent_dropout": 0.2}), CLASSES)
LONG = Settings(dataset="digits", epochs=1000, batch_size=8)
workers: dict[str, int] = {}  # process ids of those that could not write theirs


@pytest.fixture(autouse=True)
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(launch, "ensure_supervisor", lambda: None)
    opened = default_store()
    yield opened
    for run in opened.runs():
        if locks.held(launch.lock_of(run.id)):
            launch.end_group(workers.get(run.id) or locks.holder(launch.lock_of(run.id))["pid"])
    opened.close()


def until(done: Callable[[], bool], tick: Callable[[], object] = lambda: None, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        tick()
        time.sleep(0.02)


def now(run: Run) -> Run:
    return default_store().run(run.id)


def in_epoch(run: Run, epoch: int) -> bool:
    """Whether a batch of this epoch was told."""
    assert now(run).status.alive, now(run).traceback
    return any(event.kind == "batch" and event.data["epoch"] == epoch for event in default_store().events(run.id))


def test_pause_resume_and_stop_are_obeyed(store: Store) -> None:
    run = store.create_run(None, CONVOLUTION, LONG)
    worker = launch.start(run.id)
    until(lambda: in_epoch(run, 1))
    assert now(run).status == Status.running and now(run).device and now(run).params > 0
    store.ask(run.id, "pause")
    until(lambda: now(run).status == Status.paused, seconds=3)
    told = len(store.events(run.id))
    time.sleep(1)
    assert len(store.events(run.id)) == told
    store.ask(run.id, "resume")
    until(lambda: now(run).status == Status.running and len(store.events(run.id)) > told + 2, seconds=5)
    store.ask(run.id, "stop")
    until(lambda: now(run).status == Status.stopped, seconds=10)
    assert worker is not None and worker.wait(20) == 0
    assert (folder(run.id) / "model.keras").exists()
    batches = [event for event in store.events(run.id) if event.kind == "batch"]
    assert len(batches) / (now(run).ended - now(run).started) <= 10


@pytest.fixture
def refused(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Run]:
    """A run whose worker's first write, that of its own name, is refused with an error of the system."""

    def begun(number: int) -> Run:
        fails = f"import os\ndef refuse(*_):\n    raise OSError({number}, os.strerror({number}))\nos.pwrite = refuse\n"
        (tmp_path / "sitecustomize.py").write_text(fails)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        run = store.create_run(None, CONVOLUTION, LONG)
        worker = launch.start(run.id)
        assert worker is not None
        workers[run.id] = worker.pid
        until(lambda: now(run).status != Status.queued or (worker.poll() is not None and launch.settle(run.id, worker.poll())))
        return now(run)

    return begun


@pytest.mark.parametrize(
    ("number", "says"), [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "may not be written"), (errno.EIO, "input or output error")]
)
def test_a_worker_whose_first_write_is_refused_waits_and_says_why(
    refused: Callable[[int], Run], store: Store, number: int, says: str
) -> None:
    run = refused(number)
    assert run.status == Status.paused and says in run.message and "Resume" in run.message
    store.ask(run.id, "stop")
    until(lambda: now(run).status == Status.stopped, seconds=10)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_worker_obeys_every_signal_that_asks_it_to_end(refused: Callable[[int], Run], ending: signal.Signals) -> None:
    run = refused(errno.ENOSPC)
    os.kill(workers[run.id], ending)
    until(lambda: now(run).status == Status.interrupted, seconds=5)
    assert ending.name in now(run).message


def test_a_run_on_a_dataset_that_is_not_there_fails_with_a_sentence_and_a_traceback(store: Store) -> None:
    run = store.create_run(None, CONVOLUTION, Settings(dataset="nothing"))
    worker = launch.start(run.id)
    assert worker is not None and worker.wait(120) == 0
    assert now(run).status == Status.failed and "nothing" in now(run).message and "Missing" in now(run).traceback


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("network", "ending"),
    [
        pytest.param(CONVOLUTION, signal.SIGKILL, id="convolution-kill", marks=pytest.mark.slow),
        pytest.param(RECURRENT, signal.SIGTERM, id="recurrent-term", marks=pytest.mark.slow),
        pytest.param(CONVOLUTION, signal.SIGTERM, id="convolution-term", marks=pytest.mark.campaign),
        pytest.param(RECURRENT, signal.SIGKILL, id="recurrent-kill", marks=pytest.mark.campaign),
    ],
)
def test_a_killed_run_goes_on_and_ends_bit_equal_to_an_undisturbed_one(store: Store, network: Network, ending: signal.Signals) -> None:
    settings = Settings(dataset="digits", epochs=3, batch_size=4)
    undisturbed, disturbed = (store.create_run(None, network, settings) for _ in range(2))
    supervisor = Supervisor(1, 60)
    until(lambda: now(undisturbed).status == Status.finished, supervisor.tick)
    until(lambda: in_epoch(disturbed, 2), supervisor.tick)
    os.kill(locks.holder(launch.lock_of(disturbed.id))["pid"], ending)
    until(lambda: now(disturbed).status == Status.interrupted, supervisor.tick)
    assert ending.name in now(disturbed).message
    launch.launch(now(disturbed))
    until(lambda: now(disturbed).status == Status.finished, supervisor.tick)
    ours, theirs = folder(disturbed.id), folder(undisturbed.id)
    with np.load(ours / "state.npz") as a, np.load(theirs / "state.npz") as b:
        assert a.files == b.files
        assert [name for name in a.files if name != "memory" and a[name].tobytes() != b[name].tobytes()] == []
    for epoch in range(4):
        assert all((weights(ours, epoch)[name] == array).all() for name, array in weights(theirs, epoch).items())
    assert (ours / "history.json").read_text() == (theirs / "history.json").read_text()
    told = [event.data["epoch"] for event in store.events(disturbed.id) if event.kind == "epoch"]
    assert told == [1, 2, 3]
