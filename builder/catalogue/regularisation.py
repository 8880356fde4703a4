"""Regularisation (dropout, noise): makes training harder, so that the network generalises better. Off outside training."""

from .record import Layer, Port
from .shared import DATA_FORMAT, SEED, integers, rate, real

RATE = rate("rate", "The share of numbers that training drops.", start=0.3, shows="{}")

REGULARISATION = (
    Layer(
        name="Dropout",
        family="regularisation",
        passes=True,
        summary="Drops random numbers during training, so that no unit relies on one other.",
        terms=("overfitting", "regularize", "drop out"),
        params=(
            RATE,
            integers(
                "noise_shape",
                "The shape of the pattern that is dropped, batch included; 1 where an axis shares it.",
                default=None,
                optional=True,
                unknown=True,
                more=True,
            ),
            SEED,
        ),
    ),
    Layer(
        name="SpatialDropout1D",
        family="regularisation",
        passes=True,
        summary="Drops whole features of a sequence during training.",
        terms=("dropout", "overfitting", "features"),
        params=(RATE.changed(help="The share of features that training drops."), SEED),
    ),
    Layer(
        name="SpatialDropout2D",
        family="regularisation",
        passes=True,
        summary="Drops whole channels of an image during training.",
        terms=("dropout", "overfitting", "channels"),
        params=(RATE.changed(help="The share of channels that training drops."), DATA_FORMAT, SEED),
    ),
    Layer(
        name="GaussianNoise",
        family="regularisation",
        passes=True,
        summary="Adds random noise during training, as a denoising network needs.",
        terms=("noise", "denoising", "augmentation"),
        params=(real("stddev", "The standard deviation of the noise.", start=0.1, low=0, shows="± {}"), SEED),
    ),
    Layer(
        name="GaussianDropout",
        family="regularisation",
        passes=True,
        summary="Multiplies by random numbers around 1 during training.",
        terms=("noise", "dropout"),
        params=(rate("rate", "As dropout's rate: the spread is √(rate / (1 − rate)).", start=0.3, high=0.999, shows="{}"), SEED),
    ),
    Layer(
        name="AlphaDropout",
        family="regularisation",
        passes=True,
        summary="Dropout that keeps mean and variance, for SELU networks.",
        terms=("selu", "dropout"),
        params=(
            RATE,
            integers(
                "noise_shape",
                "The shape of the pattern that is dropped, batch included; 1 where an axis shares it.",
                default=None,
                optional=True,
                unknown=True,
                more=True,
            ),
            SEED,
        ),
    ),
    Layer(
        name="ActivityRegularization",
        family="regularisation",
        passes=True,
        summary="Adds a cost for large outputs to the loss, which makes codes sparse.",
        terms=("sparse", "l1", "l2", "penalty"),
        params=(
            real("l1", "The cost of the sum of absolute outputs.", default=0.0, start=0.001, low=0, shows="l1 {}"),
            real("l2", "The cost of the sum of squared outputs.", default=0.0, low=0, shows="l2 {}"),
        ),
    ),
    Layer(
        name="Sampling",
        family="regularisation",
        own="sampling",
        latent=True,
        summary="Draws a random code around a mean, as a variational autoencoder does, and keeps it close to a standard normal. A layer of our own.",
        terms=("vae", "variational", "reparameterization", "latent", "kl"),
        inputs=(Port(name="mean"), Port(name="log_variance")),
        params=(
            real(
                "kl_weight",
                "How much the divergence from a standard normal counts beside the reconstruction.",
                default=1.0,
                low=0,
                shows="KL × {}",
            ),
            SEED,
        ),
    ),
)
