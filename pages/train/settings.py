"""Training settings (hyperparameters): kept in the project, shown by widgets that start from it and write back to it."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from builder.datasets import Dataset, record
from builder.errors import BuilderError
from builder.recipes import TRAINING_OPTIONS
from builder.runs import Settings, defaults
from builder.typed import read_number
from builder.words import told_apart
from pages.frame import state

PROPOSED = ("epochs", "learning_rate", "batch_size")  # depend on the dataset: another one brings its own
REFUSED = "_recipe_refused"  # why a field's last value was refused, by the field's key
NUMBERS = ("whole", "number")  # kinds of options that are typed
CHANGED = "train page changed"  # set where a press in the form changes what the other columns show


def settings(now: state.Current) -> Settings:
    """What the next run would train with: the person's own choices over what is proposed for the dataset and the network."""
    return defaults.chosen(dict(state.chosen("training", {})), now.work.network)


def keep(**changes: Any) -> None:
    """Remember settings in the project."""
    state.choose(training={**dict(state.chosen("training", {})), **changes})


def forget_widgets(project: str) -> None:
    """Let every widget of the form start from the project again."""
    st.session_state.pop(REFUSED, None)
    for key in [key for key in st.session_state if str(key).startswith(f"recipe {project} ")]:
        del st.session_state[key]


def field(now: state.Current, name: str, value: Any) -> str:
    """The key of a setting's widget, which shows what would be trained with; a refused value stays to be mended."""
    key = f"recipe {now.project.id} {name}"
    if key not in refused(now) or key not in st.session_state:
        state.give(key, value)
    return key


def saved(now: state.Current, name: str) -> None:
    """A widget's callback: write its value back to the project, or keep why it cannot be; an emptied field starts anew."""
    key = f"recipe {now.project.id} {name}"
    value = st.session_state[key]
    refused(now).pop(key, None)
    known_option = TRAINING_OPTIONS.get(name)
    try:
        if known_option and known_option.kind in NUMBERS:
            value = read_number(value, name, whole=known_option.kind == "whole", needed=known_option.needed)
        if value is None and known_option and known_option.default is not None:
            del st.session_state[key]
            return
        value = known_option.checked(value) if known_option else value
    except BuilderError as error:
        refused(now)[key] = error.sentence
        return
    keep(**{name: value}, **({"recipe_of": now.network_name} if name == "recipe" else {}))
    if name == "dataset":
        choose_dataset(now, value)


def refused(now: state.Current) -> dict[str, str]:
    """Validation errors: why the last values of this project's fields were refused, by the field's key."""
    kept: dict[str, dict[str, str]] = st.session_state.setdefault(REFUSED, {})
    return kept.setdefault(now.project.id, {})


def choose_dataset(now: state.Current, name: str) -> None:
    """Take another dataset, and with it what is proposed for it."""
    training = {key: value for key, value in state.chosen("training", {}).items() if key not in PROPOSED}
    state.choose(training={**training, "dataset": name, "loss": ""})
    forget_widgets(now.project.id)


def titles(names: Iterable[str]) -> dict[str, str]:
    """Datasets by name as the list shows them, each unlike every other; tables of one title are told apart by their columns."""
    records = {name: record(name) for name in names}
    columns = {name: " ".join(dataset.features) for name, dataset in records.items() if dataset.name.startswith("table:")}
    return told_apart({name: dataset.title for name, dataset in records.items()}, columns)


UNITS = {"image": "image", "table": "row", "points": "point", "tokens": "sequence", "sequence": "sequence"}


def unit(dataset: Dataset | None) -> str:
    """The noun for one of a dataset's samples; what was typed as a table has rows, whatever it is drawn as."""
    if dataset is None:
        return "sample"
    return "row" if dataset.name.startswith("table:") else UNITS.get(dataset.kind, "sample")
