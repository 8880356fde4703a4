"""Networks whose right inside is known, trained as one plain command trains them, and opened."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from builder import datasets, zoo
from builder.datasets.pronouns import IT, NOUNS, VOCABULARY
from builder.engine.launch import train
from builder.probes import OPS
from builder.runs import Run, Settings, Status, folder
from builder.runs.run_folder import weights as kept_weights

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all of these, so that runs are shared."""
    patch = pytest.MonkeyPatch()
    place = tmp_path_factory.mktemp("known") / "home"
    patch.setenv("BUILDER_HOME", str(place))
    yield place
    patch.undo()


@cache
def trained(home: Path, data: str, name: str = "", epochs: int = 0) -> Run:
    """The dataset's starting network, or another of the zoo, trained with seed 1."""
    record = datasets.record(data)
    entry = zoo.ZOO[name or record.network]
    network = entry.build()
    own = entry if name else None
    settings = Settings(
        dataset=data,
        recipe=network.recipe,
        epochs=epochs or (own and own.epochs) or record.epochs,
        learning_rate=(own and own.learning_rate) or record.learning_rate,
        batch_size=record.batch_size,
        seed=1,
    )
    run = train(network, settings)
    assert run.status == Status.finished, run.message
    return run


def weights_of(run: Run, sample: int) -> dict[str, np.ndarray]:
    """Each attention layer's weights (heads, query, key) for a sample of the test part."""
    _, arrays = OPS["attention"]({"run": str(folder(run.id)), "epoch": None, "part": "test", "sample": sample}, {})
    return {name: value for name, value in arrays.items() if value.ndim == 3 and "weights" in name}


@pytest.mark.slow
def test_reversal_attention_lies_on_the_anti_diagonal(shared_home: Path) -> None:
    run = trained(shared_home, "reversal")
    assert run.metrics["val_accuracy"] >= 0.99
    peaks, mass = [], []
    for sample in range(40):
        (weights,) = weights_of(run, sample).values()
        steps = weights.shape[-1]
        mirror = steps - 1 - np.arange(steps)
        peaks.append(weights[0].argmax(axis=-1) == mirror)
        near = np.abs(np.arange(steps)[None] - mirror[:, None]) <= 1
        mass.append((weights[0] * near).sum(axis=-1))
    assert np.mean(peaks) >= 0.95
    assert np.mean(mass) >= 0.90


@pytest.mark.slow
def test_it_attends_most_to_the_noun_it_stands_for(shared_home: Path) -> None:
    run = trained(shared_home, "pronouns")
    assert run.metrics["val_accuracy"] >= 0.99
    unseen = datasets.parts("pronouns", 1).test
    right: dict[tuple[str, int], list[bool]] = {}
    for sample in range(120):
        noun = VOCABULARY.index(NOUNS[int(unseen.y[sample])])
        place = int(np.flatnonzero(unseen.x[sample] == noun)[0])
        for name, weights in weights_of(run, sample).items():
            for head in range(len(weights)):
                right.setdefault((name, head), []).append(int(weights[head, IT].argmax()) == place)
    assert max(np.mean(each) for each in right.values()) >= 0.95


@pytest.mark.campaign
def test_an_lstm_solves_the_adding_problem_far_below_the_mean_s_error(shared_home: Path) -> None:
    targets = datasets.parts("adding", 1).validation.y
    assert np.mean((targets - 1) ** 2) == pytest.approx(1 / 6, rel=0.06)  # predicting the mean
    assert trained(shared_home, "adding").metrics["val_loss"] < 0.01


@pytest.mark.campaign
def test_a_linear_autoencoder_comes_within_one_percent_of_pca_and_spans_the_same_plane(shared_home: Path) -> None:
    run = trained(shared_home, "digits", "linear_autoencoder")
    parts = datasets.parts("digits", 1)
    seen, unseen = (part.x.reshape(len(part), -1) for part in (parts.train, parts.validation))
    mean = seen.mean(axis=0)
    axes = np.linalg.svd(seen - mean, full_matrices=False)[2][:8]
    error = np.mean(((unseen - mean) - (unseen - mean) @ axes.T @ axes) ** 2)
    assert run.metrics["val_loss"] <= 1.01 * error
    spanned = np.linalg.qr(kept_weights(folder(run.id), run.epoch)["decoder/0"].T)[0]
    assert np.linalg.svd(axes @ spanned)[1].min() > 0.98  # the cosine of the largest angle between the two


@pytest.mark.campaign
def test_copy_memory_beats_what_a_network_without_memory_can_reach(shared_home: Path) -> None:
    run = trained(shared_home, "copy_memory")
    steps = datasets.record("copy_memory").input_shape[0]
    assert run.metrics["val_loss"] < 0.5 * 10 * np.log(8) / steps


@pytest.mark.campaign
def test_two_causal_layers_grow_an_induction_head(shared_home: Path) -> None:
    run = trained(shared_home, "induction")
    unseen = datasets.parts("induction", 1).test
    best: dict[tuple[str, int], list[float]] = {}
    for sample in range(20):
        tokens = unseen.x[sample]
        half = (len(tokens) + 1) // 2
        for name, weights in weights_of(run, sample).items():
            for head in range(len(weights)):
                after = [weights[head, at, at - half + 1] for at in range(half, len(tokens))]
                best.setdefault((name, head), []).append(float(np.mean(after)))
    assert max(np.mean(each) for each in best.values()) >= 0.5
