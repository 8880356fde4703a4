"""What the worker's training does, in this process: numbers against Keras, bit-equal resuming, full disks, losses that are no numbers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.errors import BuilderError
from builder.network.records import Edge, Network, Node
from builder.runs import Status, epochs, folder, weights
from builder.store import Store, default_store
from builder.training.report import Reporter, Stopped
from tests.kit.training_here import DENSE, a_run, chain, state, train

CONVOLUTION = chain(
    "convolution",
    ("Input", {"shape": [8, 8, 1]}),
    ("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1}),
    ("RandomRotation", {"factor": 0.05}),
    ("Conv2D", {"filters": 4, "kernel_size": [3, 3], "activation": "relu"}),
    ("BatchNormalization", {}),
    ("Flatten", {}),
    ("Dropout", {"rate": 0.3}),
    ("Dense", {"units": 10, "activation": "softmax"}),
)
RECURRENT = chain(
    "recurrent",
    ("Input", {"shape": [8, 8, 1]}),
    ("Reshape", {"target_shape": [8, 8]}),
    ("LSTM", {"units": 8, "dropout": 0.2, "recurrent_dropout": 0.2}),
    ("Dense", {"units": 10, "activation": "softmax"}),
)
REGRESSION = chain("regression", ("Input", {"shape": [10]}), ("Dense", {"units": 16, "activation": "relu"}), ("Dense", {"units": 1}))


@pytest.fixture(autouse=True)
def store(home: Path) -> Iterator[Store]:
    opened = default_store()
    yield opened
    opened.close()


def history(place: Path) -> dict[str, list[float]]:
    return dict(json.loads((place / "history.json").read_text()))


class Killed(BaseException):
    """Stands for the end of the process."""


class Mortal(Reporter):
    """A reporter whose process ends after some looks at what was asked, each at one batch of training or validation."""

    def __init__(self, run_id: str, looks: int) -> None:
        super().__init__(run_id)
        self.looks = looks

    def check_requests(self) -> None:
        self.looks -= 1
        if self.looks < 0:
            raise Killed


@pytest.mark.parametrize("network", [CONVOLUTION, pytest.param(RECURRENT, marks=pytest.mark.slow)], ids=["convolution", "recurrent"])
def test_a_run_that_died_in_mid_epoch_and_goes_on_ends_bit_equal(network: Network) -> None:
    undisturbed = train(a_run(network))
    run = a_run(network)
    with pytest.raises(Killed):
        train(run, Mortal(run.id, 10))  # in the first epoch: nothing is kept yet
    with pytest.raises(Killed):
        train(run, Mortal(run.id, 40))  # in the second
    assert epochs(folder(run.id)) == [0, 1]
    disturbed = train(default_store().run(run.id))
    assert state(disturbed) == state(undisturbed)
    assert history(disturbed) == history(undisturbed)
    for epoch in (0, 1, 2, 3):
        ours, theirs = weights(disturbed, epoch), weights(undisturbed, epoch)
        assert {name: array.tobytes() for name, array in ours.items()} == {name: array.tobytes() for name, array in theirs.items()}
    told = [event.data["epoch"] for event in default_store().events(run.id) if event.kind == "epoch"]
    assert told == [1, 2, 3]


def test_an_epoch_that_was_saved_but_not_told_is_told_by_the_next_worker() -> None:
    run = a_run(DENSE)

    class Silent(Mortal):
        def write(self, *events: tuple[str, dict[str, Any]], **fields: Any) -> bool:
            if any(kind == "epoch" and data["epoch"] == 2 for kind, data in events):
                raise Killed
            return super().write(*events, **fields)

    with pytest.raises(Killed):
        train(run, Silent(run.id, 10_000))
    train(default_store().run(run.id))
    told = [event.data for event in default_store().events(run.id) if event.kind == "epoch"]
    assert [data["epoch"] for data in told] == [1, 2, 3]
    assert [data["metrics"]["val_loss"] for data in told] == history(folder(run.id))["val_loss"]


def test_a_finished_run_leaves_a_model_that_keras_alone_can_read() -> None:
    import keras

    from builder import datasets
    from builder.runs.load import model_at

    place = train(a_run(CONVOLUTION))
    x = datasets.parts("digits").test.x
    ours, theirs = model_at(place)(x, training=False).numpy(), keras.saving.load_model(place / "model.keras")(x, training=False).numpy()
    np.testing.assert_array_equal(ours, theirs)
    assert epochs(place) == [0, 1, 2, 3]
    assert {path.name for path in place.iterdir()} >= {"network.json", "settings.json", "program.py", "history.json", "state.npz"}


def test_a_finished_run_leaves_a_compiled_model_that_keras_alone_tests_and_trains_on(recwarn: pytest.WarningsRecorder) -> None:
    import keras

    from builder import datasets
    from builder.keras_bridge.from_keras import config_of, network_of
    from builder.probes import OPERATIONS

    run = a_run(DENSE, optimizer="rmsprop", learning_rate=0.003, metrics=("accuracy", "precision"))
    place = train(run)
    alone = keras.saving.load_model(place / "model.keras")
    assert not [str(each.message) for each in recwarn if "optimizer" in str(each.message)]
    unseen = datasets.parts("digits").test
    told = alone.evaluate(unseen.x, unseen.y, batch_size=64, verbose=0, return_dict=True)
    ours = OPERATIONS["test"]({"run": str(place)}, {})[0]["metrics"]
    assert told == pytest.approx({name: ours[name] for name in ("loss", "accuracy")})  # Keras alone has no precision for class numbers
    optimizer = alone.optimizer
    assert isinstance(optimizer, keras.optimizers.RMSprop) and float(optimizer.learning_rate) == pytest.approx(0.003)
    assert int(optimizer.iterations) == run.settings.epochs * -(-len(datasets.parts("digits").train) // 64)
    assert [each for name, each in state(place).items() if name.startswith("optimizer/")] == [
        each.numpy().tobytes() for each in optimizer.variables
    ]
    opened = network_of(config_of(place / "model.keras"), "model").network
    assert [(node.name, node.layer) for node in opened.nodes] == [(node.name, node.layer) for node in run.network.nodes]


def test_the_run_that_ships_has_a_compiled_model_of_its_own_figures() -> None:
    import keras

    from builder import datasets
    from builder.engine.shipped import SHIPPED

    validation, kept = datasets.parts("digits28").validation, history(SHIPPED)
    told = keras.saving.load_model(SHIPPED / "model.keras").evaluate(validation.x, validation.y, batch_size=32, verbose=0, return_dict=True)
    assert told == pytest.approx({name: kept[f"val_{name}"][-1] for name in ("loss", "accuracy")}, rel=1e-4)


@pytest.mark.parametrize(
    "params", [{"use_scale": True}, {"score_mode": "concat"}, {"score_mode": "concat", "use_scale": True}], ids=["dot", "concat", "both"]
)
def test_a_layer_that_learns_a_single_number_trains_to_its_end(params: dict[str, Any]) -> None:
    import keras

    from builder.runs.load import model_at

    steps, units = {"target_shape": [8, 8]}, {"units": 4}
    last = {"units": 10, "activation": "softmax"}
    nodes = [Node(name="input", layer="Input", params={"shape": [8, 8, 1]}), Node(name="rows", layer="Reshape", params=steps)]
    nodes += [Node(name=name, layer="Dense", params=units) for name in ("query", "value")] + [
        Node(name="look", layer="Attention", params=params)
    ]
    nodes += [Node(name="mean", layer="GlobalAveragePooling1D"), Node(name="answer", layer="Dense", params=last)]
    wires = [
        ("input", "rows"),
        ("rows", "query"),
        ("rows", "value"),
        ("query", "look"),
        ("value", "look"),
        ("look", "mean"),
        ("mean", "answer"),
    ]
    edges = [Edge(source=source, target=target) for source, target in wires]
    place = train(a_run(Network(name="scaled", nodes=tuple(nodes), edges=tuple(edges)), epochs=1))
    kept = weights(place, 1)
    ours, theirs = model_at(place).get_layer("look"), keras.saving.load_model(place / "model.keras").get_layer("look")
    for at, (weight, other) in enumerate(zip(ours.weights, theirs.weights, strict=True)):
        assert kept[f"look/{at}"].shape == () and kept[f"look/{at}"] == weight.numpy() == other.numpy() != 1


def test_metrics_are_those_that_keras_measures_on_the_kept_weights() -> None:
    from builder import datasets
    from builder.runs.load import model_at

    run = a_run(DENSE)
    place = train(run)
    validation = datasets.parts("digits", run.settings.seed).validation
    for epoch in (1, 3):
        model = model_at(place, epoch)
        model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        loss, accuracy = model.evaluate(validation.x, validation.y, verbose=0)
        assert history(place)["val_loss"][epoch - 1] == pytest.approx(loss, rel=1e-4)
        assert history(place)["val_accuracy"][epoch - 1] == pytest.approx(accuracy, rel=1e-4)


def test_each_epoch_sees_every_sample_once_in_an_order_of_its_own() -> None:
    from builder.training.feed import stream

    def seen(seed: int, start: int) -> list[list[int]]:
        x = np.arange(10)
        batches = [list(map(int, inputs)) for inputs, _ in stream((x,), x, 4, seed, start, 3)]
        return [[*batches[place], *batches[place + 1], *batches[place + 2]] for place in range(0, len(batches), 3)]

    orders = seen(1, 0)
    assert [sorted(order) for order in orders] == [list(range(10))] * 3
    assert len({tuple(order) for order in orders}) == 3
    assert seen(1, 1) == orders[1:] and seen(2, 0) != orders


def test_a_batch_event_tells_of_what_came_since_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.training import live

    monkeypatch.setattr(live, "TELL_SECONDS", 0.0)
    monkeypatch.setattr(live, "MOST_EVENTS", 10**9)
    run = a_run(DENSE, epochs=1, batch_size=100)
    place = train(run)
    batches = [event.data for event in default_store().events(run.id) if event.kind == "batch"]
    assert [data["batch"] for data in batches] == list(range(1, batches[0]["batches"]))
    # every batch but the last is told: their mean is the epoch's, up to that last one
    mean = sum(data["metrics"]["loss"] for data in batches) / len(batches)
    assert mean == pytest.approx(history(place)["loss"][0], rel=0.1)
    assert all(data["metrics"]["accuracy"] * 100 == pytest.approx(round(data["metrics"]["accuracy"] * 100)) for data in batches)
    assert batches[-1]["rate"] > 0 and batches[-1]["seconds_left"] >= 0


def test_a_loss_that_is_no_number_ends_the_run_with_advice_and_keeps_the_last_good_epoch() -> None:
    run = a_run(REGRESSION, dataset="diabetes", optimizer="sgd", learning_rate=10.0, epochs=50)
    with pytest.raises(Stopped) as ended:
        train(run)
    assert ended.value.status == Status.failed
    assert "learning rate" in ended.value.message and "1 instead of 10" in ended.value.message
    place = folder(run.id)
    last = epochs(place)[-1]
    assert all(np.isfinite(array).all() for array in weights(place, last).values())
    assert (place / "model.keras").exists()


def test_a_dataset_that_does_not_fit_is_a_sentence() -> None:
    with pytest.raises(BuilderError, match="digits"):
        train(a_run(REGRESSION))
