"""Pooling: each window of the input becomes one number."""

from .convolution import WINDOW, window_sizes
from .param import Param
from .record import Formula, Layer
from .shared import DATA_FORMAT, choice, integer, plane, switch

PADDING = choice("padding", "Valid: only whole windows; same: windows may hang over the border.", ("valid", "same"), "valid", shows="{}")
KEEPDIMS = switch("keepdims", "Whether the averaged axes stay, with size 1.", False, more=True, shows="keeps axes")


def _window_1d(**fields: object) -> Param:
    return integer("pool_size", "The length of the window in steps.", high=WINDOW, shows="{}", always=True, **fields)


def _window_2d(**fields: object) -> Param:
    return plane("pool_size", "Height and width of the window.", high=WINDOW, shows="{}", always=True, **fields)


_OWN_STRIDE = {"default": None, "optional": True, "high": WINDOW, "falls_back": "pool_size", "shows": "stride {}"}
STRIDES_1D = integer("strides", "How many steps the window moves at a time; none: its own length.", **_OWN_STRIDE)
STRIDES_2D = plane("strides", "How many pixels the window moves at a time; none: its own size.", **_OWN_STRIDE)


def _pooled(*axes: str) -> tuple[Formula, ...]:
    return window_sizes(*axes, window="pool_size", dilation="")


POOLING = (
    Layer(
        name="MaxPooling2D",
        family="pooling",
        arithmetic="largest_of_window",
        summary="Keeps the largest value of each window, which halves an image by default.",
        terms=("max pool", "downsample", "subsample", "shrink"),
        params=(_window_2d(default=(2, 2)), STRIDES_2D, PADDING, DATA_FORMAT),
        formulas=_pooled("height", "width"),
    ),
    Layer(
        name="AveragePooling2D",
        family="pooling",
        arithmetic="mean_of_window",
        summary="Takes the mean of each window.",
        terms=("average pool", "avg pool", "mean", "downsample", "subsample", "shrink"),
        params=(_window_2d(start=(2, 2)), STRIDES_2D, PADDING, DATA_FORMAT),
        formulas=_pooled("height", "width"),
    ),
    Layer(
        name="GlobalAveragePooling2D",
        family="pooling",
        arithmetic="mean_of_all",
        summary="The mean of each channel over the whole image.",
        terms=("gap", "mean", "flatten"),
        params=(KEEPDIMS, DATA_FORMAT),
    ),
    Layer(
        name="GlobalMaxPooling2D",
        family="pooling",
        arithmetic="largest_of_all",
        summary="The largest value of each channel over the whole image.",
        terms=("max pool", "flatten"),
        params=(KEEPDIMS, DATA_FORMAT),
    ),
    Layer(
        name="MaxPooling1D",
        family="pooling",
        arithmetic="largest_of_window",
        summary="Keeps the largest value of each window of a sequence.",
        terms=("max pool", "downsample", "subsample"),
        params=(_window_1d(default=2), STRIDES_1D, PADDING, DATA_FORMAT),
        formulas=_pooled("steps"),
    ),
    Layer(
        name="AveragePooling1D",
        family="pooling",
        arithmetic="mean_of_window",
        summary="Takes the mean of each window of a sequence.",
        terms=("average pool", "avg pool", "mean", "downsample", "subsample"),
        params=(_window_1d(start=2), STRIDES_1D, PADDING, DATA_FORMAT),
        formulas=_pooled("steps"),
    ),
    Layer(
        name="GlobalAveragePooling1D",
        family="pooling",
        arithmetic="mean_of_all",
        summary="The mean of each feature over all steps.",
        terms=("gap", "mean", "flatten"),
        params=(KEEPDIMS, DATA_FORMAT),
    ),
    Layer(
        name="GlobalMaxPooling1D",
        family="pooling",
        arithmetic="largest_of_all",
        summary="The largest value of each feature over all steps.",
        terms=("max pool", "flatten"),
        params=(KEEPDIMS, DATA_FORMAT),
    ),
)
