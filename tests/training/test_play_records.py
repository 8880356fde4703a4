"""What a play leaves is what a run leaves: the picture of its first weights, the same numbers, and a model once somebody wants it."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from builder import files, zoo
from builder.runs import Run, Settings, Status, folder
from builder.runs.record import Lineage
from builder.runs.run_folder import epoch_path, last_path
from builder.store import default_store
from builder.training.model_file import model_of_play
from builder.training.pictures.folder import pictured, read_picture, read_probe
from builder.training.report import Reporter, Stopped
from tests.kit.training_here import DENSE, a_run, state, train


def a_moons_run(**fields: Any) -> Run:
    network = zoo.network("points_mlp")
    return default_store().create_run(None, network, Settings(dataset="moons", epochs=3, batch_size=128, seed=5), **fields)


def test_a_play_has_the_picture_of_its_untrained_network_and_learns_the_same_as_a_run(home: Path) -> None:
    played, trained = (train(a_moons_run(played=each)) for each in (True, False))
    assert pictured(played) == pictured(trained) == [0, 1, 2, 3]
    assert state(played) == state(trained)
    fixed = [read_probe(place)["boundary"] for place in (played, trained)]
    assert all(np.array_equal(fixed[0][name], fixed[1][name]) for name in fixed[1])
    for epoch in (0, 3):
        ours, theirs = (read_picture(place, epoch) for place in (played, trained))
        assert ours.keys() == theirs.keys()
        for kind, arrays in theirs.items():
            assert ours[kind].keys() == arrays.keys(), (epoch, kind)
            for name, values in arrays.items():
                np.testing.assert_allclose(ours[kind][name], values, atol=1e-5, err_msg=f"{epoch} {kind} {name}")


def test_the_first_picture_of_a_play_comes_after_its_first_epoch(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has pressed play waits for the first batch, and for nothing before it."""
    run = a_moons_run(played=True)
    seen: list[list[int]] = []
    own = Reporter.check_requests
    monkeypatch.setattr(Reporter, "check_requests", lambda reporter: (seen.append(pictured(folder(run.id))), own(reporter))[1])
    train(run)
    batches = default_store().events(run.id)[-1].data["step"] // 3
    assert seen[:batches] == [[]] * batches and [0, 1] in seen


def ended_play() -> Run:
    """A play that was stopped within an epoch, and that nobody had kept."""
    run = default_store().update_run(a_run(DENSE, epochs=50).id, played=True)

    class Ending(Reporter):
        def check_requests(self) -> None:
            if default_store().run_summary(run.id).epoch >= 2:
                raise Stopped(Status.stopped, "")

    with pytest.raises(Stopped):
        train(run, Ending(run.id))
    return run


def test_an_ended_play_gives_a_model_with_the_weights_that_it_ended_with(home: Path) -> None:
    run = ended_play()
    place = folder(run.id)
    assert last_path(place).exists() and not (place / "model.keras").exists()
    model_of_play({"run": str(place)}, {})
    model = keras.models.load_model(place / "model.keras")
    left = files.unpack(last_path(place))
    for layer in model.layers:
        for index, weight in enumerate(layer.get_weights()):
            np.testing.assert_array_equal(weight, left[f"{layer.name}/{index}"])
    assert model.optimizer is not None and model.loss


def test_a_model_that_finds_no_room_on_the_disk_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.errors import BuilderError

    place = folder(ended_play().id)

    def full(path: Path, fill: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    with pytest.raises(BuilderError, match="disk is full"):
        model_of_play({"run": str(place)}, {})
    assert not (place / "model.keras").exists()


def test_a_run_that_goes_on_knows_what_its_parent_was_called_and_is_not_untrained_at_first(home: Path) -> None:
    parent = a_run(DENSE, epochs=1)
    train(parent)
    run = default_store().update_run(a_run(DENSE, epochs=1).id, lineage=Lineage(parent=parent.id, name="dense 1"))
    place = train(default_store().run(run.id))
    told = default_store().run_summary(run.id)
    assert told.lineage and told.lineage.name == "dense 1" and told.at_first == "start"
    assert default_store().run_summary(parent.id).at_first == "untrained"
    learned, began = (files.unpack(epoch_path(each, epoch)) for each, epoch in ((folder(parent.id), 1), (place, 0)))
    assert all(np.array_equal(learned[name], began[name]) for name in learned)
