"""Inputs: the ranges of a dataset's numbers and previews of its samples."""

from . import previews, ranges

MODULES = (previews, ranges)
