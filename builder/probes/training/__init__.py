"""Statistics of a training: weights, activations, dead units, calibration and the loss landscape."""

from . import calibration, changing_weights, dead, histograms, landscape, testing

MODULES = (histograms, dead, calibration, landscape, changing_weights, testing)
