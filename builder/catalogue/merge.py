"""Merging: several tensors become one."""

from .record import Formula, Layer, Port
from .shared import integer, integers, switch

MANY = (Port(many=True),)

MERGE = (
    Layer(
        name="Add",
        family="merge",
        arithmetic="sum",
        summary="Adds its inputs number by number: the sum of a skip connection.",
        terms=("residual", "skip connection", "shortcut", "sum", "plus", "resnet", "merge"),
        inputs=MANY,
    ),
    Layer(
        name="Concatenate",
        family="merge",
        arithmetic="concatenation",
        summary="Joins its inputs along one axis.",
        terms=("concat", "join", "stack", "skip connection", "unet", "densenet", "merge"),
        inputs=MANY,
        params=(integer("axis", "The axis along which they are joined.", default=-1, low=-8, high=8, more=True, shows="axis {}"),),
        formulas=(Formula(label="Joined axis", axis="joined", expression="total(joined)"),),
    ),
    Layer(
        name="Multiply",
        family="merge",
        arithmetic="product",
        summary="Multiplies its inputs number by number, as a gate does.",
        terms=("gate", "product", "times", "scale", "merge"),
        inputs=MANY,
    ),
    Layer(
        name="Subtract",
        family="merge",
        arithmetic="difference",
        summary="Takes the second input from the first.",
        terms=("difference", "minus", "merge"),
        inputs=MANY,
    ),
    Layer(
        name="Average",
        family="merge",
        arithmetic="mean",
        summary="Takes the mean of its inputs number by number.",
        terms=("mean", "ensemble", "merge"),
        inputs=MANY,
    ),
    Layer(
        name="Maximum",
        family="merge",
        arithmetic="largest",
        summary="Takes the larger number at every place.",
        terms=("max", "merge"),
        inputs=MANY,
    ),
    Layer(
        name="Minimum",
        family="merge",
        arithmetic="smallest",
        summary="Takes the smaller number at every place.",
        terms=("min", "merge"),
        inputs=MANY,
    ),
    Layer(
        name="Dot",
        family="merge",
        summary="The dot product of two inputs: how alike they are.",
        terms=("dot product", "similarity", "cosine", "siamese", "merge"),
        inputs=MANY,
        params=(
            integers(
                "axes",
                "The axis of each input along which they are multiplied and summed, the batch counted as 0.",
                start=-1,
                low=-8,
                high=8,
                scalar=True,
                size=2,
                shows="axes {}",
            ),
            switch("normalize", "Whether both are scaled to length 1 first: the cosine of their angle.", False, shows="cosine"),
        ),
    ),
)
