"""Autoencoders: learning to give the input again; what passes the bottleneck is what a network has understood."""

from collections.abc import Sequence
from dataclasses import replace

from builder.words import format_shape

from .corruption import NOISE
from .options import LOSSES, METRICS, option
from .record import Array, Learned, Proposal, Recipe, Shape, Written
from .supervised import the_input_alone


def the_input(x: Array, y: Array, dataset: Learned, proposal: Proposal) -> Array:
    """The target is the input itself."""
    return x


def written_input(dataset: Learned, proposal: Proposal) -> Written:
    """The input as it is, and as the target, as Python."""
    return Written(("x",), "x")


def propose_reconstruction(
    dataset: Learned, input_shape: Shape, output_shape: Shape, activation: str, loss: str = "", metrics: Sequence[str] = ()
) -> Proposal:
    """A loss and metrics for a network that is to give its own input again; shapes without the batch axis."""
    chosen = option(LOSSES, loss or "mean_squared_error", "The loss")
    names = tuple(metrics) or ("mean_absolute_error",)
    same = tuple(input_shape) == tuple(output_shape)
    words = [format_shape(shape) for shape in (output_shape, input_shape)]
    return Proposal(
        loss=chosen.name,
        from_logits=chosen.logits and activation == "linear",
        metrics=tuple(option(METRICS, name, "The metrics").name for name in names),
        units=(output_shape[-1] if output_shape else 1) or 1,
        warnings=() if same else (f"The network gives {words[0]}, but its input is {words[1]}: give both the same shape.",),
        needed="" if same else "the input's shape",
    )


AUTOENCODER = Recipe(
    name="autoencoder",
    title="Autoencoder",
    summary="Learns to give its own input again, through a layer that is too narrow to copy it.",
    inputs=the_input_alone,
    target=the_input,
    propose=propose_reconstruction,
    corruption=NOISE,
    written=written_input,
    learns="input",
    metrics=("mean_absolute_error",),
)
DENOISING = replace(
    AUTOENCODER,
    name="denoising",
    title="Denoising autoencoder",
    summary="Gets the input with noise added, and learns to give it without.",
    corruption=replace(NOISE, amount=0.3),
)
VARIATIONAL = replace(
    AUTOENCODER,
    name="variational",
    title="Variational autoencoder",
    summary="Learns to give its input again from a random code; Sampling adds the KL divergence, reported as kl, to the reconstruction.",
    metrics=("mean_squared_error",),
)
RECIPES = (AUTOENCODER, DENOISING, VARIATIONAL)
