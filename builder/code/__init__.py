"""Code generation: a Network as the Keras program or the notebook that a person would write; what is shown is what runs."""

from .jupyter import notebook
from .keras_program import program

__all__ = ["notebook", "program"]
