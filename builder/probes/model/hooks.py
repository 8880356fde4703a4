"""Forward hooks: listening to layers of a Keras model while it is traced, at any depth of nested models and without building another model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from builder.catalogue import facts

from .execute import mask_of
from .loaded import Loaded

SQUASHED = ("softmax", "sigmoid", "log_softmax", "hard_sigmoid")  # activations that turn scores into probabilities


@contextmanager
def hooked(layer: Any, change: Callable[[Any], Any]) -> Iterator[None]:
    """Forward hook: inside, the layer's first output tensor goes through `change`; masks and further outputs stay."""
    with answering(layer, lambda found: [change(found[0]), *found[1:]]):
        yield


@contextmanager
def answering(layer: Any, change: Callable[[list[Any]], list[Any]]) -> Iterator[None]:
    """Forward hook: inside, all of the layer's output tensors go through `change`."""
    own = layer.call

    def call(*args: Any, **named: Any) -> Any:
        found = own(*args, **named)
        return type(found)(change(list(found))) if isinstance(found, list | tuple) else change([found])[0]

    object.__setattr__(layer, "call", call)  # past Keras's own bookkeeping of attributes
    try:
        yield
    finally:
        object.__delattr__(layer, "call")


@contextmanager
def scoring(layer: Any, name: str, seen: dict[str, Any]) -> Iterator[None]:
    """Forward hook for attention scores: inside, they (batch, heads, query..., key...) are put into `seen`; the output stays.

    Keras takes another way when it is asked for scores; where nothing is masked both give the same, so one of them is enough.
    """
    import keras

    own = layer.call

    def call(*args: Any, **named: Any) -> Any:
        tensors = keras.tree.flatten([args, list(named.values())])
        masked = [(tensor, mask_of(tensor)) for tensor in tensors if mask_of(tensor) is not None]
        other, scores = own(*args, **{**named, "return_attention_scores": True})
        seen[name] = scores if len(scores.shape) > 3 else scores[:, None]  # Attention has one head and no axis for it
        for tensor, mask in masked:  # each call takes them off
            tensor._keras_mask = mask
        return own(*args, **named) if masked or named.get("return_attention_scores") else other

    object.__setattr__(layer, "call", call)
    try:
        yield
    finally:
        object.__delattr__(layer, "call")


@contextmanager
def unsquashed(last: Any) -> Iterator[None]:
    """Logits for probabilities: inside, the layer with softmax or sigmoid gives the scores before it; None: they are the output."""
    if last is None:
        yield
    elif facts(type(last).__name__).arithmetic == "softmax":
        object.__setattr__(last, "call", lambda inputs, mask=None: inputs)
        try:
            yield
        finally:
            object.__delattr__(last, "call")
    else:
        own = last.activation
        object.__setattr__(last, "activation", lambda scores: scores)
        try:
            yield
        finally:
            object.__setattr__(last, "activation", own)


def squashing(run: Loaded) -> Any:
    """The Keras layer with softmax or sigmoid that turns the run's logits into probabilities, None where there is none."""
    from builder.catalogue import LAYERS
    from builder.recipes import last_activation

    last = last_activation(run.network, LAYERS)
    return run.model.get_layer(run.names[last.node]) if last.function in SQUASHED else None
