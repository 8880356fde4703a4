"""Frames of a network of the zoo on a dataset, untrained, as a worker draws them."""

from base64 import b64decode
from typing import Any

import numpy as np

from builder import datasets
from builder.network.records import Network
from builder.runs import Settings


def frames(network: Network, dataset: str) -> Any:
    """The frames of a network before it has learned."""
    from builder.keras_bridge import to_keras
    from builder.training.frames import Frames
    from builder.training.pictures import scene_of

    settings = Settings(dataset=dataset, recipe=network.recipe)
    test = datasets.parts(dataset, settings.seed, settings.validation_share).test
    return Frames(scene_of(to_keras(network), network, settings), test)


def decoded(sent: dict[str, Any]) -> np.ndarray:
    """An array as a frame sends it."""
    return np.frombuffer(b64decode(sent["data"]), "<f4").reshape(sent["shape"])
