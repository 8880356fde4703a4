"""The run's own picture: one component that asks for what the network makes of the fixed samples, as the epochs come."""

from pathlib import Path

import streamlit as st

from builder.figures import palette
from builder.runs import RunSummary
from builder.runs.run_folder import folder
from builder.training.pictures.folder import pictured
from pages.explore.drawing import SCALES

ROOT = Path(__file__).resolve().parent.parent.parent
# Inline scripts run from a blob: address, where only whole addresses resolve.
SCRIPT = """
const picture = import(new URL("/assets/train/picture.js", document.baseURI).href);
export default function (component) {
  picture.then((module) => module.draw(component));
  return () => picture.then((module) => module.leave(component.parentElement));
}
"""
_COMPONENT = st.components.v2.component(
    "layerloom_picture",
    html='<div class="inspect"></div>\n',
    css="\n".join((ROOT / "assets" / path).read_text() for path in ("draw/panel.css", "train/picture.css")),
    js=SCRIPT,
)


def picture(run: RunSummary) -> None:
    """The picture of a run that has one, or that may still get one."""
    if run.status.alive or pictured(folder(run.id)):
        classes = {"light": palette.CLASSES, "dark": palette.CLASSES_DARK}
        _COMPONENT(
            key=f"picture {run.id}",
            data={"run": run.id, "name": run.name, "status": run.status.value, "scales": SCALES, "classes": classes},
        )
