"""The records of the recipes: Recipe, Option and Proposal."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Recipe(BaseModel):
    """One way that networks learn from a dataset.

    Attributes:
        tasks: the datasets' tasks it is for.
        target: what the network is to give: the dataset's "target", or its own "input" again.
        metrics: what is measured beside the loss; empty: what fits the dataset.
        noise: the standard deviation of the noise that the input gets and the target does not, in parts of the input's range.
        forced: whether the network's second input is the target, one step late, after a start token (teacher forcing).
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    summary: str
    tasks: tuple[str, ...] = ("classification", "regression")
    target: Literal["target", "input"] = "target"
    metrics: tuple[str, ...] = ()
    noise: float = 0.0
    forced: bool = False


class Option(BaseModel):
    """A loss, an optimizer or a metric: Keras's name for it in text, its class in Keras, and one sentence of help.

    `tasks` are the tasks it makes sense for, `rate` an optimizer's usual learning rate, `targets` what a loss compares
    with: "index" (the class's number), "one_hot", or "value" (as the dataset has it; one-hot where a class has its own unit).
    `probabilities`: it reads the outputs as probabilities; `logits`: it can also read raw scores, `from_logits=True`.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    keras: str
    help: str
    tasks: tuple[str, ...] = ("classification", "regression")
    targets: str = "value"
    probabilities: bool = False
    logits: bool = False
    rate: float | None = None


class Proposal(BaseModel):
    """How a network will learn from a dataset, and where the two disagree.

    Attributes:
        loss: Keras's name of the loss.
        from_logits: whether the last layer leaves its outputs raw, so that the loss applies softmax or sigmoid itself.
        metrics: Keras's names.
        classes: numbers in a one-hot target; 0: targets are not one-hot.
        units: outputs of the last layer.
        warnings: sentences, each a disagreement and what to do about it.
    """

    model_config = ConfigDict(frozen=True)

    loss: str
    from_logits: bool = False
    metrics: tuple[str, ...] = ()
    classes: int = 0
    units: int = 1
    warnings: tuple[str, ...] = ()
