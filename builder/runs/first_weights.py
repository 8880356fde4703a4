"""First weights (warm start) of a run that went on from another's, in a program that stands alone: their source is written into it as it is here."""

from pathlib import Path
from typing import Any

import numpy as np

FILE = "first_weights.npz"  # what a run's download of them is called, which its program looks for


def begin_with(model: Any, file: str) -> None:
    """Give every layer the weights that the run began with; where their file is not here, every layer begins anew, and that is said."""
    if not Path(file).exists():
        print(f"There is no {file} here: every layer begins anew, so the numbers are other ones than the run's.")
        return
    with np.load(file) as kept:
        for layer in model.layers:
            layer.set_weights([kept[f"{layer.name}/{index}"] for index in range(len(layer.weights))])
    print(f"Begins with the weights in {file}, as the run did.")
