"""Update-to-weight ratio and dead units (ReLU that outputs 0 for every sample) of each layer."""

import numpy as np

from .record import Found, Kind
from .scene import Scene

MOST_SAMPLES = 32
MOST_LAYERS = 64


def fits(shown: Scene) -> bool:
    """Something is learned."""
    return bool(shown.model.trainable_weights)


def choose(shown: Scene) -> Found:
    """`x0` and a decoder's `x1`."""
    return shown.chosen(MOST_SAMPLES)


def take(shown: Scene, fixed: Found) -> Found:
    """For each layer that learns `moved:LAYER` and for each rectified one `dead:LAYER`, a share of its units; `units:LAYER`."""
    learning = [node for node, layer in shown.names.items() if shown.model.get_layer(layer).trainable_weights][:MOST_LAYERS]
    found: Found = {f"moved:{node}": np.array(shown.moved[node], "float32") for node in learning if node in shown.moved}
    return found | _silent(shown, fixed)


def _silent(shown: Scene, fixed: Found) -> Found:
    """Dead units: the share (0 to 1) of each rectified node's units that stay at 0 for every sample, at every place."""
    found: Found = {}
    for node, highest in list(shown.highest(fixed).items())[:MOST_LAYERS]:
        found |= {f"dead:{node}": np.array((highest <= 0).mean(), "float32"), f"units:{node}": np.array(len(highest))}
    return found


def again(shown: Scene, fixed: Found, found: Found) -> Found:
    """The shares of silent units; a step that was taken cannot be taken again."""
    return _silent(shown, fixed)


KIND = Kind(name="layers", title="Layers", fits=fits, choose=choose, take=take, inner=("x0", "x1"), again=again)
