"""Preprocessing: brings data into form; the random ones vary images during training only."""

from .param import Param
from .record import Formula, Layer
from .shared import DATA_FORMAT, SEED, choice, integer, real, switch

INTERPOLATION = choice("interpolation", "How pixels between pixels are made.", ("nearest", "bilinear"), "bilinear", more=True)
RESIZINGS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
FILL_MODE = choice(
    "fill_mode", "What fills the places that were outside.", ("reflect", "wrap", "constant", "nearest"), "reflect", more=True
)
FILL_VALUE = real("fill_value", "The value outside, where fill_mode is constant.", default=0.0, more=True)
HEIGHT = integer("height", "Rows of the output.", start=64, high=16_384, shows="{} high")
WIDTH = integer("width", "Columns of the output.", start=64, high=16_384, shows="{} wide")
MOVES = (FILL_MODE, INTERPOLATION, FILL_VALUE, DATA_FORMAT, SEED)


def _factor(name: str, help: str, **fields: object) -> Param:
    """One number for both directions, or a pair (lowest, highest)."""
    return Param(
        name=name,
        kind="floats",
        help=f"{help} A pair is (lowest, highest).",
        size=2,
        scalar=True,
        **{"low": -1, "high": 1, "shows": "{}", **fields},
    )


VALUE_RANGE = Param(
    name="value_range", kind="floats", help="The lowest and the highest value a pixel can have.", default=(0, 255), size=2, more=True
)

PREPROCESSING = (
    Layer(
        name="Rescaling",
        family="preprocessing",
        arithmetic="rescaling",
        summary="Multiplies by a number and adds another, such as 1/255 for pixels.",
        terms=("scale", "divide by 255", "normalize"),
        params=(
            real("scale", "The factor.", start=1 / 255, shows="{}"),
            real("offset", "What is added after.", default=0.0, shows="+ {}"),
        ),
    ),
    Layer(
        name="Normalization",
        family="preprocessing",
        summary="Takes the mean away and divides by the standard deviation.",
        terms=("standardize", "z-score", "scale", "mean", "variance"),
        params=(
            Param(
                name="mean",
                kind="floats",
                help="The mean of each feature, or one for all.",
                default=None,
                start=0.0,
                scalar=True,
                optional=True,
                shows="mean {}",
            ),
            Param(
                name="variance",
                kind="floats",
                help="The variance of each feature, or one for all.",
                default=None,
                start=1.0,
                low=0,
                scalar=True,
                optional=True,
                shows="variance {}",
            ),
            Param(
                name="axis",
                kind="ints",
                help="The axis of the features.",
                default=-1,
                low=-8,
                high=8,
                scalar=True,
                optional=True,
                more=True,
            ),
            switch("invert", "Whether it undoes the normalisation instead.", False, more=True, shows="inverted"),
        ),
        formulas=(
            Formula(label="Parameters", expression="2 * product(along) + 1", when={"mean": None, "variance": None, "axis": ...}),
            Formula(label="Parameters", expression="2 + 1", when={"mean": None, "variance": None, "axis": None}),
        ),
    ),
    Layer(
        name="Resizing",
        family="preprocessing",
        summary="Gives every image the same size.",
        terms=("resize", "scale", "interpolate", "image size"),
        params=(
            HEIGHT,
            WIDTH,
            choice("interpolation", "How new pixels are made.", RESIZINGS, "bilinear", shows="{}"),
            switch("crop_to_aspect_ratio", "Whether borders are cut so that nothing is stretched.", False, shows="cropped"),
            switch("pad_to_aspect_ratio", "Whether borders are added so that nothing is stretched.", False, shows="padded"),
            choice("fill_mode", "What fills added borders.", ("constant",), "constant", more=True),
            FILL_VALUE,
            switch("antialias", "Whether shrinking smooths first.", False, more=True, shows="smoothed"),
            DATA_FORMAT,
        ),
    ),
    Layer(
        name="CenterCrop",
        family="preprocessing",
        summary="Cuts the middle out of every image.",
        terms=("crop", "cut"),
        params=(HEIGHT, WIDTH, DATA_FORMAT),
    ),
    Layer(
        name="CategoryEncoding",
        family="preprocessing",
        summary="Turns category numbers into rows of zeros and ones.",
        terms=("one-hot", "one hot", "multi-hot", "category"),
        params=(
            integer("num_tokens", "How many categories there are.", default=None, start=10, optional=True, shows="{} categories"),
            choice(
                "output_mode",
                "One row of ones per value, one for all, or how often each occurs.",
                ("one_hot", "multi_hot", "count"),
                "multi_hot",
                shows="{}",
            ),
        ),
    ),
    Layer(
        name="RandomFlip",
        family="preprocessing",
        passes=True,
        summary="Mirrors images at random during training.",
        terms=("augmentation", "mirror"),
        params=(
            choice(
                "mode",
                "In which direction.",
                ("horizontal", "vertical", "horizontal_and_vertical"),
                "horizontal_and_vertical",
                start="horizontal",
                shows="{}",
                always=True,
            ),
            DATA_FORMAT,
            SEED,
        ),
    ),
    Layer(
        name="RandomRotation",
        family="preprocessing",
        passes=True,
        summary="Turns images at random during training.",
        terms=("augmentation", "rotate", "turn"),
        params=(_factor("factor", "How far at most, as a share of a full turn: 0.1 is 36°.", start=0.1, shows="± {}"), *MOVES),
    ),
    Layer(
        name="RandomZoom",
        family="preprocessing",
        passes=True,
        summary="Zooms images at random during training.",
        terms=("augmentation", "scale"),
        params=(
            _factor("height_factor", "How far at most, vertically: 0.1 is 10 %; a negative number zooms in.", start=0.1),
            _factor("width_factor", "How far at most, horizontally; none: keeps the proportions.", default=None, optional=True),
            *MOVES,
        ),
    ),
    Layer(
        name="RandomTranslation",
        family="preprocessing",
        passes=True,
        summary="Shifts images at random during training.",
        terms=("augmentation", "shift", "move"),
        params=(
            _factor("height_factor", "How far at most, as a share of the height.", start=0.1),
            _factor("width_factor", "How far at most, as a share of the width.", start=0.1),
            *MOVES,
        ),
    ),
    Layer(
        name="RandomContrast",
        family="preprocessing",
        passes=True,
        summary="Changes the contrast at random during training.",
        terms=("augmentation",),
        params=(_factor("factor", "How much at most.", start=0.2, low=0, shows="± {}"), VALUE_RANGE, SEED),
    ),
    Layer(
        name="RandomBrightness",
        family="preprocessing",
        passes=True,
        summary="Makes images brighter or darker at random during training.",
        terms=("augmentation",),
        params=(_factor("factor", "How much at most.", start=0.2, shows="± {}"), VALUE_RANGE, SEED),
    ),
    Layer(
        name="RandomCrop",
        family="preprocessing",
        summary="Cuts a random part out of every image during training; outside it Keras gives images whole, in another size than it says.",
        terms=("augmentation", "crop", "cut"),
        params=(HEIGHT, WIDTH, DATA_FORMAT, SEED),
    ),
)
