"""Feature maps and prediction: what every layer of a run makes of one input, and what the network says about it."""

from pathlib import Path
from typing import Any

import numpy as np

from builder.probes.model.loaded import Loaded, loaded, outputs
from builder.probes.model.ports import split
from builder.probes.model.predicting import prediction
from builder.probes.model.record import Found, Probe
from builder.probes.model.samples import Sample, given, sample
from builder.runs.run_folder import epochs

from .layer_outputs import all_outputs, forward
from .layer_outputs import figures as statistics

MOST_MAPS = 64  # of a layer, where not all are asked for


def inspect(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Forward pass: every layer's output for one input at an epoch.

    Args:
        arguments: `run` (its folder), `epoch` (None: the last kept), `part` and `sample` (a place in it) unless the array
            `input` is given, `layers` (names; None: all), `most` maps of a layer (None: all). No layers
            at all: the prediction alone, which is answered where all outputs together would be too large for the memory, too.

    Returns:
        `layers` [{name, layer, shape, low, high, mean, zeros, maps}], `prediction`, `epoch`, `epochs`, `part`, `sample`,
        `count`, `steps`; arrays `raw` (as the dataset has it), `input` (as the network got it) and `layer:NAME`.
    """
    run = loaded(arguments["run"], arguments.get("epoch"))
    place, name = int(arguments.get("sample") or 0), arguments.get("part") or "test"
    one = given(run, arrays["input"]) if "input" in arrays else sample(run, name, place)
    asked, most = arguments.get("layers"), arguments.get("most", MOST_MAPS)
    values = {run.network.outputs[0].name: forward(run, one, {})[1]} if asked == [] else all_outputs(run, one)
    answer = {
        "layers": [] if asked == [] else [figures(run, layer, value) for layer, value in values.items()],
        "prediction": prediction(run, values, one),
        "epoch": run.epoch,
        "epochs": epochs(arguments["run"]),
        "part": name,
        "sample": place,
        "count": one.among,
        "steps": list(one.steps),
    }
    wanted = {f"layer:{layer}": first_maps(value, most) for layer, value in values.items() if asked is None or layer in asked}
    return answer, {"raw": one.raw, "input": one.x[0], **wanted}


def first_maps(value: np.ndarray, most: int | None) -> np.ndarray:
    """The first feature maps of an output (..., maps); rows of numbers stay whole."""
    return value if most is None or value.ndim < 3 else value[..., :most]


def figures(run: Loaded, name: str, value: np.ndarray) -> dict[str, Any]:
    """A layer's statistics over its whole output; `zeros` is the share of exact zeros, `wrong` that of NaN and infinity."""
    maps = int(value.shape[-1]) if value.ndim > 2 else 1
    return {
        "name": name,
        "layer": run.network.node(split(run.network, name)[0]).layer,
        "shape": list(value.shape),
        **statistics(value),
        "maps": maps,
    }


def feature_maps(run_folder: Path, epoch: int | None, place: int, layer: str | None) -> Found:
    """Feature maps, one array a layer, for a sample of the test part, axes as the layer gives them, and the `input`."""
    run = loaded(run_folder, epoch)
    one: Sample = sample(run, "test", place)
    values = outputs(run, one.x, *one.more)
    return {"input": one.x[0], **{name: value for name, value in values.items() if layer in (None, name, split(run.network, name)[0])}}


FEATURE_MAPS = Probe(
    name="feature_maps",
    title="Feature maps",
    summary="What every layer makes of one input.",
    compute=feature_maps,
    by_layer=True,
)


OPERATIONS = (inspect,)
PROBES = (FEATURE_MAPS,)
