"""Head ablation, token masking and attention rollout: what changes without a head or a position, and how far each input reaches."""

from typing import Any

import numpy as np
import streamlit as st

from builder.catalogue import facts
from builder.datasets import Dataset
from builder.datasets.typed_tokens import visible
from builder.probes import attention as probes
from builder.recipes import rates_classes
from builder.store import default_store
from builder.words import format_count, format_number
from pages.explore import html as marks
from pages.explore.drawing import asked, badges, draw
from pages.explore.view import Inspection, View

CHANGES = ("Without a head", "A position hidden", "Rollout")


def show(view: View, dataset: Dataset, found: Inspection, layer: dict[str, Any], head: int) -> None:
    """Head ablation, token masking or attention rollout, as chosen, below the matrix."""
    chosen = st.segmented_control(
        "What matters",
        CHANGES,
        default=CHANGES[0],
        required=True,
        key="attention_change",
        persist_state="session",
        label_visibility="collapsed",
    )
    {CHANGES[0]: without_head, CHANGES[1]: hidden, CHANGES[2]: rollout}[chosen](view, dataset, found, layer, head)


def without_head(view: View, dataset: Dataset, found: Inspection, layer: dict[str, Any], head: int) -> None:
    """Head ablation: the largest change of the output for each head, and the prediction without the chosen one."""
    if facts(layer["layer"]).attends != "split":
        st.html(marks.note("This layer has one head and no projection after it, so there is none to leave out."))
        return
    made = asked(view, probes.ablation.head_ablation)
    heads = made.answer["heads"]
    names = list(dict.fromkeys(each["layer"] for each in heads))
    change = np.zeros((len(names), 1 + max(each["head"] for each in heads)))
    for each in heads:
        change[names.index(each["layer"]), each["head"]] = each["change"]
    one = {
        "title": "Largest change of the output without each head",
        "values": change,
        "share": bool(change.max() <= 1),
        "labels": {"rows": names, "columns": [str(head) for head in range(change.shape[1])]},
        "axes": {"columns": "head"},
        "numbers": change.shape[1] <= 12,
        "most": [56, 24],
    }
    draw("draw/matrix", "ablation", {"matrices": [one], "file": "without a head"})
    place = next((at for at, each in enumerate(heads) if (each["layer"], each["head"]) == (layer["name"], head)), 0)
    st.html(
        marks.note(
            sentence(
                f"Without head {head} of {layer['name']}",
                made.arrays["output"],
                made.arrays["without"][place],
                dataset,
                rated(view, dataset),
            )
        )
    )
    badges(made.answer["checks"])


def hidden(view: View, dataset: Dataset, found: Inspection, layer: dict[str, Any], head: int) -> None:
    """Token masking: the largest change of the output when no other position may attend to one."""
    made = asked(view, probes.ablation.token_masking, source=layer["key_source"])
    change = np.array(made.answer["change"])
    names = list(map(visible, made.answer["tokens"] or ())) or [str(place) for place in made.answer["positions"]]
    title = "Largest change of the output when a position is hidden"
    draw(
        "draw/bars",
        "bars hidden",
        {"title": title, "values": change, "names": names, "axis": "position", "link": "attention", "file": "hidden"},
    )
    most = int(change.argmax())
    st.html(
        marks.note(
            sentence(
                f"With {names[most]} ({most}) hidden", made.arrays["output"], made.arrays["without"][most], dataset, rated(view, dataset)
            )
        )
    )
    badges(made.answer["checks"])


def rollout(view: View, dataset: Dataset, found: Inspection, layer: dict[str, Any], head: int) -> None:
    """Attention rollout: attention weights multiplied through the layers, with the residual connections."""
    name = f"rollout:{layer['query_source']}"
    if name not in found.arrays:
        st.html(marks.note("Only self-attention can be followed from layer to layer."))
        return
    values = found.arrays[name]
    known = list(map(visible, found.answer["tokens"].get(layer["query_source"], [])))
    names = known if len(known) == len(values) else [str(place) for place in range(len(values))]
    one = {
        "title": "How much of each input reaches each position",
        "values": values,
        "share": True,
        "labels": {"rows": names, "columns": names},
        "axes": {"rows": "position", "columns": "input"},
    }
    draw("draw/matrix", "rollout", {"matrices": [one], "file": "rollout"})
    st.html(
        marks.note(
            "The product over the layers of half the heads' mean and half the shortcut (Abnar and Zuidema, 2020). It leaves the values out."
        )
    )


def rated(view: View, dataset: Dataset) -> bool:
    """Whether the run is a classifier, its outputs scores of classes."""
    return rates_classes(default_store().run(view.run).settings.recipe, dataset)


def sentence(case: str, whole: np.ndarray, without: np.ndarray, dataset: Dataset, rated: bool) -> str:
    """The prediction in this case beside that without a change, in a sentence; `rated`: the outputs are scores of classes."""
    if not rated or whole.ndim == 0 or whole.shape[-1] < 2:
        before, after = (", ".join(map(format_number, each.reshape(-1)[:4].tolist())) for each in (whole, without))
        return f"{case} it says {after} instead of {before}."
    before, after = whole.argmax(axis=-1), without.argmax(axis=-1)
    if whole.ndim > 1:
        changed = int((before != after).sum())
        return f"{case} {changed:,} of {format_count(before.size, 'answer')} {'changes' if changed == 1 else 'change'}."
    names = dataset.classes or tuple(map(str, range(len(whole))))
    said = f"{names[int(after)]} ({float(without[after]):.3f})"
    return (
        f"{case} it still says {said}, before {float(whole[before]):.3f}."
        if before == after
        else f"{case} it says {said} instead of {names[int(before)]} ({float(whole[before]):.3f})."
    )
