"""The recipe's settings: kept in the project, shown by widgets that start from it and write back to it."""

from typing import Any

import streamlit as st

from builder.datasets import DATASETS, Dataset, record
from builder.errors import BuilderError
from builder.runs import Settings
from pages.frame import state

FIRST = "digits28"
REFUSED = "_recipe_refused"  # why a field's last value was refused, by the field's key
CHANGED = "train page changed"  # set where a press in the form changes what the other columns show


def settings(now: state.Current) -> Settings:
    """What the next run would train with: the project's own choices over the dataset's proposals."""
    training = dict(state.chosen("training", {}))
    kept = {key: value for key, value in training.items() if key in Settings.model_fields}
    if training.get("recipe_of") != now.network_name:
        kept.pop("recipe", None)  # it was chosen for another network
    dataset = kept.get("dataset") or suggested(now)
    try:
        return Settings(**{"dataset": dataset, "recipe": now.work.network.recipe, **proposals(dataset), **kept})
    except (BuilderError, ValueError):  # a table that was deleted, or choices from another version
        return Settings(dataset=FIRST)


def proposals(dataset: str) -> dict[str, Any]:
    """The settings with which a dataset's starting network reaches a good result."""
    known = record(dataset)
    return {name: getattr(known, name) for name in ("epochs", "learning_rate", "batch_size") if hasattr(known, name)}


def suggested(now: state.Current) -> str:
    """The dataset that the open network was made for, or the digits."""
    for name, dataset in DATASETS.items():
        if dataset.network and dataset.network == now.network_name and not dataset.download:
            return name
    return FIRST


def keep(**changes: Any) -> None:
    """Remember settings in the project."""
    state.choose(training={**dict(state.chosen("training", {})), **changes})


def forget_widgets(project: str) -> None:
    """Let every widget of the form start from the project again."""
    st.session_state.pop(REFUSED, None)
    for key in [key for key in st.session_state if str(key).startswith(f"recipe {project} ")]:
        del st.session_state[key]


def field(now: state.Current, name: str, value: Any) -> str:
    """The key of a setting's widget, started from the project where the widget is new."""
    key = f"recipe {now.project.id} {name}"
    st.session_state.setdefault(key, value)
    return key


def saved(now: state.Current, name: str) -> None:
    """A widget's callback: write its value back to the project, or keep why it cannot be; an emptied field starts anew."""
    key = f"recipe {now.project.id} {name}"
    value = st.session_state[key]
    refused(now).pop(key, None)
    if value is None:
        del st.session_state[key]
        return
    try:
        Settings.checked(**{"dataset": FIRST, name: value})
    except BuilderError as error:
        refused(now)[key] = error.sentence
        return
    keep(**{name: value}, **({"recipe_of": now.network_name} if name == "recipe" else {}))
    if name == "dataset":
        choose_dataset(now, value)


def refused(now: state.Current) -> dict[str, str]:
    """Why the last values of this project's fields were refused, by the field's key."""
    kept: dict[str, dict[str, str]] = st.session_state.setdefault(REFUSED, {})
    return kept.setdefault(now.project.id, {})


def choose_dataset(now: state.Current, name: str) -> None:
    """Take another dataset, and with it what is proposed for it."""
    keep(dataset=name, loss="", **proposals(name))
    forget_widgets(now.project.id)


def known(name: str) -> Dataset | None:
    """The dataset of this name; None for a table that was deleted since."""
    try:
        return record(name)
    except BuilderError:
        return None


def title(name: str) -> str:
    """How a dataset is listed: "Handwritten digits, 1,797 images"."""
    dataset = record(name)
    return f"{dataset.title}, {dataset.count:,} {unit(dataset)}"


UNITS = {"image": "images", "table": "rows", "points": "points", "tokens": "sequences", "sequence": "sequences"}


def unit(dataset: Dataset | None) -> str:
    """What its samples are called."""
    return UNITS.get(dataset.kind, "samples") if dataset else "samples"
