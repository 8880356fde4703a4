"""Weight transfer (warm start): a run that goes on from another's weights takes those of every layer whose name and shapes are the same, or that was only renamed."""

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from builder import files
from builder.errors import BuilderError, Unavailable
from builder.locks import held
from builder.network.names import layer_names
from builder.network.records import Network
from builder.runs.checkpoint import as_tensor
from builder.runs.record import Lineage, Run
from builder.runs.run_folder import epochs, folder, last_path, network, weights
from builder.store import default_store

PATIENCE = 10.0  # seconds that the other run may take to end: it writes its weights last


def inherit(model: Any, run: Run) -> Lineage:
    """Put the weights of the run's parent into a model, as far as they fit, and say which layers kept theirs."""
    assert run.lineage is not None
    place = folder(run.lineage.parent)
    wait_for_end(run.lineage.parent)
    stored = end_of(place)
    before = network(place) if stored else Network()
    theirs = layer_names(before)
    theirs |= {new: theirs[old] for new, old in renamed(before, run.network).items()}
    learned = {node: model.get_layer(layer) for node, layer in layer_names(run.network).items() if _has_weights(model, layer)}
    kept = [node for node, layer in learned.items() if node in theirs and take(layer, theirs[node], stored)]
    return run.lineage.model_copy(update={"kept": tuple(kept), "anew": tuple(node for node in learned if node not in kept)})


def renamed(before: Network, after: Network) -> dict[str, str]:
    """Layers that have another name now, and their old names: of the same type and parameters, in the networks' order."""
    gone = [node for node in before.nodes if node.name not in {each.name for each in after.nodes}]
    found = {}
    for node in [each for each in after.nodes if each.name not in {old.name for old in before.nodes}]:
        if same := next((old for old in gone if (old.layer, old.params) == (node.layer, node.params)), None):
            gone.remove(same)
            found[node.name] = same.name
    return found


def wait_for_end(run: str) -> None:
    """Wait until a run has written its weights: until its row says that it has ended, or its worker is gone."""
    deadline = time.monotonic() + PATIENCE
    while held(folder(run) / "lock") and time.monotonic() < deadline:
        with suppress(Unavailable):  # then the worker's lock says so
            status = default_store().statuses([run]).get(run)
            if status is None or not status.alive:
                return
        time.sleep(0.01)


def end_of(place: Path) -> Mapping[str, np.ndarray]:
    """The weights that a run ended with, as `<layer name>/<index>`: in the midst of an epoch where it was a play, else after its last one; empty where it has none."""
    if not place.exists():  # it was deleted meanwhile
        return {}
    if last_path(place).exists():
        return files.unpack(last_path(place))
    try:
        return weights(place, epochs(place)[-1]) if epochs(place) else {}
    except BuilderError:
        return {}


def take(layer: Any, name: str, stored: Mapping[str, np.ndarray]) -> bool:
    """Give a layer the stored weights of the layer `name` where each has its shape; whether it could."""
    found = [stored[f"{name}/{index}"] for index in range(len(layer.weights) + 1) if f"{name}/{index}" in stored]
    if [values.shape for values in found] != [tuple(weight.shape) for weight in layer.weights]:
        return False
    for values, weight in zip(found, layer.weights, strict=True):
        weight.assign(as_tensor(values))
    return True


def _has_weights(model: Any, layer: str) -> bool:
    return any(each.name == layer and each.weights for each in model.layers)
