"""An encoder-decoder writing on its own, against Keras asked step by step."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import zoo
from builder.datasets import parts
from builder.errors import BuilderError
from builder.probes.attention.attention import attention
from builder.probes.attention.writing import writing
from builder.probes.layers.inspecting import inspect
from tests.kit.making import made

START = 10  # of reversal: ten digits, then the token before the first
pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    place = tmp_path_factory.mktemp("runs") / "writer"
    return place, made(place, zoo.network("seq2seq_transformer"), "reversal", "sequence_to_sequence")[0]


def by_keras(model: Any, read: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the decoder reads, and what it says, where each token is fed back."""
    fed = [START]
    while True:
        padded = np.array([fed + [START] * (16 - len(fed))])
        said = np.asarray(model([read[None], padded]))[0]
        if len(fed) == 16:
            return np.array(fed), said
        fed.append(int(said[len(fed) - 1].argmax()))


def test_each_token_is_the_likeliest_after_those_before_it(run: tuple[Path, Any]) -> None:
    place, model = run
    answer, arrays = writing({"run": str(place), "sample": 2}, {})
    read = parts("reversal", 1).test.x[2]
    fed, said = by_keras(model, read)
    assert answer["before"] == ["start", *map(str, fed[1:])] and answer["read"] == list(map(str, read))
    assert answer["written"] == list(map(str, said.argmax(axis=-1))) == [str(token) for token in arrays["tokens"]]
    np.testing.assert_allclose(arrays["chances"], said, atol=1e-5)
    assert answer["target"] == list(map(str, read[::-1])) and answer["checks"][0]["value"] < 1e-5


def test_where_it_looked_is_what_attention_shows_for_the_same_input(run: tuple[Path, Any]) -> None:
    place, _ = run
    own = np.arange(16, dtype="float32") % 10
    answer, arrays = writing({"run": str(place)}, {"input": own})
    shown, weights = attention({"run": str(place), "layers": ["cross_attention"]}, {"input": own})
    assert answer["looker"] == "cross_attention" and answer["target"] is None
    np.testing.assert_allclose(arrays["looks"], weights["weights:cross_attention"].mean(axis=0), atol=1e-6)
    assert shown["tokens"]["target"] == answer["before"]


def test_an_input_of_ones_own_is_answered_by_what_the_network_writes(run: tuple[Path, Any]) -> None:
    place, _ = run
    own = np.arange(16, dtype="float32") % 10
    answer, _ = inspect({"run": str(place)}, {"input": own})
    assert [str(token) for token in answer["prediction"]["answer"]] == writing({"run": str(place)}, {"input": own})[0]["written"]


def test_a_network_that_does_not_write_says_so(tmp_path: Path) -> None:
    made(tmp_path / "run", zoo.network("reversal_attention"), "reversal")
    with pytest.raises(BuilderError, match="needs a network with an input to read and one for what is written"):
        writing({"run": str(tmp_path / "run")}, {})
