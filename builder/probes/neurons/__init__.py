"""Neurons of dense layers: their responses over the plane, their weights, and what changes when a weight is set by hand."""

from . import plane, weights, what_if

MODULES = (plane, weights, what_if)
