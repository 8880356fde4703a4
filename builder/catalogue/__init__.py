"""LAYERS: one record per layer type, the collection that palette, forms, checks, code and tests read."""

from .activations import ACROSS_UNITS, ACTIVATIONS, curve
from .arithmetic import Explanation, explain
from .axis_names import axes
from .card_text import settings_text
from .families import FAMILIES
from .layers import LAYERS, facts
from .limits import check_params
from .record import REQUIRED, Formula, Layer, Param, Port

__all__ = [
    "ACROSS_UNITS",
    "ACTIVATIONS",
    "FAMILIES",
    "LAYERS",
    "REQUIRED",
    "Explanation",
    "Formula",
    "Layer",
    "Param",
    "Port",
    "axes",
    "check_params",
    "curve",
    "explain",
    "facts",
    "settings_text",
]
