"""Greedy decoding of an encoder-decoder: each step's choice, and where in the input its cross-attention looked."""

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.datasets.typed_tokens import visible
from builder.probes import attention as probes
from builder.recipes import RECIPES
from builder.runs import Run
from builder.words import format_count
from pages.explore import html as marks
from pages.explore.drawing import asked, badges, download, draw
from pages.explore.input.typed import typed
from pages.explore.view import Inspection, View

NOTE = "It reads its own tokens here, the likeliest of each step, not the right ones that it was shown while it learned."


def fits(run: Run) -> bool:
    """Whether the network is an encoder-decoder, which writes a sequence step by step."""
    recipe = RECIPES.get(run.settings.recipe)
    return recipe is not None and recipe.writes


def show(view: View, dataset: Dataset) -> None:
    """Greedy decoding: a step to choose, its probabilities and cross-attention; all steps at the right."""
    with st.spinner("Writing", show_time=False):
        found = asked(view, probes.writing.writing)
    typed_view = typed(view, dataset, found.answer["read"])
    if typed_view is not view:
        found = asked(typed_view, probes.writing.writing)
    last = len(found.answer["written"]) - 1
    st.session_state["writing_step"] = min(int(st.session_state.get("writing_step") or 0), last)
    left, right = st.columns([1.6, 2.4], gap="medium")
    with left:
        at = st.slider("Step", 0, last, key="writing_step", persist_state="session")
        one_step(found, dataset, at)
    with right:
        all_steps(found, dataset, at)
        badges(found.answer["checks"])
        download(found.arrays, "writing", "writing_npz")


def one_step(found: Inspection, dataset: Dataset, at: int) -> None:
    """One step of greedy decoding: what was written before, the next token's probabilities, and cross-attention weights."""
    answer, chances = found.answer, found.arrays["chances"][at]
    written, before = (list(map(visible, answer[name])) for name in ("written", "before"))
    rows = {"Has read": " ".join(map(visible, answer["read"])), "Has written": " ".join(before[1 : at + 1]) or "nothing yet"}
    rows["Writes now"] = f"{written[at]} ({chances.max():.3f})"
    if answer["target"]:
        rows["Right"] = visible(answer["target"][at])
    st.html(marks.figures(rows))
    bars("What this step chose from", chances, list(map(visible, dataset.classes)), "token", "token")
    if answer["looker"]:
        bars(f"Where {answer['looker']} looked", found.arrays["looks"][at], list(map(visible, answer["read"])), "input", "attention")
    st.html(marks.note(NOTE))


def bars(title: str, values: np.ndarray, names: list[str], axis: str, link: str) -> None:
    """A bar chart of numbers in their own order."""
    data = {"title": title, "values": values, "names": names, "axis": axis, "link": link, "file": title.lower()}
    draw("draw/bars", f"writing {axis}", data)


def all_steps(found: Inspection, dataset: Dataset, at: int) -> None:
    """Probabilities (steps, tokens) and cross-attention weights (steps, input) of all steps."""
    answer = found.answer
    written = list(map(visible, answer["written"]))
    one = {"share": True, "chosen": {"row": at}, "most": [20, 16]}
    matrices = [
        one
        | {
            "title": "Every step's chances",
            "values": found.arrays["chances"],
            "labels": {"rows": written, "columns": list(map(visible, dataset.classes))},
            "axes": {"rows": "written", "columns": "token"},
        }
    ]
    if answer["looker"]:
        matrices.append(
            one
            | {
                "title": "Where it looked",
                "values": found.arrays["looks"],
                "labels": {"rows": written, "columns": list(map(visible, answer["read"]))},
                "axes": {"rows": "written", "columns": "input"},
            }
        )
    draw("draw/matrix", "writing steps", {"matrices": matrices, "file": "writing"})
    st.html(marks.note(written_text(answer)))


def written_text(answer: dict[str, list[str]]) -> str:
    """All that was written, and how many of its tokens are right."""
    written, target = answer["written"], answer["target"]
    said = f"It writes {' '.join(map(visible, written))}."
    if not target:
        return said
    right = sum(one == other for one, other in zip(written, target, strict=True))
    return f"{said} Right: {right} of {format_count(len(target), 'token')}."
