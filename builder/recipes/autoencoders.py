"""Learning to give the input again: what passes the bottleneck is what a network has understood."""

from .record import Recipe

AUTOENCODER = Recipe(
    name="autoencoder",
    title="Autoencoder",
    summary="Learns to give its own input again, through a layer that is too narrow to copy it.",
    target="input",
    metrics=("mean_absolute_error",),
)
DENOISING = Recipe(
    name="denoising",
    title="Denoising autoencoder",
    summary="Gets the input with noise added, and learns to give it without.",
    target="input",
    metrics=("mean_absolute_error",),
    noise=0.3,
)
VARIATIONAL = Recipe(
    name="variational",
    title="Variational autoencoder",
    summary="Learns to give its input again from a random code; Sampling adds the KL divergence, reported as kl, to the reconstruction.",
    target="input",
    metrics=("mean_squared_error",),
)
