"""Templates by task: network, data and recipe of each go together, and each learns something at once."""

import pytest

from builder.catalogue import LAYERS
from builder.datasets import check, record
from builder.keras_bridge import analyse, to_keras
from builder.recipes import RECIPES, compile, propose_for
from builder.runs.templates import TEMPLATES, Template
from tests.kit.training_here import a_run

EACH = pytest.mark.parametrize("template", TEMPLATES, ids=[each.task for each in TEMPLATES])
SAMPLES, EPOCHS = 256, 4


def test_there_is_a_template_for_each_task_and_none_needs_a_download() -> None:
    tasks = [each.task for each in TEMPLATES]
    assert len(set(tasks)) == 6
    assert not any(record(each.dataset).download for each in TEMPLATES)


@EACH
def test_nothing_stands_between_a_template_s_network_and_its_data(template: Template) -> None:
    dataset, network, recipe = record(template.dataset), template.network, RECIPES[template.settings.recipe]
    found = analyse(network)
    assert found.problems == ()
    assert dataset.task in recipe.tasks
    assert check(dataset, network, found, target=recipe.learns, inputs=len(recipe.takes)) == []
    proposal = propose_for(recipe, dataset, network, found, LAYERS)
    assert (proposal.needed, proposal.warnings) == ("", ())


@EACH
def test_a_template_s_loss_falls_within_a_few_steps(template: Template, home: object) -> None:
    from builder.training.training import prepare

    run = a_run(template.network, **template.settings.model_dump())
    model = to_keras(run.network)
    task = prepare(run, model)
    compile(model, run.settings, task.proposal)
    few = [each[:SAMPLES] for each in task.x], task.y[:SAMPLES]
    losses = model.fit(*few, epochs=EPOCHS, batch_size=run.settings.batch_size, verbose=0).history["loss"]
    assert losses[-1] < 0.95 * losses[0]
