"""Code generation: a Network as the Keras program or the notebook that a person would write, with its training; what is shown is what runs."""

from .jupyter import notebook
from .script import Ends, program

__all__ = ["Ends", "notebook", "program"]
