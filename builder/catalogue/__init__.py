"""LAYERS: one record per layer type, the collection that palette, forms, checks, code and tests read."""

from .activations import ACTIVATIONS, curve
from .arithmetic import Explanation, explain
from .attention import ATTENTION
from .axis_names import axes
from .convolution import CONVOLUTION
from .core import CORE
from .merge import MERGE
from .normalisation import NORMALISATION
from .pooling import POOLING
from .preprocessing import PREPROCESSING
from .record import REQUIRED, Formula, Layer, Param, Port
from .recurrent import RECURRENT
from .regularisation import REGULARISATION
from .reshape import RESHAPE

__all__ = ["ACTIVATIONS", "LAYERS", "REQUIRED", "Explanation", "Formula", "Layer", "Param", "Port", "axes", "curve", "explain"]

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for family in (
        CORE,
        CONVOLUTION,
        POOLING,
        RECURRENT,
        ATTENTION,
        NORMALISATION,
        REGULARISATION,
        MERGE,
        RESHAPE,
        PREPROCESSING,
    )
    for layer in family
}
