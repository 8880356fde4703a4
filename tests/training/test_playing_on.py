"""Weights after a play (warm start): the next run goes on from them where shapes stay, and from none that are no numbers."""

from pathlib import Path

import numpy as np
import pytest

from builder import files
from builder.runs import Status, folder, watching
from builder.runs.record import Lineage
from builder.runs.run_folder import last_path, weights
from builder.store import default_store
from tests.kit.playing import a_play, meanwhile, until
from tests.kit.training_here import DENSE, a_run, chain, train

WIDER = chain(
    "dense", ("Input", {"shape": [8, 8, 1]}), ("Flatten", {}), ("Dense", {"units": 12}), ("Dense", {"units": 10, "activation": "softmax"})
)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look counts for as long as a test may take on a busy machine."""
    monkeypatch.setattr(watching, "FRESH", 1000.0)


def test_weights_that_are_no_numbers_are_left_to_nobody(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.training import training

    run, store, models = a_play(epochs=50), default_store(), []
    make = training.to_keras
    monkeypatch.setattr(training, "to_keras", lambda network: models.append(make(network)) or models[-1])
    store.ask(run.id, "step")

    def stop() -> None:
        until(lambda: store.run_summary(run.id).status == Status.paused)
        models[0].trainable_weights[0].assign(models[0].trainable_weights[0] * np.nan)
        store.ask(run.id, "stop")

    meanwhile(run, stop)
    assert not last_path(folder(run.id)).exists()
    began = files.unpack(train(a_play(DENSE, Lineage(parent=run.id), epochs=1)) / "epochs" / "00000.npz")
    assert all(np.isfinite(array).all() for array in began.values())


def test_a_play_that_is_stopped_leaves_its_weights_and_the_next_one_goes_on_from_them_bit_for_bit(home: Path) -> None:
    run, store = a_play(epochs=50), default_store()

    def stop() -> None:
        until(lambda: store.run_summary(run.id).epoch >= 1)
        store.ask(run.id, "stop")

    meanwhile(run, stop)
    left = files.unpack(folder(run.id) / "last.npz")
    following = a_play(DENSE, Lineage(parent=run.id), epochs=1)
    began = files.unpack(train(following) / "epochs" / "00000.npz")
    assert left.keys() == began.keys()
    assert all(left[name].tobytes() == began[name].tobytes() for name in left)
    told = store.run(following.id).lineage
    assert told == Lineage(parent=run.id, kept=(DENSE.nodes[-1].name,))


def test_a_layer_whose_shape_is_another_begins_anew_and_that_is_told(home: Path) -> None:
    from builder.keras_bridge import to_keras
    from builder.training.inheriting import inherit

    parent = a_run(DENSE, epochs=1)
    train(parent)
    run = a_play(WIDER, Lineage(parent=parent.id))
    assert inherit(to_keras(WIDER), run) == Lineage(parent=parent.id, anew=("dense_2", "dense_3"))


def test_what_only_changed_below_it_keeps_its_weights(home: Path) -> None:
    from builder.keras_bridge import to_keras
    from builder.training.inheriting import inherit

    taller = WIDER.model_copy(
        update={
            "nodes": tuple(node.model_copy(update={"params": {"units": 9}}) if node.name == "dense_2" else node for node in WIDER.nodes)
        }
    )
    deep = chain(
        "deep",
        ("Input", {"shape": [8, 8, 1]}),
        ("Flatten", {}),
        ("Dense", {"units": 12}),
        ("Dense", {"units": 12}),
        ("Dense", {"units": 10}),
    )
    parent = a_run(deep, epochs=1)
    place = train(parent)
    model = to_keras(deep)
    told = inherit(model, a_play(deep, Lineage(parent=parent.id)))
    assert told.kept == ("dense_2", "dense_3", "dense_4")
    last = files.unpack(place / "epochs" / "00001.npz")
    assert all(
        np.array_equal(last[f"{layer.name}/{at}"], weight.numpy()) for layer in model.layers for at, weight in enumerate(layer.weights)
    )
    assert inherit(to_keras(taller), a_play(taller, Lineage(parent=parent.id))).anew == ("dense_2", "dense_3")


def test_a_layer_that_was_renamed_keeps_its_weights(home: Path) -> None:
    from builder.catalogue import LAYERS
    from builder.keras_bridge import to_keras
    from builder.network import apply
    from builder.training.inheriting import inherit

    parent = a_play(DENSE, epochs=1)
    train(parent)
    last = DENSE.nodes[-1].name
    renamed = apply(DENSE, {"kind": "rename", "name": last, "to": "answer"}, LAYERS)
    model = to_keras(renamed)
    assert inherit(model, a_play(renamed, Lineage(parent=parent.id))).kept == ("answer",)
    learned = files.unpack(last_path(folder(parent.id))) if last_path(folder(parent.id)).exists() else weights(folder(parent.id), 1)
    np.testing.assert_array_equal(model.get_layer("answer").kernel, learned[f"{last}/0"])
