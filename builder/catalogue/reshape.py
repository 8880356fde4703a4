"""Reshaping: the same numbers at other places, or borders added and cut."""

from .record import Formula, Layer
from .shared import DATA_FORMAT, choice, integer, integers, plane

_BORDER = {"low": 0, "high": 65_536}


def _borders(name: str, help: str, default: object) -> object:
    return plane(name, help, default=default, pairs=True, shows="{}", always=True, **_BORDER)


def _axis(expression: str, *axes: str) -> tuple[Formula, ...]:
    return tuple(Formula(label=axis.capitalize(), axis=axis, expression=expression.format(axis=axis)) for axis in axes)


RESHAPE = (
    Layer(
        name="Flatten",
        family="reshape",
        arithmetic="flatten",
        passes=True,
        summary="Lays all numbers of a sample in one row.",
        terms=("vector", "unroll", "row"),
        params=(DATA_FORMAT,),
        formulas=(Formula(label="Features", axis="features", expression="product(sizes)"),),
    ),
    Layer(
        name="Reshape",
        family="reshape",
        arithmetic="reshape",
        passes=True,
        summary="Gives the same numbers another shape.",
        terms=("shape", "view", "resize"),
        params=(
            integers(
                "target_shape",
                "The new size of each axis, without the batch; -1 for what is left.",
                start=(-1,),
                low=-1,
                high=100_000_000,
                shows="{}",
            ),
        ),
    ),
    Layer(
        name="Permute",
        family="reshape",
        arithmetic="permute",
        summary="Swaps axes.",
        terms=("transpose", "swap axes", "dimensions"),
        params=(integers("dims", "The new order of axes, counted from 1.", start=(2, 1), high=8, shows="{}"),),
    ),
    Layer(
        name="RepeatVector",
        family="reshape",
        arithmetic="repeat",
        summary="Repeats a vector as the steps of a sequence, as a decoder needs.",
        terms=("repeat", "decoder", "copy", "tile"),
        params=(integer("n", "How many steps.", start=10, shows="{} times"),),
    ),
    Layer(
        name="UpSampling2D",
        family="reshape",
        arithmetic="upsample",
        summary="Repeats or blends pixels to grow an image.",
        terms=("upsample", "enlarge", "resize", "interpolate", "decoder", "unet"),
        params=(
            plane("size", "How often rows and columns are repeated.", default=(2, 2), high=1024, shows="{}", always=True),
            choice(
                "interpolation",
                "How new pixels are made.",
                ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
                "nearest",
                shows="{}",
            ),
            DATA_FORMAT,
        ),
        formulas=_axis("{axis} * size_{axis}", "height", "width"),
    ),
    Layer(
        name="UpSampling1D",
        family="reshape",
        arithmetic="upsample",
        summary="Repeats each step of a sequence.",
        terms=("upsample", "repeat", "decoder"),
        params=(integer("size", "How often each step is repeated.", default=2, high=1024, shows="{}", always=True),),
        formulas=_axis("{axis} * size", "steps"),
    ),
    Layer(
        name="ZeroPadding2D",
        family="reshape",
        arithmetic="pad",
        summary="Puts zeros around an image.",
        terms=("pad", "border"),
        params=(_borders("padding", "Rows and columns of zeros on each side; a pair is (before, after).", (1, 1)), DATA_FORMAT),
        formulas=_axis("{axis} + padding_{axis}_before + padding_{axis}_after", "height", "width"),
    ),
    Layer(
        name="ZeroPadding1D",
        family="reshape",
        arithmetic="pad",
        summary="Puts zeros before and after a sequence.",
        terms=("pad", "border"),
        params=(
            integers(
                "padding",
                "Steps of zeros before and after.",
                default=1,
                size=2,
                scalar=True,
                axes=("before", "after"),
                shows="{}",
                always=True,
                **_BORDER,
            ),
            DATA_FORMAT,
        ),
        formulas=_axis("{axis} + padding_before + padding_after", "steps"),
    ),
    Layer(
        name="Cropping2D",
        family="reshape",
        arithmetic="crop",
        summary="Cuts the border off an image.",
        terms=("crop", "cut", "trim"),
        params=(_borders("cropping", "Rows and columns cut on each side; a pair is (before, after).", ((0, 0), (0, 0))), DATA_FORMAT),
        formulas=_axis("{axis} - cropping_{axis}_before - cropping_{axis}_after", "height", "width"),
    ),
    Layer(
        name="Cropping1D",
        family="reshape",
        arithmetic="crop",
        summary="Cuts steps off both ends of a sequence.",
        terms=("crop", "cut", "trim"),
        params=(
            integers(
                "cropping",
                "Steps cut before and after.",
                default=(1, 1),
                size=2,
                scalar=True,
                axes=("before", "after"),
                shows="{}",
                always=True,
                **_BORDER,
            ),
        ),
        formulas=_axis("{axis} - cropping_before - cropping_after", "steps"),
    ),
)
