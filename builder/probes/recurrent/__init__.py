"""Recurrent layers: gates, hidden and cell states, gradients through time, and the stretches that units respond to."""

from . import brush, gates, lookback, through_time, top_stretches

MODULES = (gates, lookback, through_time, brush, top_stretches)
