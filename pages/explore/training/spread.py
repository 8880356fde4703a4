"""Histograms of weights and activations, layer by layer and epoch by epoch, update-to-weight ratios, and dead ReLU units."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.probes import training as probes
from builder.probes.neurons.weights import layer_weights, passes
from builder.runs import Run
from builder.words import format_count
from pages.explore import drawing, job
from pages.explore import html as marks
from pages.explore import view as data
from pages.frame.number_field import number_field

WEIGHTS_NOTE = (
    "Each column is an epoch, each row a range of values: the stronger the colour, the more of the weights lie there. A spread that no "
    "longer moves says that learning has slowed, not that it is done."
)
ACTIVATIONS_NOTE = (
    "How what each layer gives is spread over the first validation samples. A unit of a ReLU that is silent for all of them gets no gradient "
    "from them; other samples may still wake it."
)
MOST_LAYERS = 24  # drawn at once
MOST_LINES = 18  # in one drawing: six colours, each with three kinds of dashes
MOST_EPOCHS = 24  # asked one by one


def weights(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Histograms of every layer's weights through the epochs, and how far each epoch moved them."""
    st.html(marks.note(WEIGHTS_NOTE))
    answer, arrays = drawing.asked(view._replace(epoch=saved_epochs[-1]), probes.histograms.histograms, what="weights")
    names = [name for name in arrays if not name.endswith(" edges")]
    shown, called = chosen(names, "training_page"), titles(view)
    told = {
        "kind": "epochs",
        "epochs": answer["epochs"],
        "now": int(np.argmin([abs(epoch - view.epoch) for epoch in answer["epochs"]])),
        "layers": [
            {"name": called.get(name, name.partition(":")[2]), "counts": arrays[name], "edges": arrays[f"{name} edges"]} for name in shown
        ],
        "file": "weights through the epochs",
    }
    drawing.draw("explore/training/spread", "training_weights", told)
    drawing.badges([{**answer["check"], "name": "Every weight is in a bin", "value": abs(answer["check"]["value"])}])
    drawing.download(arrays, "weights through the epochs", "training_weights_npz")
    moved(view, saved_epochs)


def titles(view: data.View) -> dict[str, str]:
    """What each array is called: dense_1 · kernel."""
    layers = drawing.asked(view, layer_weights).answer["layers"]
    return {
        f"weights:{layer['name']}/{at}": f"{layer['name']} · {each['name']}" for layer in layers for at, each in enumerate(layer["arrays"])
    }


def chosen(names: list[str], key: str, most: int = MOST_LAYERS) -> list[str]:
    """All of them where they are few, else a stretch that the person turns to."""
    if len(names) <= most:
        return names
    pages = -(-len(names) // most)
    page = number_field(f"{len(names)} of them, page of {pages}", 1, pages, 1, key=key, width=190, steps=True)
    return names[(page - 1) * most : page * most]


MOVES_NOTE = (
    "The length of what an epoch changed in a layer's weights, divided by the length of the weights before. An epoch is many steps that partly "
    "cancel, so this is less than the sum of its steps. Where the weights were all 0 before there is no such number, and no line."
)


def moved(view: data.View, saved_epochs: list[int]) -> None:
    """Update-to-weight ratio of each layer, where there are epochs enough."""
    st.markdown("**How far each epoch moves the weights**")
    if len(saved_epochs) < 3:
        st.html(marks.note("Two epochs after the start are needed for a line. Train for longer, or come back when more have ended."))
        return
    answer, arrays = drawing.asked(view._replace(epoch=saved_epochs[-1]), probes.changing_weights.updates)
    called = {name.partition(":")[2]: title for name, title in titles(view).items()}
    shown = chosen(list(arrays), "training_moves_page", MOST_LINES)
    series = [{"name": called.get(name, name), "values": arrays[name]} for name in shown]
    title = "Change of the weights in an epoch, by their own size"
    told = {"title": title, "series": series, "steps": [str(epoch) for epoch in answer["epochs"]], "axis": "epoch", "log": True}
    drawing.draw("explore/recurrent/growth", "training_moves", {**told, "file": "update by weight"})
    st.html(marks.note(MOVES_NOTE))
    drawing.download(arrays, "update by weight", "training_moves_npz")


def activations(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Histograms of activations at this epoch, dead units, and both through the epochs once that is asked for."""
    st.html(marks.note(ACTIVATIONS_NOTE))
    answer, arrays = drawing.asked(view, probes.histograms.histograms, what="activations")
    found, quiet = drawing.asked(view, probes.dead.dead)
    dead = {each["name"]: each for each in found["layers"]}
    names = [name for name in arrays if not name.endswith(" edges") and not passes(run.network.node(name.partition(":")[2]))]
    layers = [_activation(name.partition(":")[2], arrays[name], arrays[f"{name} edges"], dead) for name in chosen(names, "training_page")]
    drawing.draw(
        "explore/training/spread", "training_activations", {"kind": "bars", "layers": layers, "file": f"activations epoch {view.epoch}"}
    )
    silence(found, view.epoch)
    drawing.badges([{**answer["check"], "name": "Every number is in a bin", "value": abs(answer["check"]["value"])}])
    drawing.download({**arrays, **{f"silent {name}": each for name, each in quiet.items()}}, "activations", "training_activations_npz")
    through_epochs(view, saved_epochs)


def _activation(name: str, counts: np.ndarray, edges: np.ndarray, dead: dict[str, Any]) -> dict[str, Any]:
    note = f"{dead[name]['dead']:,} of {format_count(dead[name]['units'], 'unit')} silent" if name in dead else ""
    return {"name": name, "counts": counts, "edges": edges, "note": note}


def silence(found: dict[str, Any], epoch: int) -> None:
    """Dead ReLU units in words."""
    if not found["layers"]:
        st.html(marks.note("No layer here has a ReLU that is flat below zero, so none of its units can die."))
        return
    quiet = [each for each in found["layers"] if each["dead"]]
    if not quiet:
        st.html(marks.note(f"At epoch {epoch} every ReLU unit answers to at least one of {format_count(found['samples'], 'sample')}."))
    for each in quiet:
        places = ", ".join(map(str, each["places"][:24])) + (f" and {each['dead'] - 24:,} more" if each["dead"] > 24 else "")
        st.html(
            marks.note(
                f"{each['name']}: silent over {format_count(found['samples'], 'sample')} at epoch {epoch}: {format_count(each['dead'], 'unit')}: {places}."
            )
        )
    if quiet and (woken := found["check"]["value"]):
        st.html(marks.note(f"{woken:,} of them {'answer' if woken > 1 else 'answers'} to a sample of the test part, so not all are dead."))


def through_epochs(view: data.View, saved_epochs: list[int]) -> None:
    """Quantiles of activations and dead units of each layer through the epochs, asked for one epoch at a time."""
    epochs = [
        saved_epochs[place]
        for place in np.unique(np.linspace(0, len(saved_epochs) - 1, min(len(saved_epochs), MOST_EPOCHS)).round().astype(int))
    ]
    st.markdown("**Through the epochs**")
    if len(epochs) < 2:
        st.html(marks.note("There is one epoch so far; lines appear when there are more."))
        return

    def ask(place: int) -> data.Inspection:
        return drawing.asked(view._replace(epoch=epochs[place]), probes.changing_weights.spread)

    job.run("spread", (view.run, tuple(epochs)), len(epochs), ask, "Follow the activations", _lines)


def _lines(found: Sequence[data.Inspection]) -> None:
    """Quantiles of a layer's activations, and every ReLU layer's dead units, epoch by epoch."""
    steps = [str(each.answer["epoch"]) for each in found]
    names = [name.partition(":")[2] for name in found[0].arrays]
    layer = st.selectbox("Layer", names, key="training_layer", persist_state="session", width=220)
    rows = np.stack([each.arrays[f"layer:{layer}"] for each in found])
    series = [{"name": f"{share} %", "values": rows[:, place]} for place, share in enumerate(found[0].answer["shares"])]
    told = {"steps": steps, "axis": "epoch", "log": False}
    title = f"{layer}: so many per cent of its numbers lie below"
    drawing.draw("explore/recurrent/growth", "training_quantiles", {**told, "title": title, "series": series, "file": f"spread of {layer}"})
    units = found[0].answer["units"]
    if units:
        shown = chosen(list(units), "training_dead_page", MOST_LINES)
        dead = [{"name": name, "values": np.array([each.answer["dead"][name] for each in found], "float32")} for name in shown]
        drawing.draw("explore/recurrent/growth", "training_dead", {**told, "title": "Silent units", "series": dead, "file": "silent units"})
    arrays = {name: np.stack([each.arrays[f"layer:{name}"] for each in found]) for name in names}
    drawing.download({**arrays, "epochs": np.array(list(map(int, steps)))}, "activations through the epochs", "training_spread_npz")
