"""Runs without Keras: locks, files, what is kept of epochs, ids that become paths, reasons of an end, the run that ships."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from builder import files as run_files
from builder import locks, zoo
from builder.engine import shipped
from builder.engine.launch import lock_of, settle, verdict
from builder.errors import BuilderError
from builder.runs import Settings, Status, epochs, folder, weights
from builder.runs.checkpoint import read_state, thin, write_arrays, write_state
from builder.runs.run_folder import epoch_path, history
from builder.store import default_store


def test_a_lock_ends_with_its_holder_however_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    descriptor = locks.take(path)
    assert descriptor is not None and locks.held(path) and locks.take(path) is None
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=(descriptor,))
    os.close(descriptor)
    assert locks.held(path)  # handed on
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not locks.held(path)


def test_apps_share_a_lock_that_a_supervisor_sees(tmp_path: Path) -> None:
    path = tmp_path / "app.lock"
    with locks.shared(path):
        with locks.shared(path):
            assert locks.held(path)
        assert locks.held(path)
    assert not locks.held(path)


def test_a_holder_signs_its_lock(tmp_path: Path) -> None:
    descriptor = locks.take(tmp_path / "lock")
    assert descriptor is not None
    locks.sign(descriptor, pid=123456, slot=1)
    locks.sign(descriptor, pid=7, slot=0)
    assert locks.holder(tmp_path / "lock") == {"pid": 7, "slot": 0}
    assert locks.holder(tmp_path / "none") == {}
    os.close(descriptor)


@pytest.mark.parametrize(("number", "says"), [(errno.ENOSPC, "full"), (errno.EIO, "input or output error"), (errno.EROFS, "may not be")])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path, number: int, says: str) -> None:
    path = tmp_path / "file"
    run_files.write_text(path, "good")

    def half(new: Path) -> None:
        new.write_text("ha")
        raise OSError(number, os.strerror(number))

    with pytest.raises(OSError, match=os.strerror(number)) as caught:
        run_files.write(path, half)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("file", "good")]
    assert says in (run_files.refusal(caught.value) or ("",))[0]


def test_a_refusing_disk_is_found_inside_another_error_and_in_its_words() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("Unable to write") from error
    except RuntimeError as error:
        assert run_files.refusal(error) == ("The disk is full", "Free some space")
    inside = OSError("Can't write data (file write failed: errno = 5, error message = 'Input/output error', buf = 0x1)")  # as h5py has it
    assert run_files.refusal(inside) == ("The disk met an input or output error", "Check the disk")
    assert run_files.refusal(ValueError("no")) is None


def some_epochs(place: Path, count: int) -> None:
    for epoch in range(count):
        write_arrays(epoch_path(place, epoch), {"dense/0": np.full(1000, epoch, "float32")})


def test_thinning_keeps_first_best_and_last_and_spreads_the_rest(tmp_path: Path) -> None:
    some_epochs(tmp_path, 41)
    one = epoch_path(tmp_path, 0).stat().st_size
    thin(tmp_path, best=37, most=8 * one)
    kept = epochs(tmp_path)
    assert len(kept) == 8 and {0, 37, 40} <= set(kept)
    gaps = np.diff([epoch for epoch in kept if epoch != 37])
    assert max(gaps) <= 2 * min(gaps[:-1])
    thin(tmp_path, best=37, most=0)
    assert epochs(tmp_path) == [0, 37, 40]
    assert weights(tmp_path, 37)["dense/0"][0] == 37


def test_thinning_epoch_after_epoch_never_exceeds_the_limit(tmp_path: Path) -> None:
    some_epochs(tmp_path, 1)
    one = epoch_path(tmp_path, 0).stat().st_size
    for epoch in range(1, 60):
        write_arrays(epoch_path(tmp_path, epoch), {"dense/0": np.full(1000, epoch, "float32")})
        thin(tmp_path, best=1, most=10 * one)
        assert len(epochs(tmp_path)) <= 10 and {0, 1, epoch} <= set(epochs(tmp_path))


def test_the_bytes_of_epochs_are_a_number_or_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some_epochs(tmp_path, 3)
    monkeypatch.setenv("BUILDER_EPOCH_BYTES", "5e8")
    thin(tmp_path, best=1)
    assert epochs(tmp_path) == [0, 1, 2]
    monkeypatch.setenv("BUILDER_EPOCH_BYTES", "500 MB")
    with pytest.raises(BuilderError, match="BUILDER_EPOCH_BYTES needs a number, but got “500 MB”"):
        thin(tmp_path, best=1)


def test_an_epoch_that_is_not_kept_is_a_sentence(tmp_path: Path) -> None:
    some_epochs(tmp_path, 3)
    with pytest.raises(BuilderError, match="0, 1, 2"):
        weights(tmp_path, 9)


@pytest.mark.parametrize("text", ["", "..", "../other", "/etc", "a/b", "a.b", "é", "a\0b"])
def test_an_id_that_could_leave_the_folder_is_refused(home: Path, text: str) -> None:
    with pytest.raises(BuilderError):
        folder(text)


class Variable:
    """As much of a Keras variable as a state needs."""

    def __init__(self, value: np.ndarray) -> None:
        self.value, self.shape = value, value.shape

    def numpy(self) -> np.ndarray:
        return self.value

    def assign(self, value: np.ndarray) -> None:
        self.value = value


def test_a_state_comes_back_bit_by_bit_and_only_into_the_same_shapes(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    model = [Variable(random.normal(size=(3, 4)).astype("float32")), Variable(np.array([1, 2**32 - 1], "uint32"))]
    optimizer = [Variable(np.array(7, "int64"))]
    write_state(tmp_path / "state.npz", model, optimizer, {"epoch": 2, "best": None})
    again = [Variable(np.zeros((3, 4), "float32")), Variable(np.zeros(2, "uint32"))], [Variable(np.array(0, "int64"))]
    assert read_state(tmp_path / "state.npz", *again) == {"epoch": 2, "best": None}
    for ours, theirs in zip([*model, *optimizer], [*again[0], *again[1]], strict=True):
        assert ours.value.tobytes() == theirs.value.tobytes() and ours.value.dtype == theirs.value.dtype
    with pytest.raises(BuilderError):
        read_state(tmp_path / "state.npz", [Variable(np.zeros((4, 3), "float32"))], [])


@pytest.mark.parametrize(
    ("code", "asked_to_stop", "status", "word"),
    [
        (None, False, Status.interrupted, "Resume"),
        (-signal.SIGKILL, False, Status.interrupted, "SIGKILL"),
        (-signal.SIGSEGV, False, Status.failed, "SIGSEGV"),
        (-signal.SIGKILL, True, Status.stopped, "Stopped"),
        (1, False, Status.failed, "exit status 1"),
    ],
)
def test_every_end_has_its_reason(code: int | None, asked_to_stop: bool, status: Status, word: str) -> None:
    found, message = verdict(code, asked_to_stop, 3, 0)
    assert found == status and word in message


def test_a_run_that_was_stopped_while_keras_loaded_had_not_begun() -> None:
    assert verdict(-signal.SIGKILL, True, 0, 0) == (Status.stopped, "Stopped before it began.")
    assert "had to be ended" in verdict(-signal.SIGKILL, True, 0, 4)[1]


def test_a_run_whose_worker_lives_is_not_settled(home: Path) -> None:
    store = default_store()
    run = store.create_run(None, zoo.network("iris_mlp"), Settings(dataset="iris"))
    store.update_run(run.id, status=Status.running)
    descriptor = locks.take(lock_of(run.id))
    assert descriptor is not None and not settle(run.id) and store.run(run.id).status == Status.running
    os.close(descriptor)
    assert settle(run.id) and store.run(run.id).status == Status.interrupted
    store.close()


def test_the_run_that_ships_is_a_finished_run_of_a_new_project(home: Path) -> None:
    store = default_store()
    project = store.create_project("someone", "first", [zoo.network("digit_cnn")])
    run = shipped.install(project.id)
    assert run is not None and run.status == Status.finished and run.project == project.id
    place = folder(run.id)
    assert run.network == zoo.network("digit_cnn")
    assert run.metrics["val_accuracy"] >= 0.97
    assert epochs(place)[0] == 0 and epochs(place)[-1] == run.epoch == run.settings.epochs and len(epochs(place)) >= 5
    told = [event.data for event in store.events(run.id) if event.kind == "epoch"]
    assert [data["metrics"]["val_loss"] for data in told] == history(place)["val_loss"]
    assert json.loads((place / "settings.json").read_text())["seed"] == run.settings.seed
    store.close()
