"""Runs with random weights, made without training, for tests that look inside."""

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np

from builder import datasets, zoo
from builder.keras_bridge import to_keras
from builder.network import Edge, Network, Node
from builder.runs import Run, Settings, Status, folder
from builder.runs.checkpoint import layer_weights, write_arrays
from builder.runs.run_folder import epoch_path
from builder.store import default_store
from builder.training.pictures.scene import Scene, scene_of

NESTED = {"layer": "LSTM", "params": {"units": 5, "return_state": True}}  # what a Bidirectional with five outputs wraps


def chain(name: str, *layers: tuple[str, str, dict[str, Any]]) -> Network:
    """A network of layers one after the other, each a name, a layer and its parameters."""
    nodes = tuple(Node(name=each, layer=layer, params=params) for each, layer, params in layers)
    edges = tuple(Edge(source=before.name, target=after.name) for before, after in pairwise(nodes))
    return Network(name=name, nodes=nodes, edges=edges)


def padding_network() -> Network:
    """One layer of attention over tokens of which 0 is padding, and an answer that reads every position."""
    network = chain(
        "padded",
        ("input", "Input", {"shape": [9], "dtype": "int32"}),
        ("embedding", "Embedding", {"input_dim": 60, "output_dim": 8, "mask_zero": True}),
        ("attention", "MultiHeadAttention", {"num_heads": 2, "key_dim": 4}),
        ("flatten", "Flatten", {}),
        ("noun", "Dense", {"units": 10, "activation": "softmax"}),
    )
    edges = [edge for edge in network.edges if edge.target != "attention"]
    edges += [Edge(source="embedding", target="attention", target_port=port) for port in ("query", "value")]
    return network.model_copy(update={"edges": tuple(edges)})


def several_outputs() -> Network:
    """Attention that also gives its scores, an LSTM that also gives its states, and an answer from all of them."""
    nodes = [
        ("input", "Input", {"shape": [9], "dtype": "int32"}),
        ("embedding", "Embedding", {"input_dim": 60, "output_dim": 8}),
        ("look", "MultiHeadAttention", {"num_heads": 2, "key_dim": 4, "return_attention_scores": True}),
        ("lstm", "LSTM", {"units": 6, "return_sequences": True, "return_state": True}),
        ("highest", "GlobalMaxPooling1D", {}),
        ("flat", "Flatten", {}),
        ("join", "Concatenate", {}),
        ("noun", "Dense", {"units": 10, "activation": "softmax"}),
    ]
    wires = [("input", "embedding"), ("embedding", "look", "query"), ("embedding", "look", "value"), ("look", "lstm"), ("lstm", "highest")]
    wires += [
        ("look", "flat", "inputs", "scores"),
        ("highest", "join"),
        ("lstm", "join", "inputs", "cell"),
        ("lstm", "join", "inputs", "hidden"),
    ]
    wires += [("flat", "join"), ("join", "noun")]
    return Network(
        name="several outputs",
        nodes=tuple(Node(name=name, layer=layer, params=params) for name, layer, params in nodes),
        edges=tuple(Edge(**dict(zip(("source", "target", "target_port", "source_port"), wire, strict=False))) for wire in wires),
    )


def made(
    place: Path, network: Network, dataset: str, recipe: str = "supervised", epochs: int = 1, spread: float = 0.0, seed: int = 0
) -> list[Any]:
    """A run's folder with random weights for each epoch, from 0; returns the Keras models that have them.

    `spread`: standard deviation of what is added to every weight, so that biases are not zero.
    """
    place.mkdir(parents=True, exist_ok=True)
    (place / "network.json").write_text(network.model_dump_json())
    (place / "settings.json").write_text(Settings(dataset=dataset, recipe=recipe).model_dump_json())
    models = [weighed(network, seed + epoch, spread) for epoch in range(epochs)]
    for epoch, model in enumerate(models):
        write_arrays(epoch_path(place, epoch), layer_weights(model))
    return models


def weighed(network: Network, seed: int, spread: float = 0.0) -> Any:
    """The network as a Keras model with random weights."""
    keras.utils.set_random_seed(seed)
    model, random = to_keras(network), np.random.default_rng(seed)
    if spread:
        model.set_weights([each + random.normal(0, spread, each.shape) for each in model.get_weights()])
    return model


def stored(network: Network, dataset: str, recipe: str = "supervised", project: str | None = None, epochs: int = 2) -> Run:
    """A finished run of the store with random weights for each epoch."""
    now, settings = time.time(), Settings(dataset=dataset, recipe=recipe, epochs=max(epochs - 1, 1))
    run = default_store().create_run(project, network, settings, status=Status.finished, epoch=epochs - 1, started=now, ended=now)
    made(folder(run.id), network, dataset, recipe, epochs)
    return run


def a_scene(dataset: str, network: str = "", **settings: Any) -> Scene:
    """A fresh model of a dataset's starting network, or of another."""
    known = datasets.record(dataset)
    chosen = zoo.network(network or known.network)
    keras.utils.set_random_seed(3)
    return scene_of(to_keras(chosen), chosen, Settings(dataset=dataset, **{"recipe": chosen.recipe, **settings}))
