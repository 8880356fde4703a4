"""Explore's left column: the input and what the network says of it; a changed one beside the original."""

from html import escape
from typing import Any

import streamlit as st

from builder.datasets import Dataset
from builder.datasets.typed_tokens import joined, spelled, vocabulary
from builder.figures.maps import Picture, input_picture, layer_picture
from builder.words import format_number
from pages.explore import html as marks
from pages.explore.input import choose
from pages.explore.input.own_inputs import EDIT, source
from pages.explore.line import lines
from pages.explore.view import Inspection

MOST = 5  # classes
WIDE, OWN = 180, 112  # pixels of a sample, and of what became of a drawing or a photograph


def show(dataset: Dataset, found: Inspection, original: Inspection | None, words: str, steps: tuple[str, ...]) -> None:
    """Input, preprocessing steps and prediction; with an original both of them beside each other."""
    if original is None:
        if source(dataset) != EDIT or dataset.kind == "sequence":  # sliders show their numbers themselves
            choose.show_input(dataset, found, OWN if steps else WIDE)
        choose.show_prediction(found, dataset)
    else:
        both(dataset, original, found, words)
        predictions(original.answer["prediction"], found.answer["prediction"])
    choose.show_steps(found, steps)


def both(dataset: Dataset, original: Inspection, found: Inspection, words: str) -> None:
    """Two pictures, or two columns of numbers."""
    one, other = original.arrays["raw"], found.arrays["raw"]
    titles = "Original", words[:1].upper() + words[1:]
    if dataset.kind in ("table", "points") and len(dataset.features) == one.size:
        pairs = {
            name: f"{format_number(float(a))} → {format_number(float(b))}"
            for name, a, b in zip(dataset.features, one.reshape(-1), other.reshape(-1), strict=True)
        }
        st.html(marks.note(f"{titles[0]} → {titles[1].lower()}") + marks.figures(pairs))
        return
    if dataset.kind == "tokens":
        st.html(marks.figures(dict(zip(titles, (tokens(dataset, each) for each in (one, other)), strict=True))))
        return
    if dataset.kind == "sequence" and one.ndim == 2:
        st.html(
            lines([one, other], dataset.features, f"Original and {words}")
            + marks.note(f"Grey: the original. {'In colour' if len(dataset.features) > 1 else 'Blue'}: {words}.")
        )
        return
    pictures = (picture(dataset, one, 112), picture(dataset, other, 112))
    cells = (
        f"<figure>{marks.image(each, title)}<figcaption>{escape(title)}</figcaption></figure>"
        for each, title in zip(pictures, titles, strict=True)
    )
    st.html(f'<div class="explore-both">{"".join(cells)}</div>')


def tokens(dataset: Dataset, raw: Any) -> str:
    """Tokens as words."""
    return joined([vocabulary(dataset)[int(number)] for number in raw], dataset)


def picture(dataset: Dataset, raw: Any, side: int) -> Picture:
    """An input as it is drawn in the left column."""
    if dataset.kind == "image":
        return input_picture(raw, dataset.low, dataset.high, side=side)
    return layer_picture(raw, side=side, width=side)


def predictions(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Both predictions, class by class where there are some."""
    if one["kind"] == other["kind"] == "classes":
        st.html(bars(one, other) + marks.note(verdict(one, other)))
        return
    st.html(marks.figures({"Original": prediction_text(one), "Changed": prediction_text(other)}))


def verdict(one: dict[str, Any], other: dict[str, Any]) -> str:
    """The change of the prediction, in one sentence."""
    before, after = one["classes"][one["answer"]], other["classes"][other["answer"]]
    return f"It says {after} instead of {before}." if before != after else f"It still says {before}."


def prediction_text(said: dict[str, Any]) -> str:
    """A prediction that is no class, short."""
    if said["kind"] == "again":
        return f"mean squared error {format_number(said['error'])}"
    if said["kind"] == "steps":
        return spelled(said["classes"][number] for number in said["answer"])
    return ", ".join(map(format_number, said.get("values", said.get("probabilities", []))[:8]))


def bars(one: dict[str, Any], other: dict[str, Any]) -> str:
    """The likeliest classes of both: the original's bar above, the changed one's below it."""
    pairs = list(zip(one["probabilities"], other["probabilities"], strict=True))
    order = sorted(range(len(pairs)), key=lambda place: -max(pairs[place]))[:MOST]
    return f'<div class="explore-bars pair">{"".join(_row(one["classes"][row], *pairs[row]) for row in order)}</div>'


def _row(name: str, before: float, after: float) -> str:
    tracks = "".join(
        f'<span class="track"><span class="bar{kind}" style="width: {min(max(chance, 0), 1) * 100:.1f}%"></span></span>'
        for chance, kind in ((before, ""), (after, " first"))
    )
    words = f'<span class="name" title="{escape(name)}">{escape(name)}</span>'
    return f'{words}<span class="tracks">{tracks}</span><span class="share">{before:.2f} → {after:.2f}</span>'
