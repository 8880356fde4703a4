"""Layer outputs of a run for one input: activations, its weights, and the arithmetic of each of their numbers."""

from . import filters, inspection, lens, lenses, overview

MODULES = (inspection, filters, overview, lens, lenses)
