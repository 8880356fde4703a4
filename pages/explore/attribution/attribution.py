"""Attribution: what in the input speaks for a class, by six methods side by side, and what a unit responds to."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.datasets.typed_tokens import visible
from builder.engine.messages import Op
from builder.errors import BuilderError
from builder.probes import attribution as probes
from builder.recipes import RECIPES, trained_to_give
from builder.runs import Run
from builder.words import format_number, true_minus
from pages.explore import drawing
from pages.explore import view as data
from pages.explore.attribution import top_samples
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
    rising: bool = False  # its numbers are never below 0


METHODS = (
    Method("Grad-CAM", probes.gradcam.gradcam, "Where {layer} found it.", rising=True),
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
    """Whether the network has a score to explain, and one input or a decoder's beside it, which is given what it wrote."""
    recipe = RECIPES.get(run.settings.recipe)
    one = len(run.network.inputs) == 1 or (recipe is not None and recipe.writes)
    return trained_to_give(run.settings.recipe) == "target" and one


def show(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Attribution maps in the middle, top-activating samples of a unit on the right."""
    middle, right = st.columns([2.9, 1.9], gap="medium")
    with middle:
        st.caption("What in the input speaks for a class, by six methods over the same input.")
        with st.container(horizontal=True, gap="small"):
            asked = {"target": _target(dataset), "step": _step(view)}
            layer = st.container(width=220)
        with st.spinner("Looking for what speaks for it", show_time=False):
            maps(view, dataset, asked, layer)
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


def _step(view: data.View) -> int | None:
    """The step whose answer is explained, of a network that answers at each; at first the last. None: it answers once."""
    said = data.inspection(view, ()).answer["prediction"]
    if said["kind"] != "steps":
        return None
    words = [visible(said["classes"][number]) for number in said["answer"]]
    steps = range(len(words))
    if st.session_state.get("heat_step") not in steps:
        st.session_state["heat_step"] = steps[-1]
    label = "Of the answer at step"
    return st.selectbox(label, steps, key="heat_step", persist_state="session", format_func=lambda at: f"{at} · {words[at]}", width=180)


def _layer(view: data.View, asked: dict[str, Any]) -> dict[str, Any]:
    """The layer that Grad-CAM looks at, among those that it could; at first the one that it chooses itself."""
    try:
        answer = drawing.asked(view, probes.gradcam.gradcam, **asked).answer
    except BuilderError:
        return {}  # said where its map would be
    layers, key = answer["layers"], f"heat_layer {view.run}"
    if st.session_state.get(key) not in layers:
        st.session_state[key] = answer["layer"]
    chosen = st.selectbox("Grad-CAM of layer", layers, key=key, persist_state="session")
    return {} if chosen == answer["layer"] else {"layer": chosen}


def maps(view: data.View, dataset: Dataset, asked: dict[str, Any], place: Any) -> None:
    """Attribution maps by all methods that this network allows, as one block of data; `place`: where Grad-CAM's layer is chosen."""
    found, sorry = [], []
    with place:
        layer = _layer(view, asked)
    for method in METHODS:
        more = layer if method.op is probes.gradcam.gradcam else method.more
        try:
            answer, arrays = drawing.asked(view, method.op, **asked, **more)
        except BuilderError as error:
            sorry.append(f"{method.title}: {error.sentence}")
            continue
        found.append((method, answer, arrays))
    if not found:
        raise BuilderError("Looking for what speaks for an answer", "a network of numbers", "none of the methods applies", sorry[0])
    answer = found[0][1]
    name = dataset.answer_name(answer["target"])
    name += "" if asked["step"] is None else f" at step {asked['step']}"
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
    summary = method.summary.format(layer=answer.get("layer", ""))
    return {"title": method.title, "summary": summary, "map": place, "badge": badge, "good": good, "rising": method.rising}


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
        alike, size = value >= 0.5, true_minus(f"{value:.2f}")
        title = f"{name}: near 0 where the map shows what was learned, near 1 where the network's shape alone would give it."
        return {"text": f"{'like' if alike else 'unlike'} a random network: {size}", "title": title}, not alike
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
