"""Every layer of a run for one input: its outputs, its weights, and the arithmetic of each of their numbers."""

from . import filters, inspection, lens, lenses, overview

MODULES = (inspection, filters, overview, lens, lenses)
