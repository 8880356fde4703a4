"""What a run is: its record, its folder, its checkpoints, its examples. Who trains it is `builder.training`, who starts it `builder.engine`."""

from .record import Event, Run, RunSummary, Settings, Status
from .run_folder import epochs, folder, weights

__all__ = ["Event", "Run", "RunSummary", "Settings", "Status", "epochs", "folder", "weights"]
