"""Dead ReLU units: those that output 0 for every sample, so that no gradient reaches their weights."""

from pathlib import Path
from typing import Any

import numpy as np

from builder.catalogue import facts
from builder.network.records import Network
from builder.probes.model.arguments import number
from builder.probes.model.batches import batch, over, patient
from builder.probes.model.loaded import Loaded, loaded
from builder.probes.model.record import Found, Probe

CUT = ("relu", "relu6")  # activations whose slope below 0 is 0


def rectified(network: Network) -> list[str]:
    """The nodes whose output went through a ReLU that is flat below 0."""
    found = []
    for node in network.nodes:
        layer = facts(node.layer)
        has = any(param.name == "activation" for param in layer.params)
        own = has and layer.value(node.params, "activation") in CUT
        if own or (layer.arithmetic == "relu" and not layer.value(node.params, "negative_slope")):
            found.append(node.name)
    return found


def silent(run: Loaded, x: tuple[np.ndarray, ...]) -> dict[str, np.ndarray]:
    """Dead ReLU units of each node, (units,) bool: at most 0 for every sample at every place."""
    import tensorflow as tf

    nodes = [name for name in rectified(run.network) if name in run.names]
    if not nodes:
        return {}

    def highest(value: Any) -> Any:
        return tf.reduce_max(tf.reshape(value, (-1, value.shape[-1])), axis=0)

    found = over(run, "highest", nodes, highest, x)
    return {node: np.max([piece[place] for piece in found], axis=0) <= 0 for place, node in enumerate(nodes)}


def dead(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Dead ReLU units over the probe batch.

    Args:
        arguments: `run`, `epoch`, `count` of the batch's samples.

    Returns:
        `layers` [{name, units, dead, places}] and the check; arrays `layer:NAME` (units,) bool.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    seen = batch(run, "validation", number(arguments, "count", patient(run), 1, 10_000))
    found = silent(run, seen.x)
    again = silent(run, batch(run, "test", len(seen)).x)
    layers = [
        {"name": name, "units": len(each), "dead": int(each.sum()), "places": np.flatnonzero(each).tolist()} for name, each in found.items()
    ]
    woken = sum(int((each & ~again[name]).sum()) for name, each in found.items())
    check = {"name": "Units silent here that answer to a sample of the test part", "value": woken}
    return {"layers": layers, "samples": len(seen), "epoch": run.epoch, "check": check}, {
        f"layer:{name}": each for name, each in found.items()
    }


def compute(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Dead ReLU units of each layer, (units,), 1 where a unit is dead."""
    run = loaded(run_folder, epoch)
    return {name: each.astype("float32") for name, each in silent(run, batch(run).x).items() if layer in (None, name)}


DEAD = Probe(name="dead", title="Dead units", summary="ReLU units that answer 0 to every sample.", compute=compute, by_layer=True)


OPERATIONS = (dead,)
PROBES = (DEAD,)
