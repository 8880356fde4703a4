"""Reconstruction, anomaly detection and latent space of an autoencoder."""

from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import Dataset
from builder.figures import palette
from builder.probes import autoencoder as probes
from builder.recipes import RECIPES, trained_to_give
from builder.runs import Run
from builder.words import format_number
from pages.explore import drawing
from pages.explore import html as marks
from pages.explore import view as data

TITLE = "Reconstruction"
METHODS = {"pca": "Plane", "tsne": "t-SNE"}


def applies(run: Run, dataset: Dataset) -> bool:
    """Whether the network is an autoencoder: it learns to give its own input again."""
    return trained_to_give(run.settings.recipe) == "input"


def show(run: Run, view: data.View, dataset: Dataset, saved_epochs: list[int]) -> None:
    """Reconstruction and anomaly detection in the middle, the latent space on the right."""
    middle, right = st.columns([2.3, 2.6], gap="medium")
    with middle:
        rebuilt(run, view, dataset)
        anomalies(view, dataset)
    with right:
        codes(run, view, dataset)


def rebuilt(run: Run, view: data.View, dataset: Dataset) -> None:
    """Reconstruction: input, output and signed error; denoising; PCA of the same size."""
    how = RECIPES[run.settings.recipe].corruption
    noise = st.slider(how.title, 0.0, 1.0, how.amount, 0.05, key="autoencoder_noise", persist_state="session")
    answer, arrays = drawing.asked(view, probes.reconstruction.reconstruction, noise=noise)
    pictures: list[dict[str, Any]] = [{"title": "Input", "values": picture(arrays["clean"])}] if noise else []
    pictures += [
        {"title": how.seen if noise else "Input", "values": picture(arrays["input"])},
        {"title": "Reconstruction", "values": picture(arrays["reconstruction"])},
        {"title": "Error", "values": picture(arrays["error"]), "signed": True},
    ]
    beside, pca = drawing.asked(view, probes.latent.beside_pca)
    pictures.append({"title": "PCA", "values": picture(pca["pca_reconstruction"])})
    told = {"pictures": pictures, "low": dataset.low, "high": dataset.high, "picture": dataset.kind == "image", "file": "reconstruction"}
    error = f"Mean squared error {format_number(answer['mean_squared_error'])}"
    told["said"] = f"{error}, before {format_number(answer['before'])}" if noise else error
    drawing.draw("explore/autoencoder/rebuilt", "autoencoder_rebuilt", told)
    drawing.badges(answer["checks"])
    rows = {
        "Over the test part": format_number(beside["error"]),
        f"PCA, {beside['dimensions']} numbers": f"{format_number(beside['pca_error'])}, {beside['share']:.0%} of the variance",
        "Ratio": f"{beside['ratio']:.3f}",
    }
    st.html(marks.figures(rows))
    drawing.download(arrays, "reconstruction", "autoencoder_npz")


def picture(values: np.ndarray) -> np.ndarray:
    """(height, width, channels) of whatever a network takes; a row is one line, a sequence has its steps from left to right."""
    values = np.asarray(values, "float32")
    if values.ndim <= 1:
        return values.reshape(1, -1, 1)
    return values.T[..., None] if values.ndim == 2 else values.reshape(*values.shape[-3:])


def anomalies(view: data.View, dataset: Dataset) -> None:
    """Anomaly detection by reconstruction error over the test part; the anomaly is chosen, the threshold moves in the browser."""
    names: list[int | str] = ["shuffled", *range(len(dataset.classes))]
    label = "What counts as an anomaly"
    anomaly = st.selectbox(
        label,
        names,
        key="autoencoder_anomaly",
        persist_state="session",
        format_func=lambda each: "shuffled samples" if each == "shuffled" else f"class {dataset.classes[int(each)]}",
        width=220,
    )
    answer, arrays = drawing.asked(test_part(view), probes.reconstruction.errors, anomaly=anomaly)
    told = {
        "title": "Errors over the test part",
        "errors": arrays["errors"],
        "anomalous": arrays["anomalous"],
        "threshold": answer["threshold"],
        "inks": {"light": palette.CLASSES[:2], "dark": palette.CLASSES_DARK[:2]},
    }
    drawing.draw("explore/autoencoder/threshold", "autoencoder_threshold", told)


def test_part(view: data.View) -> data.View:
    """The cache key (view) of questions about the whole test part, so that each is computed once."""
    return view._replace(part="test", sample=0, given=None)


AXES = {"itself": ("z0", "z1"), "pca": ("first component", "second component"), "tsne": ("t-SNE, without a unit", "t-SNE")}


def codes(run: Run, view: data.View, dataset: Dataset) -> None:
    """Latent space: codes in a plane by PCA or t-SNE, decoded in the browser's drawing."""
    method = st.segmented_control(
        "Plane",
        METHODS,
        default="pca",
        required=True,
        key="autoencoder_plane",
        persist_state="session",
        format_func=_called,
        label_visibility="collapsed",
    )
    with st.spinner("Laying out the codes", show_time=False):
        answer, arrays = drawing.asked(test_part(view), probes.latent.latent, method=method)
    made = picture(np.zeros(dataset.input_shape)).shape
    told: dict[str, Any] = {
        "title": _title(answer),
        "axes": AXES[answer["method"]],
        "measured": answer["method"] != "tsne",
        "run": view.run,
        "epoch": view.epoch,
        "layer": answer["layer"],
        "codes": arrays["codes"],
        "labels": arrays["labels"],
        "plane": arrays["plane"],
        "mean": arrays.get("plane_mean"),
        "components": arrays.get("plane_components"),
        "ranges": answer["ranges"],
        "kl": answer["kl"],
        "variational": answer["kl"] is not None,
        "classes": list(dataset.classes),
        "classColours": {"light": palette.CLASSES, "dark": palette.CLASSES_DARK},
        "code": drawing.asked(view, probes.latent.encode).arrays["code"],
        "input": f"{view.part} {view.sample} {hash(view.given)}",
        "sample": view.sample if view.part == "test" and view.given is None else 0,
        "size": list(made),
        "low": dataset.low,
        "high": dataset.high,
    }
    drawing.draw("explore/autoencoder/plane", "autoencoder_codes", told)
    drawing.badges(answer["checks"])
    drawing.download(arrays, "codes", "codes_npz")


def _called(method: str) -> str:
    return METHODS[method]


def _title(answer: dict[str, Any]) -> str:
    words = {
        "itself": f"The {len(answer['ranges'])} numbers of {answer['layer']}",
        "tsne": f"{answer['layer']} by t-SNE; a press decodes the nearest sample",
    }
    share = f"{answer['share']:.0%}" if answer["share"] is not None else ""
    return words.get(answer["method"], f"{answer['layer']} by PCA, {share} of its variance")
