"""Self-attention by hand: three tokens, three weight matrices, every number editable, and each step beside the last."""

import numpy as np
import streamlit as st

from builder.errors import BuilderError
from builder.probes.attention import by_hand
from pages.explore import html as marks
from pages.explore.drawing import download, draw
from pages.explore.number_table import number_table
from pages.frame.words import plain

MATRICES = {"W_Q": by_hand.W_Q, "W_K": by_hand.W_K, "W_V": by_hand.W_V}
FEATURES = ["x0", "x1", "x2", "x3"]
Matrix = tuple[tuple[int, ...], ...]


def show() -> None:
    """Self-attention by hand: the numbers above, the four steps below."""
    scale, embeddings, positions, weights = numbers()
    try:
        made = by_hand.attend(embeddings, weights["W_Q"], weights["W_K"], weights["W_V"], scale=scale, positions=positions)
    except BuilderError as error:
        st.error(plain(error.sentence))
        return
    steps(made, scale)


def numbers() -> tuple[bool, np.ndarray, np.ndarray | None, dict[str, np.ndarray]]:
    """Every number of the example, to edit, and what is switched on."""
    turn = st.session_state.get("by_hand_turn", 0)  # another turn's tables start afresh
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        scale = st.toggle("Divide by √d", value=True, key="by_hand_scale", persist_state="session")
        shifted = st.toggle("Add positions", key="by_hand_positions", persist_state="session")
        st.button("Start over", icon=":material/restart_alt:", type="tertiary", on_click=_again, key="by_hand_again")
    first, *others = st.columns([1.3, 1, 1, 1], gap="small")
    with first:
        embeddings = table("Embeddings, a row a token", by_hand.EMBEDDINGS, by_hand.TOKENS, FEATURES, f"embeddings {turn}")
        positions = table("Positions, added to them", by_hand.POSITIONS, by_hand.TOKENS, FEATURES, f"positions {turn}") if shifted else None
    weights = {}
    for (name, matrix), column in zip(MATRICES.items(), others, strict=True):
        with column:
            weights[name] = table(name, matrix, FEATURES, ["0", "1", "2"], f"{name} {turn}")
    return scale, embeddings, positions, weights


def _again() -> None:
    st.session_state["by_hand_turn"] = st.session_state.get("by_hand_turn", 0) + 1


def table(title: str, matrix: Matrix, rows: "tuple[str, ...] | list[str]", columns: list[str], key: str) -> np.ndarray:
    """A matrix whose numbers can be edited; an emptied one counts as 0."""
    st.html(marks.note(title))
    return number_table(np.array(matrix, "float64"), rows, columns, key=f"by_hand {key}", empty=0, width="stretch")


def steps(made: by_hand.ByHand, scale: bool) -> None:
    """Queries, keys and values; scores; scale and softmax; the weighted sum."""
    tokens = list(by_hand.TOKENS)
    own, looked = {"rows": tokens}, {"rows": tokens, "columns": tokens}
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        vectors = [one(name, values, own) for name, values in (("Q", made.queries), ("K", made.keys), ("V", made.values))]
        step("1 · Queries, keys and values: inputs times weights", vectors)
    with right:
        step("2 · Scores: each query with each key, Q · Kᵀ", [one("Scores", made.scores, looked, True)])
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        title = f"3 · {f'Divided by √{made.keys.shape[1]}, then' if scale else 'Without the scale:'} softmax, each row sums to 1"
        scaled = [one("Scaled", made.scaled, looked, True)] if scale else []
        step(title, [*scaled, one("Weights", made.weights, looked, True, share=True)])
    with right:
        step("4 · The values, weighted and summed", [one("Output", made.outputs, own)])
        download(made._asdict(), "attention by hand", "by_hand_npz")


def one(title: str, values: np.ndarray, labels: dict[str, list[str]], between: bool = False, share: bool = False) -> dict:
    """A matrix as a heat map with its numbers written into it."""
    axes = {"rows": "query", "columns": "key"} if between else {}
    return {"title": title, "values": values, "labels": labels, "axes": axes, "numbers": True, "share": share, "most": [52, 30]}


def step(title: str, matrices: list[dict]) -> None:
    """One step of self-attention: its title, matrices and note."""
    st.markdown(f"**{plain(title)}**")
    draw(
        "draw/matrix",
        f"by hand {title[0]} {len(matrices)}",
        {"matrices": matrices, "room": 240, "about": "Attention by hand", "file": f"step {title[0]}"},
    )
