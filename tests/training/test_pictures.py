"""The run's own picture: each kind against Keras called directly, chosen once, bounded in cost, and without a trace in the training."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import datasets, zoo
from builder.recipes import one_step_late
from builder.runs import Settings, folder, weights
from builder.store import Store, default_store
from builder.training.pictures import KINDS, Scene, fitting, scene_of
from builder.training.pictures.boundary import SIDE
from builder.training.pictures.folder import read_picture
from builder.training.pictures.text import TEMPERATURE
from tests.kit.making import a_scene, padding_network, weighed
from tests.kit.training_here import trained

# dataset: the kinds of its starting network, in the order in which they are offered
KIND_OF = {
    "digits": ["classes"],
    "iris": ["classes"],
    "pronouns": ["classes", "heads"],
    "moons": ["boundary"],
    "patches": ["rebuilt"],
    "diabetes": ["values"],
    "sines": ["values"],
    "reversal": ["steps", "heads"],
    "induction": ["text", "steps", "heads"],
    "pydoc": ["text", "steps", "heads"],
}


@pytest.fixture(autouse=True)
def store(home: Path) -> Iterator[Store]:
    opened = default_store()
    yield opened
    opened.close()


def taken(shown: Scene, name: str) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """What a kind chooses, and what it finds."""
    kind = next(kind for kind in KINDS if kind.name == name)
    fixed = kind.choose(shown)
    return fixed, kind.take(shown, fixed)


def called(shown: Scene, *x: np.ndarray) -> np.ndarray:
    """Keras itself."""
    return shown.model(list(x) if len(x) > 1 else x[0], training=False).numpy()


@pytest.mark.parametrize("dataset", KIND_OF)
def test_the_kinds_follow_from_dataset_recipe_and_output(dataset: str) -> None:
    assert [kind.name for kind in fitting(a_scene(dataset))] == [*KIND_OF[dataset], "layers"]


def test_live_predictions_are_what_keras_gives_for_unseen_samples() -> None:
    shown = a_scene("digits", seed=5)
    unseen = datasets.parts("digits", 5, 0.2).validation
    fixed, found = taken(shown, "classes")
    np.testing.assert_allclose(fixed["raw"] / 255, unseen.x[:24], atol=0.5 / 255 + 1e-6)
    np.testing.assert_array_equal(fixed["y"], unseen.y[:24])
    np.testing.assert_allclose(found["probabilities"], called(shown, fixed["x0"]), atol=1e-5)


def test_raw_scores_and_a_single_unit_become_probabilities_of_classes() -> None:
    from builder.training.pictures.classes import chances

    shown = a_scene("breast_cancer")
    fixed, found = taken(shown, "classes")
    second = called(shown, fixed["x0"])[:, 0]
    np.testing.assert_allclose(found["probabilities"], np.stack([1 - second, second], axis=1), atol=1e-6)
    node = shown.network.outputs[0]
    raw = shown.network.model_copy(
        update={
            "nodes": tuple(
                n.model_copy(update={"params": {**n.params, "activation": "linear"}}) if n is node else n for n in shown.network.nodes
            )
        }
    )
    shown.network = raw
    np.testing.assert_allclose(chances(shown, np.array([[0.0], [np.log(3)]], "float32")), [[0.5, 0.5], [0.25, 0.75]], atol=1e-6)


def test_a_large_picture_is_made_small() -> None:
    from builder.training.pictures.classes import small

    picture = np.arange(2 * 100 * 80).reshape(2, 100, 80, 1) % 256
    np.testing.assert_array_equal(small(picture, 0, 255), picture[:, ::4, ::4])
    np.testing.assert_array_equal(small(picture / 255 * 3 - 1, -1, 2), picture[:, ::4, ::4])


def test_the_boundary_is_the_network_s_answer_at_every_place_with_the_first_row_on_top() -> None:
    shown = a_scene("moons")
    fixed, found = taken(shown, "boundary")
    (left, right), (low, high) = fixed["bounds"]
    assert fixed["points"][:, 0].min() > left and fixed["points"][:, 1].max() < high
    for row, column in ((0, 0), (SIDE - 1, 0), (7, 30)):
        place = np.array([[left + (column + 0.5) / SIDE * (right - left), high - (row + 0.5) / SIDE * (high - low)]], "float32")
        assert found["map"][row, column, 0] == pytest.approx(called(shown, place)[0, -1], abs=1e-5)
    np.testing.assert_array_equal(found["answers"], called(shown, fixed["points"]).argmax(axis=1))


def test_a_table_of_two_columns_typed_by_hand_has_a_boundary_too() -> None:
    name = datasets.table_dataset("1, 2, 0\n2, 3, 1\n3, 4, 0\n4, 5, 1\n5, 6, 0", "Mine", "classification").name
    shown = a_scene(name, "first_model")
    fixed, found = taken(shown, "boundary")
    assert len(fixed["points"]) == 4 and int(fixed["unseen"]) == 1  # the fifth is the test part's
    assert found["map"].shape == (SIDE, SIDE, 1)
    np.testing.assert_array_equal(found["answers"], called(shown, fixed["points"])[:, 0] > 0.5)


@pytest.mark.parametrize("name", sorted(name for name, entry in zoo.ZOO.items() if entry.total_params < 300_000))
def test_the_work_of_every_small_network_can_be_told(name: str) -> None:
    from builder.keras_bridge import to_keras
    from builder.training.pictures.scene import work

    assert work(to_keras(zoo.network(name))) > 0


@pytest.mark.parametrize(("dataset", "network"), [("patches", ""), ("digits28", "denoising_autoencoder"), ("digits28", "vae")])
def test_reconstructions_are_keras_s_of_the_samples_that_the_loss_is_measured_on(dataset: str, network: str) -> None:
    shown = a_scene(dataset, network)
    fixed, found = taken(shown, "rebuilt")
    count = len(found["reconstruction"])
    np.testing.assert_allclose(found["reconstruction"], called(shown, fixed["x0"]), atol=1e-5)
    unseen = datasets.parts(dataset, 1, 0.2).validation
    x, y = shown.plan.measured(unseen)
    np.testing.assert_array_equal(fixed["x0"], x[0][:count])
    np.testing.assert_array_equal(fixed["clean"], y[:count])
    assert np.array_equal(fixed["x0"], fixed["clean"]) == (network != "denoising_autoencoder")


@pytest.mark.parametrize("dataset", ["diabetes", "sines"])
def test_numbers_are_keras_s_beside_the_truth(dataset: str) -> None:
    shown = a_scene(dataset)
    fixed, found = taken(shown, "values")
    np.testing.assert_allclose(found["predictions"], called(shown, fixed["x0"]), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(fixed["y"], datasets.parts(dataset).validation.y[: len(fixed["y"])].reshape(len(fixed["y"]), -1))


def test_steps_are_the_likeliest_class_and_the_chance_of_the_right_one() -> None:
    shown = a_scene("reversal")
    fixed, found = taken(shown, "steps")
    rated = called(shown, fixed["x0"])
    np.testing.assert_array_equal(found["answers"], rated.argmax(axis=-1))
    np.testing.assert_allclose(found["chances"], [[rated[i, t, fixed["y"][i, t]] for t in range(16)] for i in range(len(rated))], atol=1e-5)


def test_a_decoder_is_shown_the_target_one_step_late() -> None:
    shown = a_scene("reversal", "seq2seq_transformer")
    fixed, found = taken(shown, "steps")
    np.testing.assert_array_equal(fixed["x1"], one_step_late(fixed["y"], 10))
    np.testing.assert_array_equal(found["answers"], called(shown, fixed["x0"], fixed["x1"]).argmax(axis=-1))


def test_sampled_text_follows_the_chances_that_keras_gives_with_the_same_luck_every_time() -> None:
    shown = a_scene("induction")
    fixed, found = taken(shown, "text")
    window = [*fixed["prompt"]]
    for place, draw in enumerate(fixed["draws"][:12]):
        powers = called(shown, np.array([window[-31:]]))[0, -1].astype("float64") ** (1 / TEMPERATURE)
        shares = powers / powers.sum()
        token = int((np.cumsum(shares) < draw).sum())
        assert found["tokens"][place] == token and found["chances"][place] == pytest.approx(shares[token], abs=1e-5)
        window.append(token)
    again = next(kind for kind in KINDS if kind.name == "text").repeated(shown, fixed, found)
    np.testing.assert_allclose(again["chances"], found["chances"], atol=1e-5)


@pytest.mark.parametrize(
    ("dataset", "network", "sources"),
    [
        ("reversal", "reversal_attention", {(0, 0)}),
        ("pronouns", "pronoun_encoder", {(0, 0)}),
        ("induction", "induction_transformer", {(0, 0)}),
        ("reversal", "seq2seq_transformer", {(0, 0), (1, 1), (1, 0)}),
    ],
)
def test_every_head_s_rows_are_the_layer_s_own_scores(dataset: str, network: str, sources: set[tuple[int, int]]) -> None:
    import keras

    shown = a_scene(dataset, network)
    fixed, found = taken(shown, "heads")
    names = [node.name for node in shown.network.nodes if node.layer == "MultiHeadAttention"]
    assert {tuple(fixed[f"from:{name}"].tolist()) for name in names} == sources and fixed["layers"] == len(names)
    inputs = [fixed[f"x{place}"] for place in range(len(shown.x))]
    for name in names:
        layer = shown.model.get_layer(name)
        ends = [layer.input[0], layer.input[1]] if isinstance(layer.input, list) else [layer.input] * 2
        query, value = keras.Model(shown.model.inputs, ends)(inputs if len(inputs) > 1 else inputs[0])
        causal = bool(shown.network.node(name).params.get("use_causal_mask"))
        _, scores = layer(query, value, return_attention_scores=True, use_causal_mask=causal)
        np.testing.assert_allclose(found[name], scores[0], atol=1e-5)
        assert found[f"heads:{name}"] == len(found[name]) == shown.network.node(name).params["num_heads"]


def test_a_picture_has_room_for_the_first_heads_of_every_layer() -> None:
    from builder.training.pictures.attention import shared

    assert shared({"a": (4, 10), "b": (2, 10)}, 60) == {"a": 4, "b": 2}
    assert shared({"a": (4, 10), "b": (4, 10)}, 59) == {"a": 3, "b": 2}
    assert shared({"a": (4, 10), "b": (4, 25)}, 70) == {"a": 2, "b": 2}
    assert shared({"a": (4, 10), "b": (4, 25)}, 80) == {"a": 3, "b": 2}  # a head left out is the last that its layer could have


def test_attention_keeps_within_the_size_of_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.training.pictures import attention, scene

    size = 31 * 31  # of a head of either layer, which have two each
    for room, layers, heads in ((4 * size, 2, 2), (3 * size, 2, 2), (2 * size, 2, 1), (2 * size - 1, 1, 1)):
        for module in (attention, scene):
            monkeypatch.setattr(module, "MOST_ATTENDED", room)
        fixed, found = taken(a_scene("induction"), "heads")
        weights = [each for each in found.values() if each.ndim == 3]
        assert len(weights) == layers and len(weights[0]) == heads and sum(each.size for each in weights) <= room
        assert fixed["layers"] == 2 and found["heads:attention_1"] == 2
    for module in (attention, scene):
        monkeypatch.setattr(module, "MOST_ATTENDED", size - 1)
    assert "heads" not in {kind.name for kind in fitting(a_scene("induction"))}


def test_padding_is_looked_at_by_none_and_changes_nothing_of_the_output() -> None:
    network = padding_network()
    shown = scene_of(weighed(network, 4), network, Settings(dataset="pronouns"))
    tokens = np.array([[5, 6, 7, 8, 0, 0, 0, 0, 0]], shown.x[0].dtype)
    weights = shown.scores({"x0": tokens})["attention"]
    assert not weights[:, :, 4:].any() and not weights[:, 4:].any()
    np.testing.assert_allclose(weights[:, :4].sum(axis=-1), 1, atol=1e-6)
    np.testing.assert_allclose(shown.output({"x0": tokens}), called(shown, tokens), atol=1e-6)


def test_dead_units_are_those_that_keras_never_sees_above_0() -> None:
    import keras

    shown = a_scene("diabetes")
    layer = shown.model.get_layer("dense_1")
    kernel, bias = layer.get_weights()
    bias[: len(bias) // 4] = -100
    layer.set_weights([kernel, bias])
    fixed, found = taken(shown, "layers")
    answers = keras.Model(shown.model.inputs, layer.output)(fixed["x0"]).numpy()
    assert found["dead:dense_1"] == pytest.approx((answers.max(axis=0) <= 0).mean()) and found["dead:dense_1"] >= 0.25
    assert found["units:dense_1"] == len(bias)


def test_a_layer_s_move_is_its_last_step_by_the_size_of_its_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.training import live

    seen: dict[tuple[int, int], list[np.ndarray]] = {}
    first = live.Live.on_train_batch_begin

    def watched(self: Any, batch: int, logs: Any = None) -> None:
        seen[self.epoch, batch] = [np.array(each) for each in self.model.get_layer("dense_1").trainable_weights]
        first(self, batch, logs)

    monkeypatch.setattr(live.Live, "on_train_batch_begin", watched)
    run = trained("iris", 2)
    batches = max(batch for _, batch in seen) + 1
    before = seen[1, batches - 1]
    after = [weights(folder(run.id), 1)[f"dense_1/{at}"] for at in range(2)]
    size = np.sqrt(sum(np.square(each).sum() for each in before))
    moved = np.sqrt(sum(np.square(b - a).sum() for a, b in zip(before, after, strict=True)))
    kept = read_picture(folder(run.id), 1)["layers"]
    assert kept["moved:dense_1"] == pytest.approx(moved / size, rel=1e-4) and 0 < moved < size
    assert "moved:dense_1" not in read_picture(folder(run.id), 0)["layers"]


def variables(model: Any) -> list[bytes]:
    """Every number that the model carries along: weights, seeds, metrics."""
    metrics = [variable for metric in model.metrics for variable in metric.variables]
    return [np.asarray(variable).tobytes() for variable in (*model.variables, *metrics)]


@pytest.mark.parametrize(("dataset", "network"), [("digits28", "vae"), ("pydoc", "")])
def test_a_picture_leaves_no_trace_in_the_model(dataset: str, network: str) -> None:
    shown = a_scene(dataset, network)
    before = variables(shown.model)
    for kind in fitting(shown):
        kind.take(shown, kind.choose(shown))
    assert variables(shown.model) == before and not shown.model.losses


def test_a_huge_network_is_shown_fewer_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.keras_bridge import analyse
    from builder.training.pictures import scene as scenes

    shown = a_scene("digits28")
    macs = analyse(shown.network).macs
    assert macs <= scenes.work(shown.model) <= 2 * macs
    assert shown.room(24) == 24
    monkeypatch.setattr(scenes, "MOST_WORK", 5 * scenes.work(shown.model))
    assert shown.room(24) == 5
    monkeypatch.setattr(scenes, "MOST_WORK", 1)
    assert shown.room(24) == 1 and len(taken(shown, "classes")[1]["probabilities"]) == 1
