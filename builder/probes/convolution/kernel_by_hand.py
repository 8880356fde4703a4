"""Convolution and pooling by hand: a kernel of a person's own, or a window, over a picture, as a layer computes it."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from builder.errors import BuilderError
from builder.words import format_count

SIDES = (2, 3, 4, 5, 6, 7)
DOES = {"sum": "weighted sum", "max": "maximum", "average": "average"}  # what becomes of a window: convolution, pooling
MOST_STRIDE, MOST_DILATION = 4, 4
LARGEST = 1e6  # of a weight or the bias
PADDINGS = {"same": "same, zeros around", "valid": "valid, none"}

PRESETS: dict[str, tuple[tuple[float, ...], ...]] = {
    "Identity": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "Blur": ((1, 1, 1), (1, 1, 1), (1, 1, 1)),
    "Sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "Horizontal edges": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "Vertical edges": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "All edges": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "Emboss": ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
}
DIVIDED = ("Blur",)  # presets whose numbers are divided by their sum


class Kernel(NamedTuple):
    """A convolution kernel as it is typed: `weights` (rows of columns), and what is done with them.

    `does`: one of DOES; pooling asks for the window's size, the stride and the padding alone.
    `divide`: by the weights' sum where that is not 0; `flipped`: turned by half a turn, a convolution in the mathematical
    sense; `relu`: numbers below 0 become 0.
    """

    weights: tuple[tuple[float, ...], ...] = PRESETS["Identity"]
    stride: int = 1
    padding: str = "same"
    dilation: int = 1
    divide: bool = False
    flipped: bool = False
    bias: float = 0.0
    relu: bool = False
    does: str = "sum"

    @property
    def array(self) -> np.ndarray:
        """The kernel's weights (height, width) as they are laid on the picture: flipped and divided where that is asked for."""
        found = np.array(self.weights, "float64")
        total = found.sum()
        found = found / total if self.divide and total else found
        return found[::-1, ::-1] if self.flipped else found


def read(data: Mapping[str, Any]) -> Kernel:
    """A kernel from what the browser sends.

    Raises:
        BuilderError: it is not square, of another size, or not of numbers.
    """
    rows = data.get("weights")
    side = len(rows) if isinstance(rows, Sequence) else 0
    if side not in SIDES or not all(isinstance(row, Sequence) and len(row) == side for row in rows or ()):
        raise BuilderError("The kernel", f"as many rows as columns, {SIDES[0]} to {SIDES[-1]}", format_count(side, "row"))
    weights = tuple(tuple(_real("A number of the kernel", value) for value in row) for row in rows or ())
    padding = data.get("padding")
    if padding not in PADDINGS:
        raise BuilderError("The padding", f"one of {', '.join(PADDINGS)}", repr(padding))
    does = data.get("does", "sum")
    if does not in DOES:
        raise BuilderError("What becomes of a window", f"one of {', '.join(DOES)}", repr(does))
    stride = _whole("The stride", data.get("stride"), MOST_STRIDE)
    if does != "sum":
        return Kernel(weights, stride, str(padding), does=str(does))
    return Kernel(
        weights,
        stride,
        str(padding),
        _whole("The dilation", data.get("dilation"), MOST_DILATION),
        bool(data.get("divide")),
        bool(data.get("flipped")),
        _real("The bias", data.get("bias")),
        bool(data.get("relu")),
    )


def _real(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or abs(value) > LARGEST:
        raise BuilderError(name, f"a number from {-LARGEST:,.0f} to {LARGEST:,.0f}", repr(value))
    return float(value)


def _whole(name: str, value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise BuilderError(name, f"a whole number from 1 to {most}", repr(value))
    return value


def reach(kernel: Kernel) -> int:
    """The receptive field of one number, in pixels along an axis: dilation · (k − 1) + 1."""
    return kernel.dilation * (len(kernel.weights) - 1) + 1


def padded(length: int, kernel: Kernel) -> tuple[int, int]:
    """Zero padding before and after an axis, as Keras puts it: "same" gives ceil(length / stride) windows."""
    if kernel.padding == "valid":
        return 0, 0
    total = max((-(-length // kernel.stride) - 1) * kernel.stride + reach(kernel) - length, 0)
    return total // 2, total - total // 2


def over(picture: np.ndarray, kernel: Kernel) -> np.ndarray:
    """Each channel's windows times the kernel plus the bias, or pooled: floor((n + padding − reach) / stride) + 1 along each axis.

    The padding counts as 0 in a sum, and not at all in a maximum or an average.

    Args:
        picture: (height, width, channels), each channel taken alone.

    Returns:
        (height, width, channels), float64.

    Raises:
        BuilderError: the window is larger than the picture.
    """
    height, width = picture.shape[:2]
    if kernel.padding == "valid" and reach(kernel) > min(height, width):
        hint = "Take padding same, a smaller kernel or less dilation."
        raise BuilderError("The kernel", f"at most {min(height, width)} pixels of the picture", f"a window of {reach(kernel)}", hint)
    none = 0.0 if kernel.does == "sum" else np.nan
    around = np.pad(picture.astype("float64"), (padded(height, kernel), padded(width, kernel), (0, 0)), constant_values=none)
    windows = np.lib.stride_tricks.sliding_window_view(around, (reach(kernel), reach(kernel)), axis=(0, 1))
    chosen = windows[:: kernel.stride, :: kernel.stride, :, :: kernel.dilation, :: kernel.dilation]
    if kernel.does != "sum":
        return (np.nanmax if kernel.does == "max" else np.nanmean)(chosen, axis=(3, 4))
    found = np.einsum("hwcij,ij->hwc", chosen, kernel.array) + kernel.bias
    return np.maximum(found, 0) if kernel.relu else found


def gap(found: np.ndarray, rows: Sequence[float], columns: Sequence[float]) -> float:
    """How far sums over rows and columns are from an array's (height, width, channels) own, by the size of its numbers.

    Every number counts in two sums, so that a wrong one shows.

    Raises:
        BuilderError: there are more or fewer sums than rows and columns.
    """
    own = np.concatenate([found.sum(axis=(1, 2)), found.sum(axis=(0, 2))])
    told = np.array([*rows, *columns], "float64")
    if len(rows) != found.shape[0] or told.shape != own.shape:
        raise BuilderError("The check", f"{found.shape[0]} + {found.shape[1]} sums", f"{len(rows)} + {len(columns)}")
    return float(np.abs(told - own).max(initial=0) / max(np.abs(found).sum(axis=(1, 2)).max(initial=0), 1))
