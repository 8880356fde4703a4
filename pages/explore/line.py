"""Line chart (SVG) of a sequence, and a changed one over the original."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

import numpy as np

from builder.figures import palette
from builder.words import format_count, format_number

WIDE, TALL = 240, 84  # units of the drawing
BEFORE = palette.EDGES  # a grey that is read on a light and on a dark ground
COLOURS = [colour for colour in palette.CLASSES if colour not in palette.GREY]
DASHES = ("", "4 3", "1 3", "9 3", "9 3 1 3")  # five and nine: the same pair of dash and colour comes again after 45


def lines(series: Sequence[np.ndarray], features: Sequence[str], alt: str) -> str:
    """Sequences (steps, features) over each other, the last one strongest; a feature is a line with a colour and a dash of its own."""
    every = np.concatenate([each.reshape(-1) for each in series])
    ends = "".join(f"<span>{format_number(value)}</span>" for value in (np.nanmax(every), np.nanmin(every)))
    keys = [f"{image(key(place), '') if len(features) > 1 else ''}{escape(name)}" for place, name in enumerate(features)]
    names = f"<figcaption>{', '.join(keys)} over {format_count(len(series[0]), 'step')}</figcaption>"
    return f'<figure class="explore-lines"><div class="ends">{ends}</div>{image(drawing(series), alt)}{names}</figure>'


def image(svg: str, alt: str) -> str:
    """An SVG as an image."""
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'


def look(feature: int, last: bool = True) -> str:
    """How a feature's line is drawn: its dash, and its colour where it is the last sequence's, else grey."""
    dash = DASHES[feature % len(DASHES)]
    return f'stroke="{COLOURS[feature % len(COLOURS)] if last else BEFORE}"' + (f' stroke-dasharray="{dash}"' if dash else "")


def key(feature: int) -> str:
    """A short piece of a feature's line, for the legend."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="26" height="7"><path d="M0 4H22" stroke-width="1.6" {look(feature)}/></svg>'


def drawing(series: Sequence[np.ndarray]) -> str:
    """The lines as SVG."""
    every = np.concatenate([each.reshape(-1) for each in series])
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    parts = [
        f'<polyline {look(feature, place == len(series) - 1)} points="{points(column, low, high)}"/>'
        for place, each in enumerate(series)
        for feature, column in enumerate(each.T)
    ]
    frame = f'viewBox="0 0 {WIDE} {TALL}" width="{WIDE}" height="{TALL}" fill="none" stroke-width="1.6"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{"".join(parts)}</svg>'


def points(values: np.ndarray, low: float, high: float) -> str:
    """Polyline points: values over time as places of the drawing; NaN and infinity are left out."""
    across = np.linspace(1, WIDE - 1, len(values))
    down = 2 + (TALL - 4) * (high - values) / ((high - low) or 1)
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True) if np.isfinite(y))
