"""Reconstructions (autoencoder): a few inputs and the network's outputs for them."""

from .record import Found, Kind
from .scene import Scene

MOST = 8
MOST_NUMBERS = 64 * 1024  # of all reconstructions, but never less than one of them


def fits(shown: Scene) -> bool:
    """The network learns its own input."""
    return not shown.supervised and len(shown.x) == 1


def choose(shown: Scene) -> Found:
    """`x0` as the network gets it, corrupted where the recipe does that, and `clean` as it should give it again."""
    most = max(1, min(MOST, MOST_NUMBERS // max(shown.x[0][0].size, 1)))
    inputs = shown.chosen(most)
    return {**inputs, "clean": shown.y[: len(inputs["x0"])]}


def take(shown: Scene, fixed: Found) -> Found:
    """`reconstruction` (samples, ...)."""
    return {"reconstruction": shown.output(fixed)}


KIND = Kind(name="rebuilt", title="Reconstructions", fits=fits, choose=choose, take=take)
