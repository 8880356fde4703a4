"""Explore's small pieces of HTML: pictures, bars, legends and figures. Every text from a person is escaped here."""

from base64 import b64encode
from html import escape
from typing import Any

from builder.figures.maps import Picture


def image(picture: Picture, alt: str, kind: str = "") -> str:
    """A picture at its own size, shrunk where there is less room."""
    source = b64encode(picture.png).decode()
    return f'<img class="explore-picture {kind}" width="{picture.width}" alt="{escape(alt)}" src="data:image/png;base64,{source}">'


def bars(prediction: dict[str, Any], most: int = 5) -> str:
    """The likeliest classes with their probabilities; the right class is bold, and always among them."""
    chances, target = prediction["probabilities"], prediction["target"]
    order = sorted(range(len(chances)), key=lambda place: -chances[place])
    rows = order[:most] if target is None or target in order[:most] else [*order[: most - 1], target]
    parts = [_bar(prediction["classes"][row], chances[row], row == order[0], row == target) for row in rows]
    return f'<div class="explore-bars">{"".join(parts)}</div>'


def _bar(name: str, chance: float, first: bool, target: bool) -> str:
    width = min(max(chance, 0), 1) * 100
    track = f'<span class="track"><span class="bar{" first" if first else ""}" style="width: {width:.1f}%"></span></span>'
    words = f'<span class="name{" target" if target else ""}" title="{escape(name)}">{escape(name)}</span>'
    return f'{words}{track}<span class="share">{chance:.3f}</span>'


def figures(rows: dict[str, str]) -> str:
    """Names and values in two columns."""
    cells = "".join(f"<span>{escape(name)}</span><span>{escape(value)}</span>" for name, value in rows.items())
    return f'<div class="explore-figures">{cells}</div>'


def note(text: str) -> str:
    """A quiet line."""
    return f'<div class="explore-note">{escape(text)}</div>'
