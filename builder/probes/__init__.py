"""Probes, ways to look inside a run, by family: a module of a family names its OPERATIONS, which the kernel answers, and its PROBES, for the command line."""

from . import attention, attribution, autoencoder, compare, convolution, input, layers, neurons, recurrent, training
from .model.record import Operation, Probe

FAMILIES = (layers, attribution, training, attention, recurrent, autoencoder, neurons, convolution, compare, input)
MODULES = tuple(module for family in FAMILIES for module in family.MODULES)
OPERATIONS: dict[str, Operation] = {each.__name__: each for module in MODULES for each in getattr(module, "OPERATIONS", ())}
PROBES: dict[str, Probe] = {each.name: each for module in MODULES for each in getattr(module, "PROBES", ())}

__all__ = ["FAMILIES", "MODULES", "OPERATIONS", "PROBES"]
