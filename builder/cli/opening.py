"""A network that a command names: of the zoo, or in a file."""

import sys
from pathlib import Path

from builder.errors import BuilderError
from builder.network import Network, load


def open_network(name: str) -> Network:
    """A network of the zoo, or from a file."""
    from builder import zoo
    from builder.engine.opening import NO_WEIGHTS, SUFFIXES, open_keras

    path = Path(name)
    if name in zoo.ZOO or (path.name == name and not path.suffix):
        return zoo.network(name)
    if path.suffix.lower() in SUFFIXES:
        network, notes = open_keras(path)
        for said in (NO_WEIGHTS, *(f"left out: {note}" for note in notes)):
            print(said, file=sys.stderr)
        return network
    if path.suffix.lower() != ".json":
        raise BuilderError(
            name,
            "to be a name of the zoo, a saved network (.json) or a model (.keras, .h5)",
            f"a {path.suffix} file" if path.suffix else "a path without one of these endings",
        )
    try:
        return load(path.read_bytes())
    except OSError as error:
        raise BuilderError(name, "a file that can be read", f"“{error.strerror}”", "Check the path.") from error
