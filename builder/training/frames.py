"""Frames of a live view: every layer's output for one sample with the weights of this moment, cut down to what a card shows."""

from base64 import b64encode
from functools import cached_property
from typing import Any

import numpy as np

from builder.datasets import Arrays
from builder.probes.model import cuts
from builder.probes.model.loaded import first

from .pictures.boundary import around, places
from .pictures.classes import chances, rates_classes
from .pictures.scene import MOST_WORK, Scene, work
from .update_ratio import MOST_WEIGHTS, length

MOST_NUMBERS = 60_000  # of one frame
LEAST_NUMBERS = 64  # of one card
SIDE = 20  # places along each axis of the plane
MOST_ANSWERS = 64  # numbers that an answer is told with
DEAD_SAMPLES = 32  # for all of which a unit must be silent to count as dead
DEAD_EVERY = 10  # frames
DEAD_WORK = MOST_WORK / 10  # multiplications, for all those samples together

Block = dict[str, Any]


class Frames:
    """Draws frames of a model in training; nothing of it leaves a trace in the model.

    Args:
        shown: the model with its dataset and its recipe.
        test: the samples that are looked at; nothing is learned from them.
    """

    def __init__(self, shown: Scene, test: Arrays) -> None:
        self.shown, self.test = shown, test
        self.taken = 0
        self.before: dict[str, list[np.ndarray]] = {}  # the weights of each node, as they were at the frame before
        self.moved: dict[str, float] = {}
        self.dead: dict[str, float] = {}

    def take(self, sample: int) -> Block:
        """One frame as JSON values: `layers` by node name, and the `answer` to the sample."""
        place = min(max(sample, 0), len(self.test) - 1)
        found = self.outputs(place)
        room = max(MOST_NUMBERS // len(found), LEAST_NUMBERS)
        card = over_plane if self.plane else of_sample
        answer = self.answer(found[self.shown.network.outputs[0].name][-1:])
        moved, dead = self.moves(), self.silent()
        self.taken += 1
        cards = {node: card(value, room) | {"moved": moved.get(node), "dead": dead.get(node)} for node, value in found.items()}
        return {"sample": place, "layers": cards, "answer": answer}

    def moves(self) -> dict[str, float]:
        """How far each node's weights have moved since the frame before, ‖Δw‖ / ‖w‖; none at the first frame."""
        if self.shown.model.count_params() > MOST_WEIGHTS / 10:
            return {}
        layers = {node: self.shown.model.get_layer(layer).trainable_weights for node, layer in self.shown.names.items()}
        now = {node: [np.array(each) for each in weights] for node, weights in layers.items() if weights}
        before, self.before = self.before, now
        gaps = {node: [after - each for after, each in zip(now[node], weights, strict=True)] for node, weights in before.items()}
        ratios = {node: length(gap) / max(length(before[node]), 1e-12) for node, gap in gaps.items()}
        if any(ratios.values()):  # else nothing was learned in between: another sample was asked for
            self.moved = {node: ratio for node, ratio in ratios.items() if np.isfinite(ratio)}
        return self.moved

    def silent(self) -> dict[str, float]:
        """The share of each rectified node's units that are 0 for every one of some samples, at every place (dead units); now and then anew."""
        if self.taken % DEAD_EVERY or not self.shown.rectified or DEAD_SAMPLES * work(self.shown.model) > DEAD_WORK:
            return self.dead
        values = dict(zip(self.shown.names, self._forward(*(each[:DEAD_SAMPLES] for each in self.shown.x)), strict=True))
        highest = {node: np.asarray(values[node]).reshape(-1, values[node].shape[-1]).max(axis=0) for node in self.shown.rectified}
        self.dead = {node: float((each <= 0).mean()) for node, each in highest.items()}
        return self.dead

    @cached_property
    def plane(self) -> bool:
        """Whether samples are points of a plane, so that each unit is shown by its response over it."""
        ends = [tuple(end.shape[1:]) for end in self.shown.model.inputs]
        return self.shown.dataset.input_shape == (2,) and ends == [(2,)]

    def outputs(self, sample: int) -> dict[str, np.ndarray]:
        """Forward pass: each node's first output (samples, ...), Input nodes included; before the sample come the places of the plane, if any."""
        x, _ = self.shown.plan.measured(self.test.take(np.array([sample])))
        x = (np.concatenate([self._grid, x[0]]),) if self.plane else x
        inputs = [node.name for node in self.shown.network.inputs if self.shown.network.outputs_of(node.name)]
        values = [np.asarray(each) for each in self._forward(*x)]
        return dict(zip(inputs, x, strict=True)) | dict(zip(self.shown.names, values, strict=True))

    def answer(self, output: np.ndarray) -> Block | None:
        """What the network says of the sample, from its output (1, ...): chances of classes, or numbers; None where that is no short row."""
        rated = rates_classes(self.shown)
        values = chances(self.shown, output.astype("float32")) if rated else output
        if values.ndim != 2 or values.shape[1] > MOST_ANSWERS or not self.shown.supervised:
            return None
        return {"kind": "classes" if rated else "numbers", "values": [float(each) if np.isfinite(each) else None for each in values[0]]}

    @cached_property
    def _grid(self) -> np.ndarray:
        """The places of the plane as the network gets them, row by row from the top."""
        return self.shown.plan.steps.apply(places(around(self.shown.train.x), SIDE))

    @cached_property
    def _forward(self) -> Any:
        """Inputs (samples, ...) to the first output of every layer, traced once for any number of samples."""
        import keras
        import tensorflow as tf

        model = self.shown.model
        whole = keras.Model(model.inputs, [first(model.get_layer(layer).output) for layer in self.shown.names.values()])

        def look(*inputs: Any) -> list[Any]:
            with keras.StatelessScope():
                return keras.tree.flatten(whole(list(inputs), training=False))

        signature = [tf.TensorSpec((None, *each.shape[1:]), each.dtype) for each in self.shown.x]
        return tf.function(look, input_signature=signature, autograph=False)


def of_sample(value: np.ndarray, room: int) -> Block:
    """A card of an output (1, ...) of one sample: its first maps, every n-th row and column of each."""
    own = value[0]
    cut = cuts.card(own.shape, room)
    return block(cuts.kind(own.shape), own.shape, cuts.taken(own, cut), (cut.down, cut.across))


def over_plane(value: np.ndarray, room: int) -> Block:
    """A card of an output (places and the sample, units): each unit's response over the plane as a map, rows from the top."""
    maps = value[:-1].reshape(SIDE, SIDE, -1)[:, :, : max(room // SIDE**2, 1)]
    return block("maps", value.shape[1:], maps.transpose(2, 0, 1), (1, 1))


def block(kind: cuts.Kind, shape: tuple[int, ...], numbers: np.ndarray, strides: tuple[int, int]) -> Block:
    """What a card shows as JSON values: `numbers` (maps, rows, columns) of a layer's output of a shape, and the largest size in each of them."""
    drawn = np.ascontiguousarray(numbers, "<f4")
    sizes = np.where(np.isfinite(drawn), np.abs(drawn), 0).reshape(len(drawn), -1).max(axis=1, initial=0)
    wrong = not np.isfinite(drawn).all()
    return {
        "kind": kind,
        "shape": shape,
        "strides": strides,
        "wrong": wrong,
        "numbers": packed(drawn),
        "extents": packed(sizes.astype("<f4")),
    }


def packed(values: np.ndarray) -> Block:
    """An array as base64 of float32 in rows."""
    return {"shape": values.shape, "data": b64encode(values.tobytes()).decode()}
