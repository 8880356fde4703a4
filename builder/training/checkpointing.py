"""Checkpoint callback: writes into a run's folder, at each epoch's end, its weights, its history and the state to resume from."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from builder import files, recipes
from builder.runs.checkpoint import layer_weights, read_state, set_layer_weights, thin, write_arrays, write_state
from builder.runs.load import model_at
from builder.runs.record import Run, Status
from builder.runs.run_folder import epoch_path, last_path, weights
from builder.training.pictures.keeping import Pictures

from .live import Live, plain
from .model_file import write_model
from .report import Reporter, Stopped


class Checkpointing(keras.callbacks.Callback):
    """Checkpoint callback: files first, then the database row, so that what a page can see is on the disk.

    Attributes:
        memory: what a resumed worker must know beside variables: `epoch` (whole ones), `history`, `best`, `best_loss`, `seconds`.
    """

    def __init__(self, run: Run, place: Path, reporter: Reporter, live: Live, pictures: Pictures, proposal: recipes.Proposal) -> None:
        super().__init__()
        self.run, self.place, self.reporter, self.live, self.pictures, self.proposal = run, place, reporter, live, pictures, proposal
        self.memory: dict[str, Any] = {"epoch": 0, "history": {}, "best": None, "best_loss": None, "seconds": []}

    def restore(self, model: Any) -> int:
        """Resume from the last checkpoint, or save the untrained weights; returns the number of whole epochs done."""
        state = self.place / "state.npz"
        if state.exists():
            self.memory = read_state(state, model.variables, model.optimizer.variables)
            self.live.epoch_seconds = self.memory["seconds"][-1]
            for epoch in range(self.run.epoch + 1, self.memory["epoch"] + 1):  # killed between the file and the row
                self.tell(epoch)
        else:
            self.reporter.retry_when_refused("the untrained weights", lambda: write_arrays(epoch_path(self.place, 0), layer_weights(model)))
        self.pictures.begin(self.memory["epoch"], untrained=not self.run.played)
        return int(self.memory["epoch"])

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        metrics = {name: plain(value) for name, value in (logs or {}).items()}
        self.live.expect_numbers({name: value for name, value in metrics.items() if name in ("loss", "val_loss")})
        seconds = self.live.epoch_seconds = round(self.live.moment() - self.live.epoch_began, 3)
        self.record_epoch(epoch + 1, metrics, seconds)
        self.save(epoch + 1)
        if self.run.played and not epoch:
            self.picture_untrained()
        self.pictures.take(epoch + 1, sum(self.memory["seconds"]), last=epoch + 1 == self.run.epochs)
        self.tell(epoch + 1)

    def record_epoch(self, epoch: int, metrics: dict[str, float | None], seconds: float) -> None:
        """Add an epoch's metrics and seconds to the history, and keep track of the best epoch (lowest val_loss, else loss)."""
        memory = self.memory
        for name, value in metrics.items():
            memory["history"].setdefault(name, []).append(value)
        memory["seconds"].append(seconds)
        memory["epoch"] = epoch
        loss = metrics.get("val_loss", metrics.get("loss"))
        if loss is not None and (memory["best_loss"] is None or loss < memory["best_loss"]):
            memory["best"], memory["best_loss"] = epoch, loss

    def save(self, epoch: int) -> None:
        """Save the checkpoint: the epoch's weights and history, and last the state that a resumed worker starts from."""
        what, model = f"epoch {epoch}", self.model
        self.reporter.retry_when_refused(what, lambda: write_arrays(epoch_path(self.place, epoch), layer_weights(model)))
        thin(self.place, self.memory["best"])
        self.reporter.retry_when_refused(what, lambda: files.write_json(self.place / "history.json", self.memory["history"]))
        state = self.place / "state.npz"
        self.reporter.retry_when_refused(what, lambda: write_state(state, model.variables, model.optimizer.variables, self.memory))

    def picture_untrained(self) -> None:
        """The picture of the first weights, which a run has before its first batch; that of a play was not to wait for it."""
        first, now = weights(self.place, 0), weights(self.place, 1)
        set_layer_weights(self.model, first)
        try:
            self.pictures.untrained()
        finally:
            set_layer_weights(self.model, now)

    def tell(self, epoch: int) -> None:
        """Write one epoch event, and the progress in the run's row."""
        metrics = {name: values[epoch - 1] for name, values in self.memory["history"].items()}
        event = {"epoch": epoch, "step": epoch * self.live.batches, "metrics": metrics, "seconds": self.memory["seconds"][epoch - 1]}
        numbers = {name: value for name, value in metrics.items() if value is not None}
        left = round(event["seconds"] * (self.run.epochs - epoch), 1)
        self.reporter.write(("epoch", event), epoch=epoch, batch=0, metrics=numbers, best_epoch=self.memory["best"], seconds_left=left)

    def finish(self) -> None:
        """Write `model.keras` with the weights of the last whole epoch."""
        self.reporter.retry_when_refused("model.keras", lambda: self.save_model(layer_weights(self.model)))

    def on_abort(self, end: Stopped) -> None:
        """Write `model.keras` before an early end: as it is now, or where the loss is NaN or infinite, as after the last whole epoch.

        A play that nobody has kept leaves its weights alone, unless they are no numbers: who goes on from it would never learn again.
        """
        if end.status == Status.interrupted:
            return
        row = self.reporter.kept()
        if end.status == Status.stopped and row and row.passing:  # whoever goes on from it wants its weights, and at once
            arrays = layer_weights(self.model)
            if all(np.isfinite(each).all() for each in arrays.values()):
                self.reporter.retry_when_refused("its weights", lambda: write_arrays(last_path(self.place), arrays))
            return
        if end.status == Status.stopped:
            self.reporter.status(Status.stopping, "Saving the model.")
        failed = end.status == Status.failed
        arrays = weights(self.place, self.memory["epoch"]) if failed else layer_weights(self.model)
        try:
            self.save_model(arrays, goes_on=not failed)
        except Exception as error:
            if not (refused := files.refusal(error)):
                raise
            end.message += f" {refused[0]}, so model.keras could not be written; the epochs before are kept."

    def save_model(self, arrays: dict[str, Any], goes_on: bool = True) -> None:
        """Write `model.keras`, with the optimizer's state where the training may go on."""
        model = model_at(self.place, 0)
        set_layer_weights(model, arrays)
        write_model(self.place, model, self.run.settings, self.proposal, self.model.optimizer.variables if goes_on else None)
