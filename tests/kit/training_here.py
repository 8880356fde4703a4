"""Training in the test's own process, as a worker does it."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from builder import datasets, zoo
from builder.network.records import Edge, Network, Node
from builder.runs import Run, Settings, folder
from builder.store import default_store
from builder.training.report import Reporter


def chain(name: str, *layers: tuple[str, dict[str, Any]]) -> Network:
    """A network of layers one after the other."""
    nodes = tuple(Node(name=f"{layer.lower()}_{index}", layer=layer, params=params) for index, (layer, params) in enumerate(layers))
    return Network(name=name, nodes=nodes, edges=tuple(Edge(source=a.name, target=b.name) for a, b in pairwise(nodes)))


DENSE = chain("dense", ("Input", {"shape": [8, 8, 1]}), ("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))


def a_run(network: Network, **settings: Any) -> Run:
    return default_store().create_run(None, network, Settings(**{"dataset": "digits", "epochs": 3, "batch_size": 64, **settings}))


def train(run: Run, reporter: Reporter | None = None) -> Path:
    from builder.training.training import train

    train(reporter or Reporter(run.id))
    return folder(run.id)


def state(place: Path) -> dict[str, bytes]:
    """Every variable of a run's last state, as bytes."""
    with np.load(place / "state.npz") as arrays:
        return {name: arrays[name].tobytes() for name in arrays.files if name != "memory"}


def trained(dataset: str, epochs: int, network: str = "") -> Run:
    """A run of a dataset's starting network, or of another."""
    chosen = zoo.network(network or datasets.record(dataset).network)
    run = default_store().create_run(None, chosen, Settings(dataset=dataset, recipe=chosen.recipe, epochs=epochs, batch_size=128))
    train(run)
    return run
