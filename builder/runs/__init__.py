"""What a run is: its record, its folder, its checkpoints, its examples. Who trains it is `builder.training`, who starts it `builder.engine`."""

from .record import Event, Run, Settings, Status
from .run_folder import epochs, folder, weights

__all__ = ["Event", "Run", "Settings", "Status", "epochs", "folder", "weights"]
