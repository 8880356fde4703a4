"""A run's folder: `network.json settings.json program.py history.json state.npz model.keras log.txt mistakes.npz`, and `epochs/00003.npz` and `pictures/`.
A run that is watched live has `watch.json`, `frame.json` and `bell` too (see `builder.runs.watching`), a play that was ended `last.npz`.

A run of several networks has one file for each, named by its role: `generator.json`.
An epoch's file holds the weights after it (0: untrained) as `<layer name>/<index>`, in the order of `layer.weights`. What a run
shows of itself while it trains lies in `pictures` (see `builder.training.pictures.folder`).
"""

import json
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from builder import files
from builder.errors import BuilderError
from builder.home import home
from builder.network.names import layer_names
from builder.network.records import Network
from builder.recipes import NETWORK
from builder.runs.record import Settings


def folder(run_id: str) -> Path:
    """Where a run of this id keeps its files; the id is checked, so that no client's text becomes a path."""
    if not run_id or not all(c.isascii() and (c.isalnum() or c in "-_") for c in run_id):
        raise BuilderError("run", "an id of letters, digits, - and _", repr(run_id))
    return home() / "runs" / run_id


def note_look(run_folder: Path | str) -> None:
    """Note in the folder's time that someone looks at the run: what is looked at is not tidied away."""
    with suppress(OSError):  # a run may be looked at where nothing can be written
        os.utime(run_folder)


def epoch_path(run_folder: Path | str, epoch: int) -> Path:
    """The file of the weights after an epoch."""
    return Path(run_folder) / "epochs" / f"{epoch:05d}.npz"


def last_path(run_folder: Path | str) -> Path:
    """The file of the weights that a play ended with, between two epochs; a run that goes on from it begins with them."""
    return Path(run_folder) / "last.npz"


def epochs(run_folder: Path | str) -> list[int]:
    """The epochs whose weights are kept, in order; 0 is the untrained network."""
    return sorted(int(path.stem) for path in (Path(run_folder) / "epochs").glob("[0-9]*.npz"))


def weights(run_folder: Path | str, epoch: int, layers: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """The weights after an epoch, as `<layer name>/<index>`: float32 unless the layer's own type is another; of `layers` alone, or of all.

    They lie in the file until they are read. Layers have the names that Keras knows them by; see `node_weights`.
    """
    path = epoch_path(run_folder, epoch)
    if not path.exists():
        kept = ", ".join(map(str, epochs(run_folder))) or "none"
        raise BuilderError("epoch", f"one whose weights are kept ({kept})", str(epoch))
    return files.unpack(path, lambda name: layers is None or name.rpartition("/")[0] in layers)


def node_weights(run_folder: Path | str, epoch: int, nodes: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """The same as `<node name>/<index>`, in the network's own names; of `nodes` alone, or of all."""
    names = layer_names(network(run_folder))
    found = weights(run_folder, epoch, None if nodes is None else {names[node] for node in nodes if node in names})
    node_of = {layer: node for node, layer in names.items()}
    places = {key: key.rpartition("/") for key in found}
    return {f"{node_of[layer]}/{index}": found[key] for key, (layer, _, index) in places.items()}


def network_path(run_folder: Path | str, role: str = NETWORK) -> Path:
    """The file of the network that has this role in the run."""
    return Path(run_folder) / f"{role}.json"


def network(run_folder: Path | str, role: str = NETWORK) -> Network:
    """The network that has this role in the run."""
    return Network.model_validate_json(network_path(run_folder, role).read_text())


def settings(run_folder: Path | str) -> Settings:
    """How it trains."""
    return Settings.model_validate_json((Path(run_folder) / "settings.json").read_text())


def mistakes_path(run_folder: Path | str) -> Path:
    """The file of what a classifier's test found beside its figures: its confusion matrix, its report by class, its wrong samples."""
    return Path(run_folder) / "mistakes.npz"


def history(run_folder: Path | str) -> dict[str, list[Any]]:
    """Each metric's value after each epoch so far, as Keras's `History.history` holds it."""
    path = Path(run_folder) / "history.json"
    return json.loads(path.read_text()) if path.exists() else {}
