"""Attribution: what in the input speaks for a class, by six methods side by side, and what a unit responds to."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.engine.messages import Op
from builder.errors import BuilderError
from builder.probes import attribution as probes
from builder.recipes import trained_to_give
from builder.runs import Run
from builder.words import format_number, true_minus
from pages.explore import drawing
from pages.explore import view as data
from pages.explore.attribution import top_samples
from pages.explore.input.typed import visible
from pages.frame.words import plain

TITLE = "Attribution"
Answer = dict[str, Any]


class Method(NamedTuple):
    """An attribution method, which shares a score out among the input's numbers: an operation of the probes kernel and its words."""

    title: str
    op: Op
    summary: str
    more: dict[str, Any] = {}
    total: bool = False  # channels add up; else the strongest one is shown


METHODS = (
    Method("Grad-CAM", probes.gradcam.gradcam, "Where the last layer with places found it."),
    Method("Saliency", probes.saliency.saliency, "The score's slope at each number.", {"method": "saliency"}),
    Method("Gradient × input", probes.saliency.saliency, "Slope times the number itself.", {"method": "gradient_times_input"}, True),
    Method("SmoothGrad", probes.saliency.saliency, "The slope, averaged over noisy copies.", {"method": "smoothgrad"}),
    Method(
        "Integrated gradients",
        probes.integrated_gradients.integrated_gradients,
        "The score's rise from an empty input, shared out.",
        {},
        True,
    ),
    Method("Occlusion", probes.occlusion.occlusion, "How far the score falls when it is covered."),
)


def applies(run: Run, dataset: Dataset) -> bool:
    """Whether the network has a score to explain and one input."""
    return trained_to_give(run.settings.recipe) == "target" and len(run.network.inputs) == 1


def show(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Attribution maps in the middle, top-activating samples of a unit on the right."""
    middle, right = st.columns([2.9, 1.9], gap="medium")
    with middle:
        st.caption("What in the input speaks for a class, by six methods over the same input.")
        target = _target(dataset)
        with st.spinner("Looking for what speaks for it", show_time=False):
            maps(run, view, dataset, target)
    with right:
        top_samples.show(run, view, dataset)


def _target(dataset: Dataset) -> int | None:
    """The attribution target, a class; None, as at first: the predicted one."""
    if not dataset.classes:
        return None
    names = dataset.classes
    known = [None, *range(len(names))]
    label = "What speaks for"
    return st.selectbox(
        label,
        known,
        key="heat_target",
        persist_state="session",
        format_func=lambda at: "what it says" if at is None else names[at],
        width=220,
    )


def maps(run: Run, view: data.View, dataset: Dataset, target: int | None) -> None:
    """Attribution maps by all methods that this network allows, as one block of data."""
    found, sorry = [], []
    for method in METHODS:
        try:
            answer, arrays = drawing.asked(view, method.op, target=target, **method.more)
        except BuilderError as error:
            sorry.append(f"{method.title}: {error.sentence}")
            continue
        found.append((method, answer, arrays))
    if not found:
        raise BuilderError("Looking for what speaks for an answer", "a network of numbers", "none of the methods applies", sorry[0])
    answer = found[0][1]
    name = dataset.answer_name(answer["target"])
    point = found[-1][2]["input"]
    given = format_number(answer["score"])
    told: Answer = {
        "title": f"What speaks for {name}" if dataset.classes else f"What raises {name}",
        "said": f"The score of {name}, before softmax, is {given}." if dataset.classes else f"The network answers {given}: {name}.",
        "file": f"what speaks for {name}",
        "methods": [drawn(*each) for each in found],
        "places": places(dataset, point),
    }
    if point.ndim == 2 and dataset.kind == "sequence":
        told |= {"series": point.T, "rows": channels(dataset, point)}
    if point.ndim == 3:
        told |= {"input": point if point.shape[-1] in (1, 3) else point[..., :1], "low": float(point.min()), "high": float(point.max())}
    drawing.draw("explore/attribution/attribution", "explore_heat", told)
    for each in sorry:
        st.caption(plain(each))
    drawing.download({method.title: arrays["attribution"] for method, _, arrays in found} | {"input": point}, "attributions", "heat_npz")


def drawn(method: Method, answer: Answer, arrays: dict[str, np.ndarray]) -> Answer:
    """An attribution map with its check in words."""
    badge, good = check(method, answer)
    place = flat(arrays.get("overlay", arrays["attribution"]), arrays["input"], method.total)
    return {"title": method.title, "summary": method.summary, "map": place, "badge": badge, "good": good}


def flat(values: np.ndarray, point: np.ndarray, total: bool) -> np.ndarray:
    """A saliency map in two axes or one: (height, width) of a picture, (features, steps) of a sequence, (places,) of a row."""
    if point.ndim == 3:
        return values if values.ndim == 2 else values.sum(-1) if total else strongest(values)
    if point.ndim == 2 and values.ndim == 1:
        values = np.interp(np.linspace(0, 1, len(point)), np.linspace(0, 1, len(values)), values)
        return np.broadcast_to(values, point.T.shape)
    return values.T if values.ndim == 2 else values


def strongest(values: np.ndarray) -> np.ndarray:
    """Channel maximum by absolute value, (height, width), with its sign."""
    return np.take_along_axis(values, np.abs(values).argmax(-1)[..., None], -1)[..., 0]


def check(method: Method, answer: Answer) -> tuple[dict[str, str], bool]:
    """The check of an attribution (sanity check, completeness, slope...), short and whole, and whether it holds."""
    name, value = answer["check"]["name"], float(answer["check"]["value"])
    size = true_minus(f"{abs(value):.0e}".replace("e-0", "e-").replace("e+0", "e"))
    if method.op is probes.gradcam.gradcam:
        return {"text": f"like random: {true_minus(f'{value:.2f}')}", "title": name}, value < 0.5
    if method.op is probes.integrated_gradients.integrated_gradients:
        rise = float(answer["rise"])
        text = true_minus(f"gap {value:.3f} of {rise:.2f}")
        return {"text": text, "title": name}, abs(value) <= 0.02 * max(abs(rise), 1)
    if method.op is probes.occlusion.occlusion:
        return {"text": f"score repeats, {size}", "title": name}, abs(value) < 1e-3
    return {"text": f"slope measured, {size}", "title": name}, abs(value) < 0.05


def channels(dataset: Dataset, point: np.ndarray) -> list[str]:
    """What a sequence's features are called."""
    return list(dataset.features) if len(dataset.features) == point.shape[1] else [str(place) for place in range(point.shape[1])]


def places(dataset: Dataset, point: np.ndarray) -> list[str]:
    """What the places of a row are called: columns of a table, tokens, or their numbers."""
    if point.ndim != 1:
        return []
    if dataset.vocabulary:
        return [f"{place} {visible(dataset.vocabulary[int(token)])}" for place, token in enumerate(point)]
    return list(dataset.features) if len(dataset.features) == len(point) else [str(place) for place in range(len(point))]
