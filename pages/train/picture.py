"""Live predictions of a run on fixed samples: one component that asks for each epoch's picture as the epochs come."""

from builder.figures import palette
from builder.runs import RunSummary
from builder.runs.run_folder import folder
from builder.training.pictures.folder import pictured
from pages.explore.drawing import SCALES
from pages.frame.component import component

_COMPONENT = component("picture", "train/picture", html='<div class="inspect"></div>', css=["draw/panel.css", "train/picture.css"])


def picture(run: RunSummary) -> None:
    """The picture of a run that has one, or that may still get one."""
    if run.status.alive or pictured(folder(run.id)):
        classes = {"light": palette.CLASSES, "dark": palette.CLASSES_DARK}
        _COMPONENT(
            key=f"picture {run.id}",
            data={"run": run.id, "name": run.name, "status": run.status.value, "first": run.at_first, "scales": SCALES, "classes": classes},
        )
