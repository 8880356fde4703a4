"""A Network as the Keras program or the notebook that a person would write: what is shown is what runs."""

from builder.code.notebook import notebook
from builder.code.program import program

__all__ = ["notebook", "program"]
