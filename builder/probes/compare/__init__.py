"""Comparison: every layer of two epochs, runs or inputs, and their difference."""

from . import comparison

MODULES = (comparison,)
