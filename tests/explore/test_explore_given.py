"""Every view of sequences, autoencoders and heat maps shows an input of a person's own, as its probe finds it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from builder.probes import OPERATIONS
from builder.runs import folder
from tests.kit.pages import Opened
from tests.kit.viewing import Runs, opener, runs_of, sent

RANDOM = np.random.default_rng(5)
KINDS = {
    "reversal": ("reversal_attention", "reversal"),
    "writer": ("seq2seq_transformer", "reversal", "sequence_to_sequence"),
    "adding": ("adding_lstm", "adding"),
    "copying": ("copy_gru", "copy_memory"),
    "plain": ("linear_autoencoder", "digits", "autoencoder"),
    "shapes": ("shapes_cnn", "shapes"),
}
TOKENS, ADDED, PICTURE = RANDOM.integers(0, 10, 16), RANDOM.random((50, 2)), RANDOM.random((8, 8, 1))
WEIGHTS = ("attention", lambda block: next(iter(block["weights"].values()))["values"])


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with runs_of(tmp_path_factory, **KINDS) as found:
        yield found


@pytest.fixture(scope="module")
def opened(runs: Runs) -> Opened:
    return opener(runs)


def picture(block: dict[str, Any], title: str) -> np.ndarray:
    return next(each["values"] for each in block["pictures"] if each["title"] == title)


@pytest.mark.parametrize(
    ("view", "run", "own", "drawing", "shown", "op", "array"),
    [
        ("attention.attention", "reversal", TOKENS, *WEIGHTS, "attention", "weights:attention"),
        ("attention.attention", "writer", TOKENS, *WEIGHTS, "attention", "weights:encoder_attention"),
        ("recurrent.recurrent", "adding", ADDED, "recurrent", lambda block: block["arrays"]["cell"], "gates", "cell"),
        ("recurrent.recurrent", "copying", np.arange(40) % 10, "recurrent", lambda block: block["arrays"]["hidden"], "gates", "hidden"),
        (
            "autoencoder.autoencoder",
            "plain",
            PICTURE,
            "rebuilt",
            lambda block: picture(block, "Reconstruction"),
            "reconstruction",
            "reconstruction",
        ),
        ("autoencoder.autoencoder", "plain", PICTURE, "rebuilt", lambda block: picture(block, "PCA"), "beside_pca", "pca_reconstruction"),
        ("autoencoder.autoencoder", "plain", PICTURE, "plane", lambda block: block["code"], "encode", "code"),
        (
            "attribution.attribution",
            "shapes",
            RANDOM.random((32, 32, 1)),
            "attribution",
            lambda block: block["methods"][0]["map"],
            "gradcam",
            "overlay",
        ),
    ],
)
def test_what_is_shown_is_what_the_probe_finds_for_it(
    runs: Runs, opened: Opened, view: str, run: str, own: np.ndarray, drawing: str, shown: Any, op: str, array: str
) -> None:
    block = sent(opened(f"pages.explore.{view}", run, own=own), drawing)
    place = str(folder(runs[run].id))
    right = OPERATIONS[op]({"run": place, "epoch": 1}, {"input": own.astype("float32")})[1][array]
    other = OPERATIONS[op]({"run": place, "epoch": 1, "sample": 3}, {})[1][array]
    np.testing.assert_allclose(shown(block), right, atol=1e-5)
    assert right.shape != other.shape or not np.allclose(right, other, atol=1e-5)
