"""Training loop (`model.fit`): a run's data, model and callbacks, put together. Only the worker imports this."""

from functools import partial
from typing import Any, NamedTuple

import keras
import numpy as np

from builder import datasets, files, recipes
from builder.code import Ends, program
from builder.keras_bridge import to_keras
from builder.keras_bridge.device import device
from builder.runs.examples import plan
from builder.runs.record import Run, Status
from builder.runs.run_folder import folder, network_path
from builder.training.pictures.keeping import Pictures
from builder.training.pictures.scene import Scene, of_parts

from .checkpointing import Checkpointing
from .feed import Corrupt, fixed, stream
from .frames import Frames
from .inheriting import inherit
from .live import Live
from .playing import Playing
from .report import Reporter, Stopped
from .update_ratio import UpdateRatio


class Task(NamedTuple):
    """What a model learns: one array of inputs for each of its inputs, targets, the validation pair, and how its loss is made.

    `corrupt` is what the first input gets while training, `shown` what the run's pictures are taken of, `test` what a live view looks at.
    """

    x: tuple[np.ndarray, ...]
    y: np.ndarray
    validation: tuple[tuple[np.ndarray, ...], np.ndarray]
    proposal: recipes.Proposal
    corrupt: Corrupt
    shown: Scene
    test: datasets.Arrays


def train(reporter: Reporter) -> None:
    """Train a run from where it stands to its last epoch.

    Raises:
        Stopped: it was stopped, or its loss is NaN or infinite.
        BuilderError: something in its settings or its network cannot work.
    """
    run = reporter.store.run(reporter.run_id)
    reporter.write(device=device(), message=f"Reading {datasets.record(run.settings.dataset).title}")
    keras.utils.set_random_seed(run.settings.seed)
    model = to_keras(run.network)
    task = prepare(run, model)
    recipes.compile(model, run.settings, task.proposal)
    model.optimizer.build(model.trainable_variables)
    if run.lineage and not run.epoch:
        run = run.model_copy(update={"lineage": inherit(model, run)})
        reporter.write(lineage=run.lineage)
    reporter.write(params=model.count_params(), message="Building the network")
    fit(run, model, task, reporter)


def prepare(run: Run, model: keras.Model) -> Task:
    """The dataset's parts in the shapes that the model, its recipe and its loss take."""
    chosen = run.settings
    planned = plan(run.network, chosen, *ends_of(model))
    parts = datasets.parts(chosen.dataset, chosen.seed, chosen.validation_share)
    shown = of_parts(model, run.network, chosen, planned, parts.train, parts.validation)
    measured = planned.measured(parts.validation)
    return Task(*planned.examples(parts.train), measured, planned.proposal, planned.corrupted, shown, parts.test)


def fit(run: Run, model: keras.Model, task: Task, reporter: Reporter) -> None:
    """Train with the callbacks for progress, update ratio and checkpoints, resuming where a checkpoint is; then save the model."""
    chosen, place = run.settings, folder(run.id)
    batches = -(-len(task.y) // chosen.batch_size)
    live = Live(reporter, len(task.y), batches, chosen.batch_size, chosen.learning_rate, run.epochs)
    keep = Checkpointing(run, place, reporter, live, Pictures(task.shown, place), task.proposal)
    reporter.retry_when_refused("its settings", lambda: write_records(run, ends_of(model)))
    playing = Playing(run, place, reporter, live, partial(Frames, task.shown, task.test))
    start = keep.restore(model)
    reporter.status(Status.running, f"Goes on after epoch {start}." if start else "", epoch=start, batches=batches)
    keep.set_model(model)
    try:
        if start < run.epochs:
            moves = UpdateRatio(task.shown.moved, task.shown.names, batches)
            fit_epochs(model, task, run, start, [playing, live, moves, keep])
    except Stopped as end:
        if end.status == Status.failed:
            playing.met_no_number()
        keep.on_abort(end)
        raise
    keep.finish()


def fit_epochs(model: keras.Model, task: Task, run: Run, start: int, callbacks: list[Any]) -> None:
    """Keras's `model.fit`, fed by our seeded input pipeline."""
    chosen = run.settings
    model.fit(
        stream(task.x, task.y, chosen.batch_size, chosen.seed, start, run.epochs, task.corrupt),
        steps_per_epoch=-(-len(task.y) // chosen.batch_size),
        validation_data=fixed(*task.validation, chosen.batch_size),
        initial_epoch=start,
        epochs=run.epochs,
        callbacks=callbacks,
        verbose=0,
    )


def ends_of(model: keras.Model) -> Ends:
    """The shapes of a model's inputs and outputs."""
    return Ends(*([tuple(end.shape[1:]) for end in side] for side in (model.inputs, model.outputs)))


def write_records(run: Run, ends: Ends) -> None:
    """The run's networks, settings and program."""
    place = folder(run.id)
    for role, network in run.networks.items():
        files.write_text(network_path(place, role), network.model_dump_json(indent=1))
    files.write_text(place / "settings.json", run.settings.model_dump_json(indent=1))
    files.write_text(place / "program.py", program(run.network, run.settings, ends, run.lineage))
