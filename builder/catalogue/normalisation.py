"""Normalisation: keeps numbers in a range in which training is easy."""

from .record import Formula, Layer
from .shared import constraint, initializer, integer, integers, rate, real, regularizer, switch

EPSILON = real("epsilon", "A small number that keeps the division from zero.", default=0.001, low=0, high=1, more=True)
CENTER = switch("center", "Whether a learned offset (beta) is added.", True, more=True, shows="no offset")
SCALE = switch("scale", "Whether a learned factor (gamma) multiplies.", True, more=True, shows="no factor")
OFFSET_AND_FACTOR = (
    initializer("beta", "zeros"),
    initializer("gamma", "ones"),
    regularizer("beta"),
    regularizer("gamma"),
    constraint("beta"),
    constraint("gamma"),
)
AXIS = integer("axis", "The axis of the channels.", default=-1, low=-8, high=8, more=True, shows="axis {}")
AXES = integers(
    "axis", "The axes over which mean and variance are taken.", default=-1, low=-8, high=8, scalar=True, more=True, shows="axis {}"
)

NORMALISATION = (
    Layer(
        name="BatchNormalization",
        family="normalisation",
        arithmetic="batch_normalisation",
        summary="Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it.",
        terms=("batch norm", "batchnorm", "bn"),
        params=(
            AXIS,
            rate("momentum", "How slowly the running mean and variance follow the batches.", 0.99, more=True, shows="momentum {}"),
            EPSILON,
            CENTER,
            SCALE,
            initializer("moving_mean", "zeros"),
            initializer("moving_variance", "ones"),
            *OFFSET_AND_FACTOR,
        ),
        formulas=(Formula(label="Parameters", expression="(scale + center + 2) * product(along)"),),
    ),
    Layer(
        name="LayerNormalization",
        family="normalisation",
        arithmetic="row_normalisation",
        summary="Brings the features of each position to mean 0 and variance 1, whatever the batch.",
        terms=("layer norm", "layernorm", "transformer", "ln"),
        params=(AXES, EPSILON, CENTER, SCALE, *OFFSET_AND_FACTOR),
        formulas=(Formula(label="Parameters", expression="(scale + center) * product(along)"),),
    ),
    Layer(
        name="GroupNormalization",
        family="normalisation",
        summary="Normalises groups of channels together, whatever the batch.",
        terms=("group norm", "groupnorm", "instance norm"),
        params=(
            integer(
                "groups",
                "Into how many groups the channels are split; -1: each channel alone.",
                default=32,
                low=-1,
                high=65_536,
                start=8,
                shows="{} groups",
                always=True,
            ),
            AXIS,
            EPSILON,
            CENTER,
            SCALE,
            *OFFSET_AND_FACTOR,
        ),
        formulas=(Formula(label="Parameters", expression="(scale + center) * product(along)"),),
    ),
    Layer(
        name="RMSNormalization",
        family="normalisation",
        arithmetic="rms_normalisation",
        summary="Divides by the root mean square and scales: layer normalisation without the mean.",
        terms=("rms norm", "rmsnorm", "llama"),
        params=(AXES, EPSILON.changed(default=1e-06)),
        formulas=(Formula(label="Parameters", expression="product(along)"),),
    ),
    Layer(
        name="UnitNormalization",
        family="normalisation",
        arithmetic="unit_normalisation",
        summary="Scales each vector to length 1.",
        terms=("l2 normalize", "unit length", "cosine"),
        params=(AXES.changed(help="The axes over which the length is taken."),),
    ),
)
