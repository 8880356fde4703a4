"""Evaluation on the test part, the samples that were kept unseen."""

from math import isfinite
from pathlib import Path
from typing import Any

from builder.errors import BuilderError
from builder.probes.model.loaded import loaded
from builder.probes.model.record import Found
from builder.probes.model.samples import part
from builder.runs.examples import plan


def test(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Evaluation: the run's loss and metrics on its test part, with its last weights: `metrics`, `samples` and `epoch`."""
    from builder import recipes

    run = loaded(Path(arguments["run"]), arguments.get("epoch"))
    ends = [[tuple(end.shape[1:]) for end in side] for side in (run.model.inputs, run.model.outputs)]
    planned = plan(run.network, run.settings, *ends)
    recipes.compile(run.model, run.settings, planned.proposal)
    unseen = part(run.settings, "test")
    x, y = planned.measured(unseen)
    values = run.model.evaluate(x if len(x) > 1 else x[0], y, batch_size=max(run.settings.batch_size, 32), verbose=0, return_dict=True)
    wrong = [name for name, value in values.items() if not isfinite(value)]
    if wrong:
        raise BuilderError("The test", "weights that are numbers", f"{wrong[0]} that is none", "Train again with a lower learning rate.")
    return {"metrics": {name: float(value) for name, value in values.items()}, "samples": len(unseen), "epoch": run.epoch}, {}


OPERATIONS = (test,)
