"""A sequence as a small line drawing, and a changed one over the original."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

import numpy as np

WIDE, TALL = 240, 84  # units of the drawing
BEFORE, AFTER = "#8C8C8C", "#4C6EF5"  # read on a light and on a dark ground
DASHED = ' stroke-dasharray="4 3"'


def lines(series: Sequence[np.ndarray], features: Sequence[str], alt: str) -> str:
    """Sequences (steps, features) over each other, the last one strongest; a feature is a line, the second dashed."""
    every = np.concatenate([each.reshape(-1) for each in series])
    ends = "".join(f"<span>{value:.3g}</span>".replace("-", "−") for value in (np.nanmax(every), np.nanmin(every)))
    names = f"<figcaption>{escape(', '.join(features))} over {len(series[0]):,} steps</figcaption>"
    source = b64encode(drawing(series).encode()).decode()
    image = f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{source}">'
    return f'<figure class="explore-lines"><div class="ends">{ends}</div>{image}{names}</figure>'


def drawing(series: Sequence[np.ndarray]) -> str:
    """The lines as SVG."""
    every = np.concatenate([each.reshape(-1) for each in series])
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    parts = [
        f'<polyline stroke="{AFTER if place == len(series) - 1 else BEFORE}"{DASHED if feature else ""} points="{points(column, low, high)}"/>'
        for place, each in enumerate(series)
        for feature, column in enumerate(each.T)
    ]
    frame = f'viewBox="0 0 {WIDE} {TALL}" width="{WIDE}" height="{TALL}" fill="none" stroke-width="1.6"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{"".join(parts)}</svg>'


def points(values: np.ndarray, low: float, high: float) -> str:
    """Values over time as places of the drawing; what is no number is left out."""
    across = np.linspace(1, WIDE - 1, len(values))
    down = 2 + (TALL - 4) * (high - values) / ((high - low) or 1)
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True) if np.isfinite(y))
