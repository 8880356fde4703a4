"""What the strip says of a sample, for each kind of task, held against Keras; and of a person's own input."""

import json
from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.catalogue import LAYERS
from builder.network import apply
from builder.training.frames import Own
from tests.kit.framing import decoded, frames
from tests.kit.training_here import DENSE

PLACE = 5


def answered(made: Any, **more: Any) -> dict[str, Any]:
    return json.loads(json.dumps(made.take(PLACE, **more)["answer"], allow_nan=False))


def said(made: Any, *x: np.ndarray) -> np.ndarray:
    """Keras's own output for the sample, or for other inputs."""
    inputs = x or made.shown.plan.measured(made.test.take(np.array([PLACE])))[0]
    return np.asarray(made.shown.model(list(inputs) if len(inputs) > 1 else inputs[0], training=False))[0]


def test_a_classifier_gives_the_chance_of_each_class_and_the_right_one(home: Any) -> None:
    made = frames(DENSE, "digits")
    answer = answered(made)
    np.testing.assert_allclose(answer["values"], said(made), rtol=1e-5)
    assert (answer["kind"], answer["right"]) == ("classes", int(made.test.y[PLACE]))


def test_of_more_classes_than_fit_the_likeliest_are_told(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.training import answering

    monkeypatch.setattr(answering, "MOST_CLASSES", 8)
    monkeypatch.setattr(answering, "LIKELIEST", 3)
    made = frames(DENSE, "digits")
    answer, output = answered(made), said(made)
    assert answer["places"] == np.argsort(-output)[:3].tolist()
    np.testing.assert_allclose(answer["values"], np.sort(output)[:-4:-1], rtol=1e-5)


def test_a_regression_s_number_stands_beside_the_right_one(home: Any) -> None:
    made = frames(zoo.network("diabetes_mlp"), "diabetes")
    answer = answered(made)
    np.testing.assert_allclose(answer["values"], said(made), rtol=1e-5)
    np.testing.assert_allclose(answer["right"], made.test.y[PLACE], rtol=1e-6)


def test_a_network_that_foretells_tokens_gives_the_likeliest_next_ones_after_the_last(home: Any) -> None:
    made = frames(zoo.network("induction_transformer"), "induction")
    answer, output = answered(made), said(made)[-1]
    powers = np.exp(output - output.max())
    chances = output if np.isclose(output.sum(), 1) else powers / powers.sum()
    assert answer["places"] == np.argsort(-chances)[:5].tolist()
    np.testing.assert_allclose(answer["values"], np.sort(chances)[:-6:-1], rtol=1e-4)
    assert answer["right"] == made.test.y[PLACE][-1]
    assert answer["tail"] == made.test.x[PLACE][-12:].tolist()


def test_after_a_text_of_a_person_s_own_the_next_token_is_that_after_the_text_and_not_after_what_fills_it_up(home: Any) -> None:
    made = frames(zoo.network("induction_transformer"), "induction")
    raw = np.array([*range(6), *[0] * 25])
    answer, output = answered(made, own=Own(raw, 5)), said(made, raw[None])[5]
    assert answer["places"][0] == output.argmax()
    assert answer["tail"] == list(range(6)) and answer["right"] is None


def test_a_class_at_each_step_stands_beside_the_right_one(home: Any) -> None:
    made = frames(zoo.network("copy_gru"), "copy_memory")
    answer = answered(made)
    assert answer["answer"] == said(made).argmax(axis=-1).tolist()
    assert (answer["right"], answer["forced"]) == (made.test.y[PLACE].tolist(), False)


def test_an_encoder_decoder_reads_the_right_steps_of_a_sample_and_its_own_of_a_person_s_input(home: Any) -> None:
    made = frames(zoo.network("seq2seq_transformer"), "reversal")
    answer, x = answered(made), made.test.x[PLACE][None]
    late = np.concatenate([[[10]], made.test.y[PLACE][None, :-1]], axis=1)
    assert answer["answer"] == said(made, x, late).argmax(axis=-1).tolist() and answer["forced"]
    own = answered(made, own=Own(made.test.x[3]))
    written: list[int] = []
    for step in range(16):
        fed = np.array([[10, *written, *[10] * (15 - step)]])
        written.append(int(said(made, made.test.x[3][None], fed)[step].argmax()))
    assert (own["answer"], own["right"], own["forced"]) == (written, None, False)


@pytest.mark.parametrize(("network", "parts"), [("conv_autoencoder", 2), ("denoising_autoencoder", 3), ("vae", 2)])
def test_an_autoencoder_s_picture_stands_beside_its_input_with_the_error(home: Any, network: str, parts: int) -> None:
    made = frames(zoo.network(network), "digits28")
    answer = answered(made)
    (x,), clean = made.shown.plan.measured(made.test.take(np.array([PLACE])))
    output = said(made)
    np.testing.assert_allclose(decoded(answer["output"]), output, atol=1e-5)
    np.testing.assert_allclose(decoded(answer["input"]), x[0], atol=1e-6)
    assert answer["error"] == pytest.approx(float(np.mean((output - clean[0]) ** 2)), rel=1e-4)
    assert len({"input", "output", "right"} & answer.keys()) == parts
    if parts == 3:
        np.testing.assert_array_equal(decoded(answer["right"]), made.test.x[PLACE])


def test_a_person_s_own_picture_is_what_every_card_and_the_answer_are_of(home: Any) -> None:
    made = frames(DENSE, "digits")
    raw = np.random.default_rng(4).random((8, 8, 1)).astype("float32")
    frame = made.take(PLACE, own=Own(raw))
    np.testing.assert_allclose(frame["answer"]["values"], said(made, raw[None]), rtol=1e-5)
    np.testing.assert_allclose(decoded(frame["layers"]["input_0"]["numbers"])[0], raw[..., 0], rtol=1e-6)
    assert (frame["answer"]["right"], frame["sample"]) == (None, None)


def test_a_point_of_a_person_s_own_is_answered_over_the_plane(home: Any) -> None:
    made = frames(zoo.network("spirals_mlp"), "spirals")
    point = np.array([0.3, -0.2], "float32")
    answer = answered(made, own=Own(point))
    second = said(made, made.shown.plan.steps.apply(point[None])).reshape(-1)
    assert answer["values"][-1] == pytest.approx(float(second[-1]), rel=1e-4)


def test_a_network_of_open_length_takes_an_own_text_of_another_length(home: Any) -> None:
    fixed = zoo.network("copy_gru")
    made = frames(apply(fixed, {"kind": "set", "name": fixed.inputs[0].name, "params": {"shape": [None]}}, LAYERS), "copy_memory")
    raw = np.array([3, 4, 5])
    assert answered(made, own=Own(raw, 2))["answer"] == said(made, raw[None]).argmax(axis=-1).tolist()


@pytest.mark.parametrize(
    ("network", "dataset"),
    [("diabetes_mlp", "diabetes"), ("induction_transformer", "induction"), ("copy_gru", "copy_memory"), ("conv_autoencoder", "digits28")],
)
def test_what_is_no_number_is_said_so_by_every_kind_of_answer(home: Any, network: str, dataset: str) -> None:
    made = frames(zoo.network(network), dataset)
    for weight in made.shown.model.trainable_weights:
        weight.assign(weight * np.nan)
    answer = answered(made)
    told = [answer.get("error"), *answer.get("values", [])]
    assert answer.get("wrong", True) and all(each is None for each in told)
