"""`model.keras` of a run: its model as a file of Keras's own, compiled; of a play that was ended it is made when it is first asked for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder import files, recipes
from builder.errors import BuilderError
from builder.probes.model.record import Found
from builder.runs.checkpoint import set_layer_weights
from builder.runs.examples import plan
from builder.runs.load import model_at
from builder.runs.record import Settings
from builder.runs.run_folder import last_path, network, settings


def write_model(place: Path, model: Any, chosen: Settings, proposal: recipes.Proposal, state: Sequence[Any] | None = None) -> None:
    """Write a model of the run, so that Keras alone can read and test it, and with the optimizer's `state` go on training it."""
    recipes.compile(model, chosen, proposal, own=False)
    model.optimizer.build(model.trainable_variables)
    for mine, theirs in zip(model.optimizer.variables, state or (), strict=state is not None):
        mine.assign(theirs)
    files.write(place / "model.keras", lambda new: model.save(new))


def model_of_play(arguments: dict[str, Any], arrays: Found) -> tuple[dict[str, Any], Found]:
    """Write the model of a play that was ended, with the weights that it ended with: nobody had kept it, so it left these alone.

    Raises:
        BuilderError: the disk takes no file.
    """
    place = Path(arguments["run"])
    model, chosen = model_at(place, 0), settings(place)
    set_layer_weights(model, files.unpack(last_path(place)))
    ends = ([tuple(end.shape[1:]) for end in side] for side in (model.inputs, model.outputs))
    try:
        write_model(place, model, chosen, plan(network(place), chosen, *ends).proposal)
    except Exception as error:
        if not (refused := files.refusal(error)):
            raise
        raise BuilderError("model.keras", "room to be written", f"the answer “{refused[0]}”", f"{refused[1]}, then try again.") from error
    return {}, {}
