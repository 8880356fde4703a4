"""Digits drawn by a script, as a hand would: the run that ships knows them; and every operation takes an input of a person's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from builder.datasets import DATASETS
from builder.datasets.handwriting import drawn
from builder.engine.shipped import SHIPPED
from builder.probes import OPS
from tests.kit.strokes import DIGITS, Stroke

SIDE = 168  # pixels of the sheet
RUN = str(SHIPPED)


def sheet(strokes: list[Stroke], pen: float, size: float, slant: float) -> np.ndarray:
    """Strokes on a sheet, ink from 0 to 1; `pen` and `size` in parts of its side."""
    picture = Image.new("L", (4 * SIDE, 4 * SIDE))
    draw, width = ImageDraw.Draw(picture), pen * 4 * SIDE
    for stroke in strokes:
        points = [((0.5 + (x - 0.5 - slant * (y - 0.5)) * size) * 4 * SIDE, (0.5 + (y - 0.5) * size) * 4 * SIDE) for x, y in stroke]
        draw.line(points, fill=255, width=round(width))
        for x, y in points:
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX), "float32") / 255


def said(x: np.ndarray) -> tuple[int, float]:
    """The digit that the run says, and how sure it is."""
    told = OPS["inspect"]({"run": RUN, "layers": []}, {"input": x})[0]["prediction"]
    return told["answer"], told["probabilities"][told["answer"]]


def drawings() -> Iterator[tuple[int, np.ndarray]]:
    """Every form of every digit, with pens and sizes that people use."""
    for pen, size, slant in ((0.08, 0.75, 0.0), (0.05, 0.6, 0.1), (0.1, 0.85, 0.15), (0.06, 0.5, 0.0)):
        for digit, forms in DIGITS.items():
            for form in forms:
                yield digit, sheet(form, pen, size, slant)


def test_drawn_digits_are_known_by_the_run_that_ships() -> None:
    right = []
    for digit, ink in drawings():
        made = drawn(DATASETS["digits28"], ink)
        assert made is not None
        right.append(said(made.values)[0] == digit)
    assert np.mean(right) >= 0.9, f"{sum(right)} of {len(right)}"


def test_without_the_steps_they_are_not() -> None:
    """The sheet merely shrunk to 28 x 28: what the steps are for."""
    plain = [
        said(np.asarray(Image.fromarray(ink).resize((28, 28), Image.Resampling.BOX))[..., None])[0] == digit for digit, ink in drawings()
    ]
    assert np.mean(plain) < 0.75, f"{sum(plain)} of {len(plain)}"


@pytest.mark.parametrize(
    ("op", "more"),
    [
        ("inspect", {}),
        ("overview", {}),
        ("gradcam", {}),
        ("saliency", {"method": "saliency"}),
        ("integrated_gradients", {}),
        ("occlusion", {}),
        ("lens", {"layer": "conv_1", "index": [3, 4, 2]}),
        ("lenses", {"layer": "conv_1", "map": 2, "at": [3, 4]}),
        ("compare", {"other": {"run": RUN, "epoch": 0}}),
    ],
)
def test_every_operation_on_an_input_takes_an_own_one(op: str, more: dict[str, Any]) -> None:
    x = np.random.default_rng(1).random((28, 28, 1)).astype("float32")
    answer, arrays = OPS[op]({"run": RUN, "epoch": 12, **more}, {"input": x})
    assert answer.get("epoch", 12) == 12
    if "input" in arrays and arrays["input"].shape == x.shape:
        np.testing.assert_array_equal(arrays["input"], x)


def test_an_input_in_the_networks_own_form_needs_no_steps() -> None:
    x = np.random.default_rng(1).random((28, 28, 1)).astype("float32")
    answer, arrays = OPS["inspect"]({"run": RUN}, {"input": x})
    assert answer["steps"] == [] and answer["prediction"]["target"] is None
    assert Path(RUN).name and arrays["raw"].dtype == np.float32
