"""The activations by name, and their curves in pure Python for a form's small drawing."""

from collections.abc import Callable, Sequence
from math import erf, exp, expm1, log1p, sqrt, tanh


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def _softplus(x: float) -> float:
    return max(x, 0) + log1p(exp(-abs(x)))


def _exp(x: float) -> float:
    return exp(min(x, 700))


def _selu(x: float) -> float:
    return 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * expm1(x))


def _sparse_plus(x: float) -> float:
    return 0 if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4


_CURVES: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x,
    "relu": lambda x: max(x, 0),
    "sigmoid": _sigmoid,
    "tanh": tanh,
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x,
    "elu": lambda x: x if x > 0 else expm1(x),
    "selu": _selu,
    "gelu": lambda x: x * (1 + erf(x / sqrt(2))) / 2,
    "silu": lambda x: x * _sigmoid(x),
    "softplus": _softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    "exponential": _exp,
    "relu6": lambda x: min(max(x, 0), 6),
    "hard_sigmoid": lambda x: min(max(x / 6 + 0.5, 0), 1),
    "hard_silu": lambda x: x * min(max(x / 6 + 0.5, 0), 1),
    "hard_tanh": lambda x: min(max(x, -1), 1),
    "log_sigmoid": lambda x: -_softplus(-x),
    "mish": lambda x: x * tanh(_softplus(x)),
    "celu": lambda x: x if x > 0 else expm1(x),
    "squareplus": lambda x: (x + sqrt(x * x + 4)) / 2,
    "tanh_shrink": lambda x: x - tanh(x),
    "soft_shrink": lambda x: x - 0.5 if x > 0.5 else x + 0.5 if x < -0.5 else 0,
    "hard_shrink": lambda x: x if abs(x) > 0.5 else 0,
    "sparse_plus": _sparse_plus,
    "sparse_sigmoid": lambda x: min(max((x + 1) / 2, 0), 1),
}
ACROSS_UNITS = ("softmax", "log_softmax")  # of one number alone they say nothing
ACTIVATIONS: tuple[str, ...] = (
    "relu",
    "sigmoid",
    "tanh",
    ACROSS_UNITS[0],
    *(name for name in _CURVES if name not in ("relu", "sigmoid", "tanh")),
    ACROSS_UNITS[1],
)


def curve(name: str, xs: Sequence[float]) -> list[float]:
    """The activation's value at each x.

    Raises:
        KeyError: there is no activation of this name, or it is one of ACROSS_UNITS, which has no curve.
    """
    return [float(_CURVES[name](x)) for x in xs]
