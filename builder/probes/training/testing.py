"""Evaluation on the test part, the samples that were kept unseen."""

from math import isfinite
from pathlib import Path
from typing import Any

from builder.errors import BuilderError
from builder.probes.model.batches import one_or_many
from builder.probes.model.loaded import loaded
from builder.probes.model.predicting import raw_scores
from builder.probes.model.record import Found
from builder.probes.model.samples import part
from builder.probes.training.mistakes import mistakes
from builder.runs.examples import TESTED_AT_ONCE, plan


def test(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Evaluation: the run's loss and metrics on its test part, with its last weights: `metrics`, `samples` and `epoch`.

    Of a classifier the arrays are those of `mistakes`: its confusion matrix, its report by class and its wrong samples.
    """
    from builder import recipes

    run = loaded(Path(arguments["run"]), arguments.get("epoch"))
    ends = [[tuple(end.shape[1:]) for end in side] for side in (run.model.inputs, run.model.outputs)]
    planned = plan(run.network, run.settings, *ends)
    recipes.compile(run.model, run.settings, planned.proposal)
    unseen = part(run.settings, "test")
    x, y = planned.measured(unseen)
    at_once = max(run.settings.batch_size, TESTED_AT_ONCE)
    values = run.model.evaluate(one_or_many(x), y, batch_size=at_once, verbose=0, return_dict=True)
    wrong = [name for name, value in values.items() if not isfinite(value)]
    if wrong:
        raise BuilderError("The test", "weights that are numbers", f"{wrong[0]} that is none", "Train again with a lower learning rate.")
    told = {"metrics": {name: float(value) for name, value in values.items()}, "samples": len(unseen), "epoch": run.epoch}
    if not recipes.rates_classes(run.settings.recipe, planned.dataset):
        return told, {}
    outputs = run.model.predict(one_or_many(x), batch_size=at_once, verbose=0)
    return told, mistakes(outputs, raw_scores(run), unseen.x, unseen.y, len(planned.dataset.classes))


OPERATIONS = (test,)
