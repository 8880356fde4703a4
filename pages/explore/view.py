"""What Explore shows: the project's runs, the chosen epoch and sample, and what the probes found for them."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from builder.datasets import PARTS, Dataset, record, sizes
from builder.engine import calls
from builder.engine.messages import Op
from builder.errors import Missing
from builder.probes import layers as probes
from builder.probes.layers.shipped_answers import read_inspection
from builder.runs import Run, RunSummary, epochs, folder
from builder.store import default_store
from builder.web.numbers import whole_number
from pages.frame import state

PAGE = 12  # layers on the screen at once
PATIENCE = 90  # seconds that a probe may take, loading Keras included
WORDS = {"test": "Test", "validation": "Validation", "train": "Training"}


class Given(NamedTuple):
    """An input of a person's own: float32 numbers in the shape that the dataset's samples have, or the network's input."""

    name: str
    shape: tuple[int, ...]
    data: bytes

    @property
    def array(self) -> np.ndarray:
        """The numbers."""
        return np.frombuffer(self.data, "<f4").reshape(self.shape)


def given(name: str, values: Any) -> Given:
    """An array as an input of a person's own."""
    array = np.ascontiguousarray(values, "<f4")
    return Given(name, array.shape, array.tobytes())


class View(NamedTuple):
    """The view (run, epoch, part, sample) within bounds, hashable as a cache key; `given` stands in for the sample where it is set."""

    run: str
    epoch: int
    part: str
    sample: int
    given: Given | None = None

    @property
    def arrays(self) -> dict[str, np.ndarray] | None:
        """What goes along with a question about this view."""
        return {"input": self.given.array} if self.given else None


def input_name(view: View) -> str:
    """What is looked at: Test sample 3, or what a person's own input is called."""
    return f"{WORDS[view.part]} sample {view.sample}" if view.given is None else view.given.name


def about(run: Run, view: View) -> str:
    """The run and the epoch, in a line."""
    return f"{run.name} · {f'epoch {view.epoch}' if view.epoch else run.at_first}"


class Inspection(NamedTuple):
    """An answer of the operation `inspect`, or of `filters`: values and arrays."""

    answer: dict[str, Any]
    arrays: dict[str, np.ndarray]


def runs(now: state.Current) -> list[RunSummary]:
    """The project's runs that have weights to look at, the newest first."""
    return [run for run in default_store().runs(project_id=now.project.id) if epochs(folder(run.id))]


def coming(now: state.Current) -> RunSummary | None:
    """A run of the open network that is alive and may not have written its untrained weights yet."""
    runs = default_store().runs(project_id=now.project.id)
    return next((run for run in runs if run.status.alive and run.network_name == now.network_name), None)


def shown(found: list[RunSummary], network: str) -> Run | None:
    """The chosen run, or where none is chosen the newest of the open network; None where that is not among them.

    A play that was ended within its first epoch has learned next to nothing: any other of the network comes first.
    """
    chosen = state.chosen("run")
    fitting = [run for run in found if (run.id == chosen if chosen else run.network_name == network)]
    wanted = next(iter(sorted(fitting, key=lambda run: run.past_play and not run.epoch)), None)
    return default_store().run(wanted.id) if wanted else None


def is_alive(run: Run) -> bool:
    """Whether a run that trained when the page was drawn still does."""
    try:
        return default_store().run_summary(run.id).status.alive
    except Missing:
        return False


def view(run: Run, saved_epochs: list[int], dataset: Dataset) -> View:
    """The view of the chosen epoch, part and sample, each clipped to the nearest there is; no epoch means the newest."""
    wanted = whole_number(state.chosen("epoch"), saved_epochs[-1])
    epoch = min(saved_epochs, key=lambda each: abs(each - wanted))
    part = state.chosen("part") if state.chosen("part") in PARTS else "test"
    return View(run.id, epoch, part, whole_number(state.chosen("sample"), 0, high=count(run, dataset, part) - 1))


def count(run: RunSummary, dataset: Dataset, part: str) -> int:
    """How many samples a part has."""
    return dict(zip(("train", "validation", "test"), sizes(dataset.count, run.settings.validation_share), strict=True))[part]


@lru_cache(maxsize=24)
def inspection(view: View, layers: tuple[str, ...]) -> Inspection:
    """LRU cache of activations: these layers' outputs, at most 64 maps of each; no layers: the prediction, which ships with our run."""
    kept = read_inspection(folder(view.run)) if not layers else None  # a layer's kept numbers are rounded
    if kept and view_of(view.run, kept[0]) == view:
        return Inspection(*kept)
    return Inspection(*_probe(probes.inspection.inspect, view, layers=list(layers)))


@lru_cache(maxsize=4)
def whole_layer(view: View, layer: str) -> np.ndarray:
    """LRU cache of whole layers: all of one layer's output."""
    return _probe(probes.inspection.inspect, view, layers=[layer], most=None)[1][f"layer:{layer}"]


@lru_cache(maxsize=8)
def filters(view: View, layers: tuple[str, ...]) -> Inspection:
    """LRU cache of kernels: the main weights of these layers."""
    return Inspection(*_probe(probes.filters.filters, view, layers=list(layers)))


def view_of(run: str, answer: dict[str, Any]) -> View:
    """The view that an answer belongs to."""
    return View(run, answer["epoch"], answer["part"], answer["sample"])


def _probe(op: Op, view: View, **more: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    arguments = {"epoch": view.epoch, "part": view.part, "sample": view.sample, **more}
    return calls.probe(str(folder(view.run)), op, arrays=view.arrays, timeout=PATIENCE, **arguments)


def dataset_of(run: RunSummary) -> Dataset:
    """The dataset it was trained on; Missing where a table was deleted."""
    return record(run.settings.dataset)
