"""Tokens that a person types: any length that the network has room for, words it does not know told by name, signs and capitals forgiven."""

from collections.abc import Iterator

import numpy as np
import pytest

from builder import zoo
from builder.datasets import record
from builder.datasets.pronouns import IT, PAD
from builder.datasets.typed_tokens import Room, joined, room_of, understood, unpadded, vocabulary
from builder.errors import BuilderError
from builder.network import Network, Node
from tests.kit.pages import Opened
from tests.kit.viewing import Runs, opener, runs_of, sent

ATTENTION = "pages.explore.attention.attention"
SENTENCE = ["the", "dog", "ran", "because", "it", "was", "scared"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    kinds = {
        "pronouns": ("pronoun_encoder", "pronouns"),
        "text": ("text_transformer", "pydoc"),
        "digits": ("reversal_attention", "reversal"),
    }
    with runs_of(tmp_path_factory, **kinds) as found:
        yield found


@pytest.fixture
def opened(runs: Runs) -> Opened:
    return opener(runs)


@pytest.mark.parametrize("typed", ["the dog ran because it was scared", "The dog ran, because it was scared."])
def test_a_short_sentence_is_padded_as_the_datasets_own_are(opened: Opened, typed: str) -> None:
    view = opened(ATTENTION, "pronouns")
    view.text_input[0].set_value(typed).run()
    assert not view.exception and not view.warning
    words = sent(view, "attention")["layers"][0]["words"]["key"]
    assert words == [PAD, PAD, *SENTENCE] and words[IT] == "it"
    assert view.text_input[0].value in (typed, " ".join(SENTENCE))


def test_a_line_of_code_of_any_length_is_an_input_of_a_network_that_writes_text(opened: Opened) -> None:
    view = opened(ATTENTION, "text")
    view.text_input[0].set_value("import os").run()
    assert not view.exception and not view.warning
    words = sent(view, "attention")["layers"][0]["words"]["key"]
    assert "".join(words[:9]) == "import␣os" and set(words[9:]) == {"␣"} and len(words) == 64


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("pronouns", "the dragon ran because it was zealous", "words of “Which noun is “it”?”, but got “dragon”, “zealous”"),
        ("pronouns", "the dog chased the cat because it was hungry hungry", "needs from 1 to 9 tokens, but got 10"),
        ("pronouns", " ", "needs from 1 to 9 tokens, but got 0"),
        ("digits", "0123", "needs 16 tokens, but got 4"),
        ("digits", "0123456789x12345", "words of “Reversal”, but got “x”"),
    ],
)
def test_what_has_no_room_and_words_that_are_not_known_are_told(runs: Runs, name: str, typed: str, said: str) -> None:
    dataset = record(runs[name].settings.dataset)
    with pytest.raises(BuilderError) as refused:
        understood(typed, dataset, room_of(runs[name].network, dataset))
    assert said in refused.value.sentence


def test_digits_may_have_spaces_between_them(runs: Runs) -> None:
    dataset = record("reversal")
    assert understood("0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5", dataset, room_of(runs["digits"].network, dataset)) == list("0123456789012345")


@pytest.mark.parametrize("name", ["pronouns", "pydoc", "copy_memory", "reversal", "induction"])
def test_every_sample_is_what_its_own_text_reads_as(name: str) -> None:
    dataset = record(name)
    room = Room(dataset.input_shape[0], dataset.pad, dataset.pad_before)
    for row in dataset.load().x[:200]:
        words = [vocabulary(dataset)[token] for token in row]
        assert understood(joined(unpadded(words, room), dataset), dataset, room) == words


def test_a_network_of_open_length_takes_any_number_and_one_that_masks_takes_fewer(runs: Runs) -> None:
    free, masked = (changed(zoo.network("copy_gru"), **more) for more in ({"shape": [None]}, {"mask_zero": True}))
    dataset = record("reversal")
    for network, wanted in ((free, ["4", "2"]), (masked, ["4", "2", *["0"] * 38])):
        assert understood("42", dataset, room_of(network, dataset)) == wanted


def changed(network: Network, **params: object) -> Network:
    """The network with other parameters where its layers have them."""

    def node(each: Node) -> Node:
        own = {name: value for name, value in params.items() if name in each.params or (name == "mask_zero" and each.layer == "Embedding")}
        return each.model_copy(update={"params": {**each.params, **own}})

    return network.model_copy(update={"nodes": tuple(node(each) for each in network.nodes)})


def test_padding_is_what_a_network_learned_from(runs: Runs) -> None:
    tokens = np.stack([row for row in record("pronouns").load().x if vocabulary(record("pronouns"))[row[0]] == PAD])
    assert len(tokens) and (tokens[:, :2] == 0).all() and (tokens[:, 2:] > 0).all()
