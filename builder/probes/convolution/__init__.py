"""Convolution by hand: a kernel of a person's own over a picture."""

from . import photographs

MODULES = (photographs,)
