"""Run, its settings, its states and what it reports: frozen records without Keras."""

from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from builder.errors import BuilderError
from builder.network.records import Network

TOO_LARGE = "the steps were too large"  # in the message of a run whose loss is no number: a page offers a lower learning rate


class Settings(BaseModel):
    """How a network learns; `loss` "" and `metrics` () stand for what the recipe proposes, `validation_share` is a part of 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    recipe: str = "supervised"
    optimizer: str = "adam"
    learning_rate: float = Field(0.001, gt=0, le=10)
    loss: str = ""
    metrics: tuple[str, ...] = ()
    batch_size: int = Field(32, ge=1, le=4096)
    epochs: int = Field(10, ge=1, le=100_000)
    validation_share: float = Field(0.2, gt=0, le=0.9)
    seed: int = Field(1, ge=0, le=2**31 - 1)

    @classmethod
    def checked(cls, **values: Any) -> Self:
        """The settings of these values.

        Raises:
            BuilderError: a value is not what its setting takes; the sentence names the setting and its limits.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name, came = str(first["loc"][0]), first["input"]
            raise BuilderError(name, cls.needed(name), f"{came:,}" if isinstance(came, int | float) else repr(came)) from error

    @classmethod
    def needed(cls, name: str) -> str:
        """What a setting takes, as the end of "needs ...": "a whole number from 1 to 4,096"."""
        field = cls.model_fields[name]
        kind = "a whole number" if field.annotation is int else "a number" if field.annotation is float else "text"
        words = {"ge": "from", "gt": "above", "le": "to" if field.annotation is int else "and at most"}
        stated = [f"{word} {getattr(each, key):,}" for each in field.metadata for key, word in words.items() if hasattr(each, key)]
        return " ".join([kind, *stated])


class Status(StrEnum):
    """Where a run stands."""

    queued = "queued"  # waits for a free slot; nothing was lost if it ran before
    running = "running"  # a worker holds its folder's lock
    paused = "paused"  # the worker waits, with everything in memory; by a press, or because the disk is full
    stopping = "stopping"  # asked to stop, still alive
    finished = "finished"  # all epochs done
    stopped = "stopped"  # ended early because a person asked
    failed = "failed"  # an error or a loss that is not a number; `message` says what and what to try
    interrupted = "interrupted"  # the worker was ended from outside; goes on from its last whole epoch when resumed

    @property
    def alive(self) -> bool:
        """Whether a worker is there, or is coming by itself."""
        return self in (Status.queued, Status.running, Status.paused, Status.stopping)


class RunSummary(BaseModel):
    """A run as a list shows it: all of its record but the network, of which it knows the name.

    Attributes:
        number: counts the runs of a project from 1.
        created, started, ended, heartbeat: seconds since 1970; `heartbeat` is when the worker last moved.
        epoch: whole epochs done; `batch` of `batches` in the one after it.
        rate: training examples a second.
        metrics: the newest epoch's, under Keras's names; `best_epoch` is the one with the lowest `val_loss`.
        queue_place: 1 for the run that starts next, None where it is not queued.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    project: str | None = None
    name: str = ""
    number: int = 1
    status: Status = Status.queued
    network_name: str = ""
    settings: Settings
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    heartbeat: float | None = None
    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    rate: float | None = None
    seconds_left: float | None = None
    metrics: dict[str, float] = Field(default_factory=dict)
    best_epoch: int | None = None
    message: str = ""
    traceback: str = ""
    queue_place: int | None = None
    device: str = ""
    params: int = 0


class Run(RunSummary):
    """One training of one network by one recipe on one dataset."""

    network: Network


class Event(BaseModel):
    """Something a run reported; `n` grows by one with each event of a run, from 1.

    Kinds: `batch` {step, epoch, batch, batches, metrics, rate, seconds_left}, `epoch` {epoch, step, metrics, seconds},
    `status` {status, message}, `test` {metrics}; epochs count from 1.
    """

    model_config = ConfigDict(frozen=True)

    n: int
    kind: str
    data: dict[str, Any]
