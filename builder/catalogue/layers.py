"""LAYERS: one record per layer type, from the files of their families."""

from .attention import ATTENTION
from .convolution import CONVOLUTION
from .core import CORE
from .merge import MERGE
from .normalisation import NORMALISATION
from .pooling import POOLING
from .preprocessing import PREPROCESSING
from .record import Layer
from .recurrent import RECURRENT
from .regularisation import REGULARISATION
from .reshape import RESHAPE

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


def facts(layer: str) -> Layer:
    """The record of a layer type; of one that the catalogue has not, a record without any fact."""
    return LAYERS.get(layer) or Layer(name=layer, family="core", summary="")
