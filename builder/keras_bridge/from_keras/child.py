"""Sandboxed process (rlimits) that opens an untrusted file: `python -m builder.keras_bridge.from_keras.child FILE` prints JSON.

It limits itself before it reads a byte: memory, processor time, files it may write (none).
"""

import json
import resource
import sys
from pathlib import Path

from builder.errors import BuilderError

MEMORY = 2 * 2**30  # bytes of address space
SECONDS = 20  # of processor time


def limit() -> None:
    """Resource limits (RLIMIT) of this process; none can be raised again."""
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(what, (most, most))


def answer(path: Path) -> dict[str, object]:
    """`{network, notes}`, or `{error}`."""
    from builder.keras_bridge.from_keras import config_of, network_of

    try:
        opened = network_of(config_of(path), path.stem)
    except BuilderError as error:
        return {"error": error.as_dict()}
    except (MemoryError, RecursionError):
        return {"error": BuilderError(path.name, "an architecture that fits into memory", "one that does not").as_dict()}
    return {"network": opened.network.model_dump(mode="json"), "notes": list(opened.notes)}


if __name__ == "__main__":
    limit()
    print(json.dumps(answer(Path(sys.argv[1]))))
