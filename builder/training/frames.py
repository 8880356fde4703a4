"""Frames of a live view: every layer's output for one sample with the weights of this moment, cut down to what a card shows."""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from builder.datasets import Arrays
from builder.probes.model import cuts
from builder.probes.model.greedy import decoded
from builder.probes.model.loaded import first

from . import answering
from .answering import Block, Given, packed
from .gradients import Gradients
from .movement import Movement
from .pictures.boundary import around, places
from .pictures.scene import MOST_WORK, Scene, work

MOST_NUMBERS = 60_000  # of one frame
LEAST_NUMBERS = 64  # of one card
SIDE = 20  # places along each axis of the plane
DEAD_SAMPLES = 32  # for all of which a unit must be silent to count as dead
DEAD_EVERY = 10  # frames
DEAD_WORK = MOST_WORK / 10  # multiplications, for all those samples together


class Own(NamedTuple):
    """An input of a person's own in the dataset's shape, and the place of its last token."""

    raw: np.ndarray
    last: int = -1


class Frames:
    """Draws frames of a model in training; nothing of it leaves a trace in the model.

    Args:
        shown: the model with its dataset and its recipe.
        test: the samples that are looked at; nothing is learned from them.
    """

    def __init__(self, shown: Scene, test: Arrays) -> None:
        self.shown, self.test = shown, test
        self.taken = 0
        self.movement = Movement(shown)
        self.gradients = Gradients(shown)
        self.dead: dict[str, float] = {}

    def take(self, sample: int, step: int = 0, own: Own | None = None, gradients: bool = False) -> Block:
        """One frame as JSON values: `layers` by node name, and the `answer` to a sample, or to a person's `own` input.

        Args:
            step: how many batches were learned from.
            gradients: whether the size of each layer's gradient is asked for.
        """
        place = min(max(sample, 0), len(self.test) - 1)
        given = answering.sample(self.shown.plan, self.test, place) if own is None else self.given(own)
        found = self.outputs(given.x)
        room = max(MOST_NUMBERS // len(found), LEAST_NUMBERS)
        card = over_plane if self.plane else of_sample
        answer = answering.answer(self.shown, found[self.shown.network.outputs[0].name][-1:], given)
        about = {"moved": self.movement.moved(step), "pace": self.movement.pace, "dead": self.silent()}
        about |= {"gradient": self.gradients.sizes()} if gradients else {}
        self.taken += 1
        cards = {node: card(value, room) | {name: each.get(node) for name, each in about.items()} for node, value in found.items()}
        return {"sample": None if own else place, "layers": cards, "answer": answer}

    def given(self, own: Own) -> Given:
        """A person's own input before the network; what writes its answer reads what it has written (greedy decoding)."""
        steps = self.shown.model.inputs[-1].shape[1:]

        def written(x: np.ndarray) -> np.ndarray:
            start = len(self.shown.dataset.classes)
            return decoded(lambda fed: self._ahead(x, fed)[-1][0], steps[0] or x.shape[1], start).fed

        return answering.own(self.shown.plan, own.raw, own.last, written if self.shown.plan.recipe.writes else None)

    def silent(self) -> dict[str, float]:
        """The share of each rectified node's units that are 0 for every one of some samples, at every place (dead units); now and then anew."""
        if self.taken % DEAD_EVERY or not self.shown.rectified or DEAD_SAMPLES * work(self.shown.model) > DEAD_WORK:
            return self.dead
        values = dict(zip(self.shown.names, self._ahead(*(each[:DEAD_SAMPLES] for each in self.shown.x)), strict=True))
        highest = {node: values[node].reshape(-1, values[node].shape[-1]).max(axis=0) for node in self.shown.rectified}
        self.dead = {node: float((each <= 0).mean()) for node, each in highest.items()}
        return self.dead

    @cached_property
    def plane(self) -> bool:
        """Whether samples are points of a plane, so that each unit is shown by its response over it."""
        ends = [tuple(end.shape[1:]) for end in self.shown.model.inputs]
        return self.shown.dataset.input_shape == (2,) and ends == [(2,)]

    def outputs(self, x: tuple[np.ndarray, ...]) -> dict[str, np.ndarray]:
        """Forward pass: each node's first output (samples, ...), Input nodes included; before the sample come the places of the plane, if any."""
        x = (np.concatenate([self._grid, x[0]]),) if self.plane else x
        inputs = [node.name for node in self.shown.network.inputs if self.shown.network.outputs_of(node.name)]
        return dict(zip(inputs, x, strict=True)) | dict(zip(self.shown.names, self._ahead(*x), strict=True))

    def _ahead(self, *x: np.ndarray) -> list[np.ndarray]:
        return [np.asarray(each) for each in self._forward(*x)]

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

        ends = zip(model.inputs, self.shown.x, strict=True)
        signature = [tf.TensorSpec((None, *end.shape[1:]), each.dtype) for end, each in ends]
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
