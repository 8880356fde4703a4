"""Which noun is `it`? Sentences whose meaning decides, made from a small grammar."""

from functools import cache
from itertools import permutations, product

import numpy as np

from .dataset import Arrays, Dataset

SEED = 12
PAD = "·"
NOUNS = ("dog", "cat", "horse", "mouse", "bird", "fox", "cow", "wolf", "rabbit", "sheep")
# a verb, what one says of its subject as the reason, what one says of its object
TWO_NOUNS = {
    "chased": (("hungry", "angry", "playful"), ("slow", "loud", "close")),
    "feared": (("scared", "timid", "small"), ("fierce", "big", "wild")),
    "helped": (("kind", "friendly", "strong"), ("weak", "hurt", "tired")),
    "followed": (("lost", "curious", "lonely"), ("fast", "clever", "famous")),
}
ONE_NOUN = {"ran": ("scared", "late", "chased"), "slept": ("tired", "full", "old"), "ate": ("hungry", "greedy", "growing")}
LENGTH = 9
IT = 6  # the place of `it` in every sentence


def sentences() -> list[tuple[tuple[str, ...], str]]:
    """Every sentence of the grammar, as words padded on the left to LENGTH, with the noun that `it` stands for."""
    found: list[tuple[tuple[str, ...], str]] = []
    for (subject, other), (verb, reasons) in product(permutations(NOUNS, 2), TWO_NOUNS.items()):
        for answer, words in zip((subject, other), reasons, strict=True):
            found += [(("the", subject, verb, "the", other, "because", "it", "was", word), answer) for word in words]
    for noun, (verb, words) in product(NOUNS, ONE_NOUN.items()):
        found += [((PAD, PAD, "the", noun, verb, "because", "it", "was", word), noun) for word in words]
    return found


VOCABULARY = (PAD, *sorted({word for words, _ in sentences() for word in words} - {PAD}))


@cache
def pronouns() -> Arrays:
    """All sentences in a seeded order: x (samples, 9) word numbers, y (samples,) the noun's number in NOUNS."""
    number = {word: index for index, word in enumerate(VOCABULARY)}
    order = np.random.default_rng(SEED).permutation(len(sentences()))
    every = sentences()
    x = np.array([[number[word] for word in every[at][0]] for at in order])
    y = np.array([NOUNS.index(every[at][1]) for at in order])
    return Arrays(x, y)


PRONOUNS = Dataset(
    name="pronouns",
    title="Which noun is “it”?",
    summary="2,250 sentences such as “the dog chased the cat because it was hungry”; the target is the noun that `it` stands for.",
    theory="The last word decides whether `it` is the first or the second noun, so `it` must attend to that noun, having seen the reason first.",
    source="made from a small grammar",
    kind="tokens",
    dtype="int64",
    input_shape=(LENGTH,),
    count=len(sentences()),
    load=pronouns,
    high=len(VOCABULARY) - 1,
    classes=NOUNS,
    vocabulary=VOCABULARY,
    pad=PAD,
    pad_before=True,
    network="pronoun_encoder",
    epochs=20,
    learning_rate=0.003,
)
