"""Convolutions: one small kernel slides over the whole input. Keras's convolution is cross-correlation: the kernel isn't flipped."""

from .param import Param
from .record import Formula, Layer
from .shared import ACTIVATION, DATA_FORMAT, DENSE_WEIGHTS, USE_BIAS, choice, integer, plane, weights

WINDOW = 4_096  # the largest kernel, stride and dilation a form takes
FILTERS = integer("filters", "How many kernels, each giving one channel of the output.", start=32, high=65_536, shows="{} filters")
DEPTH = integer("depth_multiplier", "How many outputs each input channel gives.", default=1, high=1024, shows="depth × {}")
GROUPS = integer("groups", "Into how many separate groups the channels are split.", default=1, high=65_536, more=True, shows="{} groups")

KERNEL_1D = integer("kernel_size", "The length of the sliding window in steps.", start=3, high=WINDOW, shows="{}")
KERNEL_2D = plane("kernel_size", "Height and width of the sliding window.", start=(3, 3), high=WINDOW, shows="{}")
STRIDES_1D = integer("strides", "How many steps the window moves at a time.", default=1, high=WINDOW, shows="stride {}")
STRIDES_2D = plane("strides", "How many pixels the window moves at a time.", default=(1, 1), high=WINDOW, shows="stride {}")
DILATION_1D = integer(
    "dilation_rate", "The distance between neighbours in the window.", default=1, high=WINDOW, more=True, shows="dilation {}"
)
DILATION_2D = plane(
    "dilation_rate", "The distance between neighbours in the window.", default=(1, 1), high=WINDOW, more=True, shows="dilation {}"
)
_PADDING = "Valid: only where the whole window fits; same: zeros around the border keep the size"
PADDING = choice("padding", f"{_PADDING}.", ("valid", "same"), "valid", shows="{}")
PADDING_CAUSAL = choice(
    "padding", f"{_PADDING}; causal: only zeros before, so no step sees the future.", ("valid", "same", "causal"), "valid", shows="{}"
)
OUTPUT_PADDING_1D = integer(
    "output_padding", "Steps added at the output's end.", default=None, optional=True, low=0, high=WINDOW, more=True
)
OUTPUT_PADDING_2D = plane(
    "output_padding", "Rows and columns added at the output's end.", default=None, optional=True, low=0, high=WINDOW, more=True
)

DEPTHWISE_WEIGHTS = weights(depthwise="glorot_uniform", bias="zeros")
SEPARABLE_WEIGHTS = weights(depthwise="glorot_uniform", pointwise="glorot_uniform", bias="zeros")


def _names(param: str, axis: str) -> str:
    """`strides` along height is `strides_height`; along the only axis of a sequence just `strides`."""
    return param if axis == "steps" else f"{param}_{axis}"


def window_sizes(*axes: str, window: str = "kernel_size", dilation: str = "dilation_rate") -> tuple[Formula, ...]:
    """Output size along each axis that a window slides over, by padding; a pooling window has no dilation ("")."""
    formulas = []
    for axis in axes:
        stride, width = _names("strides", axis), _names(window, axis)
        width = f"span({width}, {_names(dilation, axis)})" if dilation else width
        valid, same = f"floor(({axis} - {width}) / {stride}) + 1", f"ceil({axis} / {stride})"
        formulas += [
            Formula(label=axis.capitalize(), axis=axis, expression=expression, when={"padding": padding})
            for padding, expression in (("valid", valid), ("same", same), ("causal", same))
        ]
    return tuple(formulas)


def _transposed_sizes(*axes: str) -> tuple[Formula, ...]:
    """Output size along each axis of a transposed convolution; `output_padding` set overrules Keras's own choice."""
    formulas = []
    for axis in axes:
        kernel, stride, dilation, extra = (_names(param, axis) for param in ("kernel_size", "strides", "dilation_rate", "output_padding"))
        span = f"span({kernel}, {dilation})"
        own = {"valid": f"{axis} * {stride} + max({span} - {stride}, 0)", "same": f"{axis} * {stride}"}
        base = f"({axis} - 1) * {stride} + {span}"
        given = {"valid": f"{base} + {extra}", "same": f"{base} - 2 * floor({span} / 2) + {extra}"}
        for padding in ("valid", "same"):
            formulas += [
                Formula(label=axis.capitalize(), axis=axis, expression=own[padding], when={"padding": padding, "output_padding": None}),
                Formula(label=axis.capitalize(), axis=axis, expression=given[padding], when={"padding": padding, "output_padding": ...}),
            ]
    return tuple(formulas)


def _sums(params: str, macs: str) -> tuple[Formula, ...]:
    return (Formula(label="Parameters", expression=params), Formula(label="Multiply-accumulates", expression=macs))


def _window(*axes: str) -> str:
    return " * ".join(_names("kernel_size", axis) for axis in axes)


def _convolution(*axes: str) -> tuple[Formula, ...]:
    fan_in = f"{_window(*axes)} * (channels / groups)"
    params, macs = _sums(f"({fan_in} + use_bias) * filters", f"product(out_places) * {fan_in} * filters")
    return (params, *window_sizes(*axes), macs)


def _transposed(*axes: str) -> tuple[Formula, ...]:
    fan_in = f"{_window(*axes)} * channels"
    params, macs = _sums(f"({fan_in} + use_bias) * filters", f"product(places) * {fan_in} * filters")
    return (params, *_transposed_sizes(*axes), macs)


def _depthwise(*axes: str) -> tuple[Formula, ...]:
    window = _window(*axes)
    params, macs = _sums(
        f"({window} + use_bias) * channels * depth_multiplier", f"product(out_places) * {window} * channels * depth_multiplier"
    )
    return (params, *window_sizes(*axes), Formula(label="Channels", axis="channels", expression="channels * depth_multiplier"), macs)


def _separable(*axes: str) -> tuple[Formula, ...]:
    depthwise = f"{_window(*axes)} * channels * depth_multiplier"
    params, macs = _sums(
        f"{depthwise} + (channels * depth_multiplier + use_bias) * filters",
        f"product(out_places) * ({depthwise} + channels * depth_multiplier * filters)",
    )
    return (params, *window_sizes(*axes), macs)


def _params(*first: Param, last: tuple[Param, ...]) -> tuple[Param, ...]:
    return (*first, DATA_FORMAT, USE_BIAS, *last)


CONVOLUTION = (
    Layer(
        name="Conv2D",
        family="convolution",
        arithmetic="convolution",
        summary="Slides small kernels over an image; each finds its own pattern wherever it is.",
        terms=("convolution", "cnn", "kernel", "filter", "image", "1x1", "dilated"),
        params=_params(FILTERS, KERNEL_2D, STRIDES_2D, PADDING, ACTIVATION, DILATION_2D, GROUPS, last=DENSE_WEIGHTS),
        formulas=_convolution("height", "width"),
    ),
    Layer(
        name="Conv1D",
        family="convolution",
        arithmetic="convolution",
        summary="Slides small kernels along a sequence; each finds its own pattern at any step.",
        terms=("convolution", "cnn", "temporal", "causal", "wavenet", "series"),
        params=_params(FILTERS, KERNEL_1D, STRIDES_1D, PADDING_CAUSAL, ACTIVATION, DILATION_1D, GROUPS, last=DENSE_WEIGHTS),
        formulas=_convolution("steps"),
    ),
    Layer(
        name="SeparableConv2D",
        family="convolution",
        arithmetic="separable_convolution",
        summary="Convolves each channel alone, then mixes them: far fewer weights than Conv2D.",
        terms=("depthwise separable", "xception", "mobilenet"),
        params=_params(FILTERS, KERNEL_2D, STRIDES_2D, PADDING, ACTIVATION, DEPTH, DILATION_2D, last=SEPARABLE_WEIGHTS),
        formulas=_separable("height", "width"),
    ),
    Layer(
        name="SeparableConv1D",
        family="convolution",
        arithmetic="separable_convolution",
        summary="Convolves each feature of a sequence alone, then mixes them.",
        terms=("depthwise separable",),
        params=_params(FILTERS, KERNEL_1D, STRIDES_1D, PADDING, ACTIVATION, DEPTH, DILATION_1D, last=SEPARABLE_WEIGHTS),
        formulas=_separable("steps"),
    ),
    Layer(
        name="DepthwiseConv2D",
        family="convolution",
        arithmetic="depthwise_convolution",
        summary="Convolves each channel with kernels of its own and mixes none.",
        terms=("depthwise", "mobilenet", "channelwise"),
        params=_params(KERNEL_2D, STRIDES_2D, PADDING, DEPTH, ACTIVATION, DILATION_2D, last=DEPTHWISE_WEIGHTS),
        formulas=_depthwise("height", "width"),
    ),
    Layer(
        name="DepthwiseConv1D",
        family="convolution",
        arithmetic="depthwise_convolution",
        summary="Convolves each feature of a sequence with kernels of its own and mixes none.",
        terms=("depthwise", "channelwise"),
        params=_params(KERNEL_1D, STRIDES_1D, PADDING, DEPTH, ACTIVATION, DILATION_1D, last=DEPTHWISE_WEIGHTS),
        formulas=_depthwise("steps"),
    ),
    Layer(
        name="Conv2DTranspose",
        family="convolution",
        arithmetic="transposed_convolution",
        summary="A convolution run backwards: grows an image, as decoders need.",
        terms=("deconvolution", "upsample", "transposed convolution", "decoder", "unet", "generator"),
        params=_params(FILTERS, KERNEL_2D, STRIDES_2D, PADDING, ACTIVATION, OUTPUT_PADDING_2D, DILATION_2D, last=DENSE_WEIGHTS),
        formulas=_transposed("height", "width"),
    ),
    Layer(
        name="Conv1DTranspose",
        family="convolution",
        arithmetic="transposed_convolution",
        summary="A convolution run backwards: grows a sequence.",
        terms=("deconvolution", "upsample", "transposed convolution", "decoder"),
        params=_params(FILTERS, KERNEL_1D, STRIDES_1D, PADDING, ACTIVATION, OUTPUT_PADDING_1D, DILATION_1D, last=DENSE_WEIGHTS),
        formulas=_transposed("steps"),
    ),
)
