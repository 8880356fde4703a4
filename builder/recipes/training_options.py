"""Hyperparameters (training options): TRAINING_OPTIONS, one record each, that form, command line, settings and worker read."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, Protocol

from builder.errors import BuilderError

from .options import LOSSES, METRICS, OPTIMIZERS, option
from .proposals import fitting_metrics
from .record import Learned, Option, Recipe

EMPTY = (None, "", ())
TYPES: dict[str, Any] = {"whole": int, "number": int | float, "choice": str, "several": list | tuple}


class Chosen(Protocol):
    """A run's settings: a value for each option, under its name."""

    def __getattr__(self, name: str) -> Any: ...


@dataclass(frozen=True)
class TrainingOption:
    """A hyperparameter.

    Attributes:
        name: in the settings, under Keras's name where Keras has one; `learning_rate` is the flag `--learning-rate`.
        label: what stands above its field.
        help: one sentence.
        kind: a whole number, a number, one of `choices` or several of them.
        default: None: it is not set.
        low, high: limits, both allowed unless `above` leaves `low` out.
        choices: what can be chosen; `fitting` says which of them make sense for a dataset and a recipe.
        proposed: whether an empty value stands for what the recipe proposes under the same name.
        group: shown at once, or below "More".
        step: of the field of a number.
        keras: what gets it: "optimizer", the Keras optimizer; "": our own loop.
        details: how it stands among a run's details, {} for the value; "": it does not.
        applies: whether these settings leave it an effect.
    """

    name: str
    label: str
    help: str
    kind: Literal["whole", "number", "choice", "several"]
    default: Any = None
    low: float | None = None
    high: float | None = None
    above: bool = False
    choices: tuple[Option, ...] = ()
    fitting: Callable[[Learned, Recipe], tuple[Option, ...]] | None = None
    proposed: bool = False
    group: Literal["main", "more"] = "main"
    step: float = 1
    keras: Literal["optimizer", ""] = ""
    details: str = ""
    applies: Callable[[Chosen], bool] = lambda chosen: True

    @property
    def flag(self) -> str:
        """Of the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def needed(self) -> str:
        """What it takes, as the end of "needs ...": "a whole number from 1 to 4,096"."""
        whole = self.kind == "whole"
        words = ["a whole number" if whole else "a number" if self.kind == "number" else "text"]
        if self.low is not None:
            words.append(f"{'above' if self.above else 'from'} {self.low:,}")
        if self.high is not None:
            words.append(f"{'to' if whole else 'and at most'} {self.high:,}")
        return " ".join(words)

    def checked(self, value: Any) -> Any:
        """The value, as its own type.

        Raises:
            BuilderError: it is not what the option takes; the sentence names the option and its limits.
        """
        if value is None and self.default is None:
            return None
        if isinstance(value, bool) or not isinstance(value, TYPES[self.kind]) or not self._within(value):
            raise BuilderError(self.name, self.needed, f"{value:,}" if isinstance(value, int | float) else repr(value))
        for name in (value,) if self.kind == "choice" else value if self.kind == "several" else ():
            if name or not self.proposed:
                option(self.choices, name, f"The {self.label.lower()}")
        return float(value) if self.kind == "number" else tuple(value) if self.kind == "several" else value

    def _within(self, value: Any) -> bool:
        """Whether a number keeps the limits; NaN keeps none."""
        if isinstance(value, int | float):
            low, high = self.low if self.low is not None else -inf, self.high if self.high is not None else inf
            return low <= value <= high and not (self.above and value == low)
        return True

    def as_text(self, value: Any) -> str:
        """How a value stands among a run's details; "" where it does not."""
        if value in EMPTY:
            return ""
        text = ", ".join(value) if self.kind == "several" else f"{value:g}" if self.kind == "number" else str(value)
        return self.details.format(text)


TRAINING_OPTIONS: dict[str, TrainingOption] = {
    each.name: each
    for each in (
        TrainingOption(
            name="loss",
            label="Loss",
            help="What training makes small; without one, what fits the dataset and the last layer.",
            kind="choice",
            default="",
            choices=LOSSES,
            proposed=True,
        ),
        TrainingOption(
            name="optimizer",
            label="Optimizer",
            help="How a step follows from the gradients.",
            kind="choice",
            default="adam",
            choices=OPTIMIZERS,
            details="{}",
        ),
        TrainingOption(
            name="learning_rate",
            label="learning_rate",
            help="How far each step goes. Another optimizer brings its own, as Keras has it, until you set one.",
            kind="number",
            default=0.001,
            low=0,
            above=True,
            high=10,
            step=0.0005,
            keras="optimizer",
            details="learning rate {}",
        ),
        TrainingOption(
            name="batch_size",
            label="batch_size",
            help="Samples in one step.",
            kind="whole",
            default=32,
            low=1,
            high=4096,
            details="batch size {}",
        ),
        TrainingOption(
            name="epochs",
            label="epochs",
            help="How often the training part is seen.",
            kind="whole",
            default=10,
            low=1,
            high=100_000,
        ),
        TrainingOption(
            name="metrics",
            label="Metrics",
            help="What is measured beside the loss, under Keras's names.",
            kind="several",
            default=(),
            choices=METRICS,
            fitting=fitting_metrics,
            proposed=True,
            group="more",
            details="measures {}",
        ),
        TrainingOption(
            name="validation_share",
            label="Validation share",
            help="The part that is kept out of training and measured after each epoch.",
            kind="number",
            default=0.2,
            low=0,
            above=True,
            high=0.9,
            step=0.05,
            group="more",
        ),
        TrainingOption(
            name="seed",
            label="Seed",
            help="The same seed gives the same run on a CPU.",
            kind="whole",
            default=1,
            low=0,
            high=2**31 - 1,
            group="more",
            details="seed {}",
        ),
    )
}
