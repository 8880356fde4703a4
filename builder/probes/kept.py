"""An inspection kept in a run's folder, `inspection.npz`: the run that ships has one, so that its first paint needs no Keras."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from .record import Found

NAME = "inspection.npz"


def write_inspection(run_folder: Path, answer: dict[str, Any], arrays: Found) -> None:
    """Keep what the operation `inspect` answered; outputs are rounded to half precision, pictures show no difference."""
    small = {name: value.astype("float16") if name.startswith("layer:") else value for name, value in arrays.items()}
    np.savez_compressed(run_folder / NAME, answer=np.frombuffer(json.dumps(answer).encode(), np.uint8), **small)  # type: ignore[arg-type]


def read_inspection(run_folder: Path) -> tuple[dict[str, Any], Found] | None:
    """What was kept, None where nothing was."""
    try:
        with np.load(run_folder / NAME, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError):
        return None
    answer = json.loads(found.pop("answer").tobytes())
    return answer, {name: value.astype("float32") if value.dtype == np.float16 else value for name, value in found.items()}
