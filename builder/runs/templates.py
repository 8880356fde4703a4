"""Templates by task: a network with the dataset and the recipe that it learns by, ready to train."""

from typing import Any, NamedTuple

from builder import zoo
from builder.datasets import DATASETS
from builder.network.records import Network

from .defaults import proposed
from .record import Settings


class Template(NamedTuple):
    """What a project may begin with: a task in a person's words, a network of the zoo and a dataset that ships or is made."""

    task: str
    summary: str
    network_name: str
    dataset: str

    @property
    def network(self) -> Network:
        """The network."""
        return zoo.network(self.network_name)

    @property
    def settings(self) -> Settings:
        """What it trains with."""
        return proposed(DATASETS[self.dataset], self.network)

    @property
    def choices(self) -> dict[str, Any]:
        """What a project remembers of it: dataset and recipe; the rest is proposed from them."""
        return {"training": {"dataset": self.dataset, "recipe": self.network.recipe, "recipe_of": self.network.name}}


TEMPLATES = (
    Template("Pictures into classes", "A small convolutional network reads handwritten digits.", "digit_cnn", "digits28"),
    Template("A number from a table", "Ten measures of a patient foretell how far a disease goes.", "diabetes_mlp", "diabetes"),
    Template("Text into classes", "A Transformer reads a sentence and says which noun “it” stands for.", "pronoun_encoder", "pronouns"),
    Template("Next token", "A small Transformer writes English, one character after the other.", "text_transformer", "pydoc"),
    Template(
        "Compress and rebuild", "An autoencoder squeezes a digit through eight numbers and draws it again.", "conv_autoencoder", "digits28"
    ),
    Template("Sequence to sequence", "A Transformer reads digits and writes them backwards.", "seq2seq_transformer", "reversal"),
)
