"""The analysis of the network that is on the canvas at the first visit, as data: `python -m builder.keras_bridge.shipped` writes it."""

import json
from pathlib import Path

from builder import zoo
from builder.keras_bridge.analysis import analyse

PATH = Path(__file__).resolve().parents[2] / "assets" / "default" / "analysis.json"
NETWORK = "digit_cnn"


def shipped() -> str:
    """The network and its analysis, the traced second look included, as JSON text."""
    network = zoo.network(NETWORK)
    return (
        json.dumps({"network": network.model_dump(mode="json"), "analysis": analyse(network, deep=True).model_dump(mode="json")}, indent=1)
        + "\n"
    )


if __name__ == "__main__":
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(shipped())
