"""Next-token sampling: stored scores with a temperature, top-k and top-p; the network does not run again."""

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.datasets.typed_tokens import visible, vocabulary
from builder.probes.attention import sampling
from builder.words import format_count, format_number
from pages.explore import html as marks
from pages.explore.drawing import download, draw
from pages.explore.view import Inspection

MOST = 24  # tokens that are drawn, the likeliest


def fits(dataset: Dataset) -> bool:
    """Whether each step's output is the token that comes next."""
    return dataset.foretells


def show(dataset: Dataset, found: Inspection, position: int, words: list[str]) -> None:
    """Temperature, top-k and top-p sliders at the left, the probabilities before and after at the right."""
    left, right = st.columns([1.4, 3], gap="medium")
    with left:
        temperature = st.slider("Temperature", 0.0, 3.0, 1.0, 0.05, key="next_temperature", persist_state="session")
        top_k = st.slider(
            "Top-k: the most likely",
            1,
            len(vocabulary(dataset)),
            len(vocabulary(dataset)),
            key=f"next_top_k {dataset.name}",
            persist_state="session",
        )
        top_p = st.slider("Top-p: the fewest that hold", 0.01, 1.0, 1.0, 0.01, key="next_top_p", persist_state="session")
        place = st.session_state.get("next_draws", 0)
        st.button("Draw a token", icon=":material/casino:", key="next_draw", on_click=_draw)
    row = min(position, len(found.arrays["output"]) - 1)
    k, p = top_k if top_k < len(vocabulary(dataset)) else None, top_p if top_p < 1 else None  # at their ends nothing is cut
    chosen = sampling.choose(sampling.logits(found.arrays["output"][row]), temperature, k, p)
    with left:
        st.html(
            marks.note(
                f"After {words[row]} ({row}): {int(chosen.kept.sum()):,} of {format_count(len(chosen.kept), 'token')} may be chosen."
            )
        )
        if place:
            st.html(marks.note(f"Drawn: {visible(vocabulary(dataset)[sampling.draw(chosen.after, place)])}"))
    with right:
        chances("As the network says it", sampling.choose(chosen.logits).after, chosen.logits, dataset)
        chances("What it is drawn from", chosen.after, chosen.logits, dataset)
        st.dataframe(table(chosen, dataset), hide_index=True, height=250)
        download(chosen._asdict(), "next token", "next_npz")


def table(chosen: sampling.Next, dataset: Dataset) -> dict[str, list[str]]:
    """From score to chance, a row for each of the likeliest tokens: the score, by the temperature, whether it is kept, softmax of what is."""
    order = likeliest(chosen.logits)
    columns = {
        "Score": chosen.logits,
        "÷ temperature": chosen.scaled,
        "Chance, softmax": chosen.before,
        "Chance among the kept": chosen.after,
    }
    written = {name: [format_number(float(each)) for each in values[order]] for name, values in columns.items()}
    kept = ["yes" if each else "no" for each in chosen.kept[order]]
    last = written.popitem()
    return {"Token": [visible(vocabulary(dataset)[at]) for at in order], **written, "Kept": kept, last[0]: last[1]}


def likeliest(scores: np.ndarray) -> np.ndarray:
    """The tokens of the highest scores, the highest first."""
    return np.argsort(-scores, kind="stable")[:MOST]


def _draw() -> None:
    st.session_state["next_draws"] = st.session_state.get("next_draws", 0) + 1


def chances(title: str, values: np.ndarray, scores: np.ndarray, dataset: Dataset) -> None:
    """Probabilities of the likeliest tokens, in the order of their scores."""
    order = likeliest(scores)
    names = [visible(vocabulary(dataset)[at]) for at in order]
    data = {"title": title, "values": values[order], "names": names, "axis": "token", "link": "token", "file": title.lower()}
    draw("draw/bars", f"next {title}", data)
