"""A proposed loss fits the dataset and the last layer, and every disagreement is said in one sentence."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from builder.catalogue import LAYERS
from builder.errors import BuilderError
from builder.network.records import Edge, Network, Node
from builder.recipes import (
    LOSSES,
    METRICS,
    OPTIMIZERS,
    RECIPES,
    Proposal,
    check_metrics,
    compile,
    fitting_metrics,
    last_activation,
    propose,
    targets,
)
from builder.runs import Settings


@dataclass(frozen=True)
class Data:
    """A dataset's record, as far as proposals read it."""

    called: str = "digits"
    task: str = "classification"
    classes: tuple[str, ...] = tuple("0123456789")
    targets: int = 1
    per_step: bool = False


DIGITS, MOONS, DIABETES = Data(), Data("moons", classes=("upper", "lower")), Data("diabetes", "regression", ())


@pytest.mark.parametrize(
    ("data", "shape", "activation", "loss", "logits"),
    [
        (DIGITS, (10,), "softmax", "sparse_categorical_crossentropy", False),
        (DIGITS, (10,), "linear", "sparse_categorical_crossentropy", True),
        (DIGITS, (10,), "sigmoid", "binary_crossentropy", False),
        (MOONS, (2,), "softmax", "sparse_categorical_crossentropy", False),
        (MOONS, (1,), "sigmoid", "binary_crossentropy", False),
        (MOONS, (1,), "linear", "binary_crossentropy", True),
        (DIABETES, (1,), "linear", "mean_squared_error", False),
    ],
)
def test_the_usual_loss_is_proposed(data: Data, shape: tuple[int, ...], activation: str, loss: str, logits: bool) -> None:
    proposal = propose(data, shape, activation)
    assert (proposal.loss, proposal.from_logits) == (loss, logits)


@pytest.mark.parametrize(
    ("data", "shape", "activation"), [(DIGITS, (10,), "softmax"), (MOONS, (1,), "sigmoid"), (DIABETES, (1,), "linear")]
)
def test_a_fitting_network_has_no_warning(data: Data, shape: tuple[int, ...], activation: str) -> None:
    assert propose(data, shape, activation).warnings == ()


@pytest.mark.parametrize(
    ("data", "shape", "activation", "loss", "said"),
    [
        (DIGITS, (10,), "linear", "", "from_logits=True"),
        (DIGITS, (10,), "relu", "", "does not give any: set its activation to softmax"),
        (DIGITS, (10,), "sigmoid", "", "don't add up to 1"),
        (DIGITS, (10,), "sigmoid", "sparse_categorical_crossentropy", "don't add up to 1"),
        (DIGITS, (5,), "softmax", "", "5 units, but digits has 10 classes"),
        (DIGITS, (1,), "sigmoid", "", "1 unit, but digits has 10 classes"),
        (MOONS, (1,), "sigmoid", "sparse_categorical_crossentropy", "needs one unit per class"),
        (MOONS, (1,), "softmax", "", "always 1"),
        (MOONS, (2,), "softmax", "binary_crossentropy", "softmax shares 1"),
        (DIGITS, (26, 26, 10), "softmax", "", "26 × 26 × 10"),
        (DIGITS, (10,), "softmax", "mean_squared_error", "as distances"),
        (DIGITS, (10,), "softmax", "huber", "made for numbers"),
        (DIGITS, (10,), "softmax", "categorical_hinge", "raw scores"),
        (DIGITS, (10,), "linear", "kl_divergence", "has no activation: set its activation to softmax"),
        (DIABETES, (1,), "softmax", "", "gives 1, whatever comes in"),
        (DIABETES, (3,), "softmax", "", "add up to 1"),
        (DIABETES, (3,), "linear", "", "3 units, but diabetes has 1 number to predict"),
        (DIABETES, (1,), "sigmoid", "", "never gives a number below 0 or above 1"),
        (DIABETES, (1,), "linear", "binary_crossentropy", "compares classes"),
    ],
)
def test_a_disagreement_is_a_sentence(data: Data, shape: tuple[int, ...], activation: str, loss: str, said: str) -> None:
    warnings = propose(data, shape, activation, loss).warnings
    assert any(said in warning for warning in warnings), warnings
    assert all(warning.endswith((".", ")")) for warning in warnings)


def test_a_metric_of_another_task_is_refused_with_those_that_fit() -> None:
    with pytest.raises(BuilderError, match=r"one of accuracy, precision, recall, auc, top_k_categorical_accuracy, but got 'r2_score'"):
        check_metrics(["accuracy", "r2_score"], DIGITS, RECIPES["supervised"])
    with pytest.raises(BuilderError, match="one of mean_absolute_error, mean_squared_error, root_mean_squared_error, but got 'accuracy'"):
        check_metrics(["accuracy"], DIGITS, RECIPES["autoencoder"])


def test_five_rated_highest_say_nothing_where_there_are_only_five_classes() -> None:
    assert "top_k_categorical_accuracy" not in [each.name for each in fitting_metrics(MOONS, RECIPES["supervised"])]


def test_an_unknown_loss_names_those_there_are() -> None:
    with pytest.raises(BuilderError, match="sparse_categorical_crossentropy"):
        propose(DIGITS, (10,), "softmax", "magic")


def test_one_hot_targets_are_rows_of_the_identity() -> None:
    assert np.array_equal(targets([0, 2, 1], "categorical_crossentropy", 3), np.eye(3, dtype="float32")[[0, 2, 1]])


@pytest.mark.parametrize(
    ("loss", "classes", "units", "shape", "dtype"),
    [
        ("sparse_categorical_crossentropy", 2, 2, (4,), "int64"),
        ("binary_crossentropy", 2, 1, (4, 1), "float32"),
        ("binary_crossentropy", 2, 2, (4, 2), "float32"),
        ("binary_crossentropy", 2, None, (4, 1), "float32"),
        ("mean_squared_error", 2, 2, (4, 2), "float32"),
        ("mean_squared_error", 0, 1, (4, 1), "float32"),
    ],
)
def test_targets_have_the_shape_the_loss_compares_with(
    loss: str, classes: int, units: int | None, shape: tuple[int, ...], dtype: str
) -> None:
    y = targets([0, 1, 1, 0], loss, classes, units)
    assert (y.shape, y.dtype) == (shape, np.dtype(dtype))


def chain(*nodes: Node) -> Network:
    """A network of these nodes, one after the other."""
    return Network(nodes=nodes, edges=tuple(Edge(source=a.name, target=b.name) for a, b in pairwise(nodes)))


def test_the_last_activation_is_found_behind_dropout_and_as_a_layer() -> None:
    dense, dropout = Node(name="dense", layer="Dense", params={"activation": "softmax"}), Node(name="drop", layer="Dropout")
    assert last_activation(chain(dense, dropout), LAYERS) == ("softmax", "dense")
    assert last_activation(chain(dense, Node(name="plain", layer="Dense")), LAYERS).function == "linear"
    assert last_activation(chain(dense, Node(name="soft", layer="Softmax")), LAYERS) == ("softmax", "soft")
    assert last_activation(Network(), LAYERS) == ("linear", "")


@pytest.mark.parametrize("options", [LOSSES, OPTIMIZERS, METRICS])
def test_every_choice_is_keras_own_and_explained(options: tuple) -> None:
    import keras

    rooms = {id(LOSSES): keras.losses, id(OPTIMIZERS): keras.optimizers, id(METRICS): keras.metrics}
    for option in options:
        made = getattr(rooms[id(options)], option.keras)()
        assert option.help.endswith(".")
        if option.rate is not None:
            assert float(made.learning_rate) == pytest.approx(option.rate), option.name


FOR_ONE_UNIT = ("binary_crossentropy", "mean_squared_error", "mean_absolute_error")  # the others are warned of
ENDS = [(DIGITS, 10, "softmax"), (DIGITS, 10, "linear"), (MOONS, 1, "sigmoid")]
FITTING = [
    (loss.name, *end) for end in ENDS for loss in LOSSES if "classification" in loss.tasks and (end[1] > 1 or loss.name in FOR_ONE_UNIT)
]


@pytest.mark.parametrize(("loss", "data", "units", "activation"), FITTING)
def test_every_loss_and_metric_trains(loss: str, data: Data, units: int, activation: str) -> None:
    import keras

    metrics = [metric.name for metric in METRICS if "classification" in metric.tasks and (units > 1 or "top" not in metric.name)]
    proposal = propose(data, (units,), activation, loss, metrics)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, activation=activation)])
    compile(model, Settings(dataset="digits", optimizer="adam", learning_rate=0.001), proposal)
    x, y = np.random.default_rng(0).normal(size=(20, 4)).astype("float32"), np.arange(20) % len(data.classes)
    results = model.evaluate(x, targets(y, loss, len(data.classes), units), verbose=0, return_dict=True)
    assert set(results) == {"loss", *metrics}
    scores = np.asarray(model(x))
    right = scores.argmax(1) == y if units > 1 else (scores[:, 0] > 0.5) == y
    assert results["accuracy"] == pytest.approx(right.mean(), abs=1e-6)


def test_raw_scores_are_measured_as_the_probabilities_they_stand_for() -> None:
    import keras

    x, y = np.random.default_rng(1).normal(size=(50, 4)).astype("float32"), np.arange(50) % 2
    metrics, settings = ["accuracy", "precision", "recall", "auc"], Settings(dataset="digits", optimizer="sgd", learning_rate=0.1)
    raw = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    smooth = keras.Sequential([*raw.layers, keras.layers.Activation("sigmoid")])
    found = []
    for model, activation in ((raw, "linear"), (smooth, "sigmoid")):
        proposal = propose(MOONS, (1,), activation, metrics=metrics)
        compile(model, settings, proposal)
        found.append(model.evaluate(x, targets(y, proposal.loss, 2, 1), verbose=0, return_dict=True))
    assert found[0] == pytest.approx(found[1], abs=1e-5)


def test_metrics_of_a_sequence_count_every_step_as_an_answer() -> None:
    import keras

    random, classes = np.random.default_rng(3), 8
    x, y = random.normal(size=(6, 5, 4)).astype("float32"), random.integers(0, classes, (6, 5))
    metrics = ["accuracy", "precision", "recall", "auc", "top_k_categorical_accuracy"]
    model = keras.Sequential([keras.Input((5, 4)), keras.layers.Dense(classes, activation="softmax")])
    rows = keras.Sequential([keras.Input((4,)), *model.layers])
    loss, found = "sparse_categorical_crossentropy", []
    for each, given, target in ((model, x, y), (rows, x.reshape(-1, 4), y.reshape(-1))):
        compile(
            each,
            Settings(dataset="digits", optimizer="adam", learning_rate=0.001),
            Proposal(loss=loss, metrics=tuple(metrics), units=classes),
        )
        found.append(each.evaluate(given, target, batch_size=30, verbose=0, return_dict=True))
    assert found[0] == pytest.approx(found[1], abs=1e-5) and set(found[0]) == {"loss", *metrics}


def test_every_recipe_says_what_it_is() -> None:
    assert all(recipe.name == name and recipe.summary.endswith(".") for name, recipe in RECIPES.items())
