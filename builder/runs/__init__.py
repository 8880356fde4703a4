"""Runs: their records and folders, and how one is started. The worker that trains is `builder.training.worker`, loaded by nobody else."""

from builder.runs.record import Event, Run, RunSummary, Settings, Status  # isort: skip  # first: the store needs them alone
from .run_folder import epochs, folder, weights  # isort: skip
from builder.engine.launch import launch, test, train  # isort: skip

__all__ = ["Event", "Run", "RunSummary", "Settings", "Status", "epochs", "folder", "launch", "test", "train", "weights"]
