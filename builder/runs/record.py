"""Run, its settings, its states and what it reports: frozen records without Keras."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from builder.errors import BuilderError
from builder.network.records import Network
from builder.recipes import NETWORK, TRAINING_OPTIONS

TOO_LARGE = "the steps were too large"  # in the message of a run whose loss is no number: a page offers a lower learning rate


class Settings(BaseModel):
    """How a network learns: on which dataset, by which recipe, and a value for each of `recipes.TRAINING_OPTIONS` under its name."""

    model_config = ConfigDict(frozen=True, extra="allow")

    dataset: str
    recipe: str = "supervised"

    if TYPE_CHECKING:

        def __init__(self, *, dataset: str, recipe: str = "supervised", **options: Any) -> None: ...
        def __getattr__(self, name: str) -> Any: ...

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Every setting there is."""
        return (*cls.model_fields, *TRAINING_OPTIONS)

    @model_validator(mode="before")
    @classmethod
    def _checked(cls, values: Any) -> Any:
        """Each option's value as its record wants it, or its default.

        Raises:
            BuilderError: a value is not what its option takes, or there is no such option.
        """
        if not isinstance(values, Mapping):
            return values
        known = cls.names()
        if unknown := [name for name in values if name not in known]:
            raise BuilderError("A setting", f"to be one of {', '.join(known)}", repr(unknown[0]))
        own = {name: values[name] for name in cls.model_fields if name in values}
        return own | {name: each.checked(values.get(name, each.default)) for name, each in TRAINING_OPTIONS.items()}


def by_role(networks: Network | Mapping[str, Network]) -> Mapping[str, Network]:
    """The networks of a run by their roles; one network is the only one."""
    return {NETWORK: networks} if isinstance(networks, Network) else networks


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


class Lineage(BaseModel):
    """Where a run's first weights came from: the layers `kept` as the run `parent` left them, and those that began `anew`.

    Attributes:
        name: what the parent was called then; it may have been tidied away since.
    """

    model_config = ConfigDict(frozen=True)

    parent: str
    name: str = ""
    kept: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()


class RunSummary(BaseModel):
    """A run as a list shows it: all of its record but the networks, of whose first it knows the name.

    Attributes:
        number: counts the runs of a project from 1.
        created, started, ended, heartbeat: seconds since 1970; `heartbeat` is when the worker last moved.
        epoch: whole epochs done; `batch` of `batches` in the one after it.
        rate: training examples a second.
        metrics: the newest epoch's, under Keras's names; `best_epoch` is the one with the lowest `val_loss`.
        queue_place: 1 for the run that starts next, None where it is not queued.
        played: it was started by Play on Build, where somebody watches it; `pinned`: and is kept all the same.
        lineage: the run from whose weights it began, None for new ones.
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
    played: bool = False
    pinned: bool = False
    lineage: Lineage | None = None

    @property
    def passing(self) -> bool:
        """Whether it is played and nobody has kept it: it gives way to others, and is tidied away."""
        return self.played and not self.pinned

    @property
    def past_play(self) -> bool:
        """Whether it was played, has ended, and nobody has kept it: lists of runs fold it away."""
        return self.passing and not self.status.alive

    @property
    def goes_on(self) -> bool:
        """Whether it began with weights that an earlier run had learned."""
        return bool(self.lineage and self.lineage.kept)

    @property
    def at_first(self) -> str:
        """What its epoch 0 is: most networks are untrained then."""
        return "start" if self.goes_on else "untrained"


class Run(RunSummary):
    """One training of a network, or of several that learn from each other, by one recipe on one dataset.

    Attributes:
        networks: by the role that the recipe gives each.
    """

    networks: Mapping[str, Network]

    @property
    def network(self) -> Network:
        """Its only network, or the first of several."""
        return next(iter(self.networks.values()))


class Event(BaseModel):
    """Something a run reported; `n` grows by one with each event of a run, from 1.

    Kinds: `batch` {step, epoch, batch, batches, metrics, rate, seconds_left}, `epoch` {epoch, step, metrics, seconds},
    `status` {status, message}, `test` {metrics}; epochs count from 1.
    """

    model_config = ConfigDict(frozen=True)

    n: int
    kind: str
    data: dict[str, Any]
