"""The records of the recipes: Recipe, Corruption, Option and Proposal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

Array = Any  # of numpy, or of TensorFlow inside a pipeline
Shape = Sequence[int | None]
NETWORK = "network"  # the role of a run's only network


class Learned(Protocol):
    """What a recipe reads of a dataset's record."""

    @property
    def called(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def targets(self) -> int: ...
    @property
    def per_step(self) -> bool: ...


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
        needed: what the output needs before anything can be trained, as the end of "needs ..."; "" where it can be.
    """

    model_config = ConfigDict(frozen=True)

    loss: str
    from_logits: bool = False
    metrics: tuple[str, ...] = ()
    classes: int = 0
    units: int = 1
    warnings: tuple[str, ...] = ()
    needed: str = ""


class Draw(Protocol):
    """Random numbers: a generator whose key is the seed, the epoch and the batch."""

    def normal(self, like: Array, scale: float) -> Array:
        """Normal ones of this standard deviation, in the shape and type of `like`."""

    def uniform(self, like: Array) -> Array:
        """From 0 to 1, 1 left out, in the shape and type of `like`."""


@dataclass(frozen=True)
class Corruption:
    """Input corruption (noise, masking): what the first input gets while a network learns, and its target does not.

    Attributes:
        change: (x, draw, amount, (low, high) of the dataset) to x as the network gets it; x may be a TensorFlow tensor of a graph.
        amount: from 0, nothing, to 1.
        title: what an amount is called on a slider.
        seen: what stands above an input that was changed.
    """

    change: Callable[[Array, Draw, float, tuple[float, float]], Array]
    amount: float
    title: str
    seen: str


class Written(NamedTuple):
    """What a recipe asks of a network, as Python of a program that has the samples `x`, as the network takes them, and the dataset's `y`.

    Attributes:
        inputs: an expression for each input of the network.
        target: the expression of what the loss compares with.
        needs: functions that these expressions call, whose source comes along.
    """

    inputs: tuple[str, ...]
    target: str
    needs: tuple[Callable[..., Any], ...] = ()


@dataclass(frozen=True)
class Recipe:
    """Training recipe (supervised, self-supervised): what networks are shown and asked, and how that becomes a loss.

    Attributes:
        inputs: (x, y, dataset) to one array (samples, ...) for each input of the network; x fits the network, y is the dataset's
            (None: a person's own input, which has no target).
        target: (x, y, dataset, proposal) to what the loss compares with.
        propose: (dataset, input shape, output shape, last activation, loss, metrics) to a proposal; "" and () are to be proposed.
        corruption: what the first input gets, and the target does not.
        written: (dataset, proposal) to `inputs` and `target` as a program has them; None: its programs only build the network.
        takes: what each input of the network is.
        learns: whether what it gives is meant to be the dataset's target, or its own input again.
        writes: whether it gives its output step by step, and reads what it gave.
        tasks: the datasets' tasks it is for.
        metrics: what is measured beside the loss; empty: what fits the dataset.
        networks: the role of each network that is trained.
    """

    name: str
    title: str
    summary: str
    inputs: Callable[[Array, Array | None, Learned], tuple[Array, ...]]
    target: Callable[[Array, Array, Learned, Proposal], Array]
    propose: Callable[[Learned, Shape, Shape, str, str, Sequence[str]], Proposal]
    corruption: Corruption
    written: Callable[[Learned, Proposal], Written] | None = None
    takes: tuple[str, ...] = ("the input",)
    learns: Literal["target", "input"] = "target"
    writes: bool = False
    tasks: tuple[str, ...] = ("classification", "regression")
    metrics: tuple[str, ...] = ()
    networks: tuple[str, ...] = (NETWORK,)
