"""Answers that are known before anything is computed: attention by hand, encodings, temperature, rollout, gates, autoencoders."""

import keras
import numpy as np
import pytest

from builder.errors import BuilderError
from builder.probes.attention import by_hand
from builder.probes.attention.patterns import rollout
from builder.probes.attention.positions import by_distance, similarity, sinusoidal
from builder.probes.attention.sampling import choose, draw, logits
from builder.probes.autoencoder.latent import kl_per_dimension
from builder.probes.autoencoder.reconstruction import best_gain, wiener_gain
from builder.probes.recurrent.through_time import norms, steps_of, vanishing

RANDOM = np.random.default_rng(0)


def test_the_hand_example_gives_the_queries_keys_and_values_of_the_course() -> None:
    found = by_hand.example()
    assert found.queries.tolist() == [[1, 0, 2], [2, 2, 2], [2, 1, 3]]
    assert found.keys.tolist() == [[0, 1, 1], [4, 4, 0], [2, 3, 1]]
    assert found.values.tolist() == [[1, 2, 3], [2, 8, 0], [2, 6, 3]]
    assert found.scores[0].tolist() == [2, 4, 4]


@pytest.mark.parametrize(("scale", "output"), [(False, [1.937, 6.683, 1.595]), (True, [1.864, 6.319, 1.704])])
def test_the_hand_example_s_first_output(scale: bool, output: list[float]) -> None:
    assert by_hand.example(scale=scale).outputs[0].round(3).tolist() == output


@pytest.mark.parametrize("positions", [False, True])
def test_the_hand_example_is_softmax_of_qk_over_root_d_times_v(positions: bool) -> None:
    found = by_hand.example(positions=positions)
    x = np.array(by_hand.EMBEDDINGS) + (np.array(by_hand.POSITIONS) if positions else 0)
    q, k, v = (x @ np.array(matrix) for matrix in (by_hand.W_Q, by_hand.W_K, by_hand.W_V))
    powers = np.exp(q @ k.T / 3**0.5)
    assert np.allclose(found.outputs, powers / powers.sum(1, keepdims=True) @ v)
    assert np.allclose(found.weights.sum(1), 1)


def test_a_matrix_of_another_size_is_a_sentence() -> None:
    x, w = np.ones((3, 4)), np.ones((4, 3))
    with pytest.raises(BuilderError, match="W_K needs 4 rows"):
        by_hand.attend(x, w, np.ones((5, 3)), w)
    with pytest.raises(BuilderError, match="W_K needs 3 columns"):
        by_hand.attend(x, w, np.ones((4, 2)), w)
    with pytest.raises(BuilderError, match="The positions needs 3 × 4"):
        by_hand.attend(x, w, w, w, positions=np.ones((2, 4)))


@pytest.mark.parametrize(("steps", "features"), [(50, 16), (120, 64)])
def test_sinusoidal_encodings_have_one_length_and_their_dot_product_knows_the_distance_alone(steps: int, features: int) -> None:
    encodings = sinusoidal(steps, features)
    assert np.allclose((encodings**2).sum(1), features / 2, atol=1e-12)
    assert by_distance(encodings)[1].max() < 1e-12
    assert np.allclose(np.diagonal(similarity(encodings)), 1)
    assert encodings[7, 4] == pytest.approx(np.sin(7 / 10_000 ** (4 / features)))
    assert encodings[7, 5] == pytest.approx(np.cos(7 / 10_000 ** (4 / features)))


def test_temperature_keeps_the_order_and_goes_from_one_to_all() -> None:
    scores = RANDOM.normal(size=50)
    for temperature in (0.1, 0.7, 1, 3, 10):
        after = choose(scores, temperature).after
        expected = np.exp(scores / temperature)
        assert np.allclose(after, expected / expected.sum())
        assert (np.argsort(after) == np.argsort(scores)).all()
    for cold in (0.0, 1e-6):
        assert choose(scores, cold).after[scores.argmax()] == pytest.approx(1)
    assert np.allclose(choose(scores, 1e9).after, 1 / 50)


def test_huge_scores_and_tiny_temperatures_stay_numbers() -> None:
    for scores in (np.array([1e4, -1e4, 9e3]), np.array([-1e308, -1e300]), np.zeros(4)):
        for temperature in (0.0, 1e-9, 1.0):
            assert choose(scores, temperature).after.sum() == pytest.approx(1)


def test_top_k_keeps_the_k_most_likely() -> None:
    scores = RANDOM.normal(size=30)
    after = choose(scores, 1, top_k=5).after
    best = np.argsort(-scores)[:5]
    assert set(np.flatnonzero(after)) == set(best)
    assert np.allclose(after[best], np.exp(scores[best]) / np.exp(scores[best]).sum())


def test_top_p_keeps_the_fewest_that_hold_p() -> None:
    scores = np.log([0.5, 0.3, 0.15, 0.05])
    assert choose(scores, top_p=0.5).kept.tolist() == [True, False, False, False]
    assert choose(scores, top_p=0.51).kept.tolist() == [True, True, False, False]
    assert choose(scores, top_p=0.8).after.tolist() == pytest.approx([0.625, 0.375, 0, 0])
    assert choose(scores, top_p=1.0).kept.all()


@pytest.mark.parametrize("wrong", [{"temperature": -1}, {"temperature": float("nan")}, {"top_k": 0}, {"top_p": 0}, {"top_p": 1.1}])
def test_a_choice_that_cannot_be_made_is_a_sentence(wrong: dict[str, float]) -> None:
    with pytest.raises(BuilderError, match="needs a"):
        choose(np.zeros(3), **wrong)


def test_the_logarithms_of_probabilities_serve_as_scores() -> None:
    shares = RANDOM.dirichlet(np.ones(9))
    assert np.allclose(choose(logits(shares)).after, shares)
    assert np.isfinite(logits(np.array([0.0, 1.0]))).all()


def test_tokens_are_drawn_as_often_as_their_chance() -> None:
    chances = np.array([0.6, 0.3, 0.1, 0])
    drawn = np.bincount([draw(chances, seed) for seed in range(2000)], minlength=4)
    assert np.allclose(drawn / 2000, chances, atol=0.05) and drawn[3] == 0


def test_rollout_is_the_product_of_half_attention_and_half_identity() -> None:
    layers = [RANDOM.dirichlet(np.ones(6), (heads, 6)) for heads in (2, 1, 4)]
    expected = np.eye(6)
    for weights in layers:
        expected = (0.5 * weights.mean(0) + 0.5 * np.eye(6)) @ expected
    assert np.allclose(rollout(layers), expected)
    assert np.allclose(rollout(layers).sum(1), 1)


def test_rollout_leaves_padded_queries_at_themselves() -> None:
    weights = RANDOM.dirichlet(np.ones(4), (2, 4))
    weights[:, 0] = 0
    found = rollout([weights, weights])
    assert found[0].tolist() == [1, 0, 0, 0] and np.allclose(found.sum(1), 1)


def test_the_best_gain_for_a_noisy_normal_signal_is_wiener_s() -> None:
    clean = RANDOM.normal(scale=2, size=400_000)
    noisy = clean + RANDOM.normal(scale=1, size=clean.shape)
    assert wiener_gain(2, 1) == 0.8
    assert best_gain(clean, noisy) == pytest.approx(0.8, abs=0.003)


@pytest.mark.parametrize(("mean", "log_variance"), [(0.5, -0.7), (-1.2, 0.4), (0.0, 1.0)])
def test_the_kl_divergence_is_what_sampling_finds(mean: float, log_variance: float) -> None:
    z = mean + np.exp(log_variance / 2) * RANDOM.normal(size=400_000)
    sampled = (-0.5 * (log_variance + (z - mean) ** 2 / np.exp(log_variance)) + 0.5 * z**2).mean()
    assert kl_per_dimension(np.array([[mean]]), np.array([[log_variance]]))[0] == pytest.approx(sampled, abs=0.01)


def test_the_kl_divergence_is_zero_at_the_prior_and_above_it_elsewhere() -> None:
    means, spreads = RANDOM.normal(size=(2, 1000, 1, 1))
    assert kl_per_dimension(np.zeros((1, 3)), np.zeros((1, 3))).tolist() == [0, 0, 0]
    assert all(kl_per_dimension(mean, spread)[0] > 0 for mean, spread in zip(means, spreads, strict=True))


def plain_rnn(recurrent: np.ndarray, steps: int = 40) -> np.ndarray:
    """|| d s_T / d s_(T-k) || of a SimpleRNN with these recurrent weights."""
    units = len(recurrent)
    layer = keras.layers.SimpleRNN(units)
    layer.build((1, steps, 3))
    layer.set_weights([RANDOM.normal(0, 0.3, (3, units)), recurrent, np.zeros(units)])
    return norms(steps_of(layer, RANDOM.normal(size=(steps, 3)).astype("float32"), None).jacobians)


@pytest.mark.parametrize("largest", [0.5, 0.9, 1.0, 1.2])
def test_a_plain_rnn_s_gradient_stays_below_the_largest_singular_value_to_the_power_of_the_distance(largest: float) -> None:
    recurrent = RANDOM.normal(size=(12, 12))
    recurrent *= largest / np.linalg.norm(recurrent, 2)
    found = plain_rnn(recurrent)
    assert (found <= largest ** np.arange(41) * (1 + 1e-5)).all()
    if largest < 1:
        assert found[-1] < 0.02


def test_a_largest_singular_value_above_one_does_not_suffice_to_explode() -> None:
    recurrent = np.diag([0.8] * 12) + np.diag([0.45] * 11, 1)
    recurrent *= 1.2 / np.linalg.norm(recurrent, 2)
    assert np.abs(np.linalg.eigvals(recurrent)).max() < 0.95
    assert plain_rnn(recurrent, 120)[-1] < 1e-2


def test_gradients_explode_where_nothing_saturates() -> None:
    layer = keras.layers.SimpleRNN(8, activation="linear", recurrent_initializer=keras.initializers.Orthogonal(1.1, seed=1))
    layer.build((1, 30, 3))
    assert np.allclose(norms(steps_of(layer, np.zeros((30, 3), "float32"), None).jacobians), 1.1 ** np.arange(31), rtol=1e-4)


def test_at_the_start_an_lstm_remembers_where_a_plain_rnn_has_forgotten() -> None:
    answer, found = vanishing({"units": 16, "steps": 40, "gain": 0.8}, {})
    assert (found["SimpleRNN"] <= found["bound"] * (1 + 1e-5)).all() and answer["largest"] == 0.8
    assert found["SimpleRNN"][40] < 1e-6 < found["LSTM"][40] / 100 and len(found["GRU"]) == 41
