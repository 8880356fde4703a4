"""Layers every network has: inputs, dense layers, activations, embeddings."""

from collections.abc import Mapping
from typing import Any

from .record import Formula, Layer, Shapes
from .shared import (
    ACTIVATION,
    ACTIVATIONS,
    DENSE_WEIGHTS,
    USE_BIAS,
    choice,
    constraint,
    initializer,
    integer,
    integers,
    real,
    regularizer,
    switch,
)

DTYPES = ("float32", "float64", "float16", "bfloat16", "int32", "int64", "uint8", "bool", "string")


def _slopes(params: Mapping[str, Any], shapes: Shapes) -> dict[str, Any]:
    """PReLU's slopes: one for each place along the axes that aren't shared."""
    shared = params["shared_axes"] or ()
    return {"slopes": tuple(1 if axis in shared else size for axis, size in enumerate(shapes[0], start=1))}


CORE = (
    Layer(
        name="Input",
        family="core",
        summary="Where data enters: the shape of one sample.",
        terms=("data", "start", "placeholder"),
        inputs=(),
        params=(
            integers(
                "shape",
                "The size of each axis of one sample, without the batch; any where it isn't fixed.",
                start=(28, 28, 1),
                high=100_000_000,
                unknown=True,
            ),
            choice(
                "dtype",
                "The type of the numbers; float32 unless they are tokens or text.",
                DTYPES,
                None,
                optional=True,
                more=True,
                shows="{}",
            ),
        ),
    ),
    Layer(
        name="Dense",
        family="core",
        arithmetic="dense",
        summary="Every output is a weighted sum of all inputs, passed through an activation.",
        terms=("fully connected", "linear layer", "perceptron", "hidden layer", "output layer", "mlp", "fc", "head", "projection"),
        params=(
            integer("units", "How many outputs, each with weights of its own.", start=64, shows="{} units"),
            ACTIVATION,
            USE_BIAS,
            *DENSE_WEIGHTS,
        ),
        formulas=(
            Formula(label="Parameters", expression="(features + use_bias) * units"),
            Formula(label="Multiply-accumulates", expression="product(leading) * features * units"),
        ),
    ),
    Layer(
        name="Activation",
        family="core",
        arithmetic="activation",
        summary="Passes every number through a function.",
        terms=("activation function", "nonlinearity", *ACTIVATIONS),
        params=(choice("activation", "The function.", ACTIVATIONS, start="relu", shows="{}"),),
    ),
    Layer(
        name="ReLU",
        family="core",
        arithmetic="relu",
        summary="Keeps what is above zero and drops the rest.",
        terms=("rectified linear", "activation", "relu6"),
        params=(
            real("max_value", "Where it stops to grow; none: nowhere.", default=None, optional=True, low=0, shows="at most {}"),
            real("negative_slope", "The slope below the threshold.", default=0.0, low=0, shows="slope {}"),
            real("threshold", "Below this the output is zero or sloped.", default=0.0, low=0, more=True),
        ),
    ),
    Layer(
        name="LeakyReLU",
        family="core",
        arithmetic="relu",
        summary="ReLU that lets a little of what is below zero through, so that no unit dies.",
        terms=("leaky relu", "activation", "dying relu"),
        params=(
            real(
                "negative_slope",
                "The slope below zero; 0.01 in many courses, 0.3 in Keras.",
                default=0.3,
                low=0,
                shows="slope {}",
                always=True,
            ),
        ),
    ),
    Layer(
        name="PReLU",
        family="core",
        arithmetic="prelu",
        summary="Leaky ReLU whose slope below zero is learned.",
        terms=("parametric relu", "activation"),
        params=(
            integers(
                "shared_axes",
                "Axes along which one slope is shared, counted from 1: 1, 2 for height and width.",
                default=None,
                optional=True,
                scalar=False,
                high=8,
                shows="shared {}",
            ),
            initializer("alpha", "Zeros"),
            regularizer("alpha"),
            constraint("alpha"),
        ),
        numbers=_slopes,
        formulas=(Formula(label="Parameters", expression="product(slopes)"),),
    ),
    Layer(
        name="ELU",
        family="core",
        arithmetic="elu",
        summary="Like ReLU, but bends smoothly to a floor below zero.",
        terms=("exponential linear", "activation"),
        params=(real("alpha", "How deep the floor is.", default=1.0, low=0, shows="alpha {}"),),
    ),
    Layer(
        name="Softmax",
        family="core",
        arithmetic="softmax",
        summary="Turns scores into probabilities that sum to 1.",
        terms=("probabilities", "classifier", "activation"),
        params=(
            integers("axis", "The axis along which they sum to 1.", default=-1, low=-8, high=8, scalar=True, more=True, shows="axis {}"),
        ),
    ),
    Layer(
        name="Embedding",
        family="core",
        arithmetic="embedding",
        embeds=True,
        summary="Looks up a learned vector for each token.",
        terms=("word vectors", "lookup", "tokens", "word2vec", "vocabulary"),
        params=(
            integer("input_dim", "How many different tokens there are.", start=5000, high=100_000_000, shows="{} tokens"),
            integer("output_dim", "How many numbers each token becomes.", start=128, shows="{} features"),
            switch("mask_zero", "Whether token 0 is padding that later layers skip.", False, shows="0 masked"),
            initializer("embeddings", "uniform"),
            regularizer("embeddings"),
            constraint("embeddings"),
        ),
        formulas=(Formula(label="Parameters", expression="input_dim * output_dim"),),
    ),
    Layer(
        name="Masking",
        family="core",
        summary="Tells later layers to skip steps that hold only the mask value.",
        terms=("padding", "mask", "variable length"),
        params=(real("mask_value", "The value that marks a step as padding.", default=0.0, shows="{}", always=True),),
    ),
    Layer(name="Identity", family="core", passes=True, summary="Passes its input on unchanged.", terms=("linear", "pass through")),
)
