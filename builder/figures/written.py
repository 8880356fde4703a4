"""Sequences of tokens as the words that they stand for, drawn as text that follows the light or dark of the page."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap

import numpy as np

from .palette import CLASSES, CLASSES_DARK, INK

SAMPLES = 3
SIGNS = 40  # in a line
LINE, GAP, LETTER = 16, 7, 7.22  # units from line to line, between samples, and that a letter of the font takes
STYLE = (
    f"text{{font:12px monospace;white-space:pre;fill:{INK['light']}}}.to{{fill:{CLASSES[0]}}}"
    f"@media(prefers-color-scheme:dark){{text{{fill:{INK['dark']}}}.to{{fill:{CLASSES_DARK[0]}}}}}"
)


def tokens_as_svg(x: np.ndarray, y: np.ndarray, vocabulary: Sequence[str], classes: Sequence[str]) -> bytes:
    """The first samples x (samples, steps) as an SVG, each above its target: a class, or a token for each step."""
    texts, down = [], 0
    for tokens, target in zip(x[:SAMPLES], y[:SAMPLES], strict=True):
        answer = lines([vocabulary[token] for token in target]) if target.ndim else [classes[target]]
        for kind, line in [("", line) for line in lines([vocabulary[token] for token in tokens])] + [("to", line) for line in answer]:
            down += LINE
            texts.append(f'<text class="{kind}" x="0" y="{down - 5}">{escape(line)}</text>')
        down += GAP
    size = f"0 0 {SIGNS * LETTER:.0f} {down}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}"><style>{STYLE}</style>{"".join(texts)}</svg>'.encode()


def lines(words: Sequence[str]) -> list[str]:
    """Words on at most two lines, letters without a gap; what is longer ends in dots."""
    shown = ["↵" if word == "\n" else word for word in words]
    if all(len(word) == 1 for word in shown):
        whole = ["".join(shown[at : at + SIGNS]) for at in range(0, len(shown), SIGNS)]
    else:
        whole = wrap(" ".join(shown), SIGNS)
    return whole[:2] if len(whole) <= 2 else [whole[0], f"{whole[1][: SIGNS - 1]}…"]
